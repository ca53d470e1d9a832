"""A stage of a route in the office's words: who, in which manner, by when, under which condition."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officehub.approvals.conditions import words
from officehub.approvals.models import Permit, RouteVersion, Stage
from officehub.approvals.standing import forks
from officehub.workdays.arithmetic import Unit

WHO = Stage.Who
NAMED = {  # how each way of naming people is said; what a stage does not fill is not asked for
    WHO.PERSON: "%(person)s",
    WHO.POST: "%(post)s",
    WHO.ROLE: _("本机关的%(role)s"),
    WHO.DRAFTING_ROLE: _("%(home)s的%(role)s"),
    WHO.NAMED_ROLE: _("%(department)s的%(role)s"),
    WHO.CHOSEN_ROLE: _("各会签部门的%(role)s"),
    WHO.DRAFTING_HEAD: _("%(home)s负责人"),
    WHO.NAMED_HEAD: _("%(department)s负责人"),
    WHO.CHOSEN_HEADS: _("各会签部门负责人"),
    WHO.LEADER_IN_CHARGE: _("%(home)s的分管领导"),
    WHO.NAMED_LEADER: _("%(department)s的分管领导"),
    WHO.CHOSEN_LEADERS: _("各会签部门的分管领导"),
    WHO.ANSWERS_TO: _("事项的交办人"),
}


def who(stage: Stage) -> str:
    """Whom a stage asks: 市财政局负责人; 从唐雯、何建平中选定."""
    if stage.who == WHO.SENDER:
        return gettext("拟稿人从%(candidates)s中选定") % {"candidates": gettext("、").join(_candidates(stage))}
    home = gettext("本部门") if stage.version.route.department_id else gettext("拟稿部门")
    filled = {"person": stage.person, "post": stage.post, "department": stage.department}
    role = gettext(stage.get_role_display()) if stage.role else ""
    return str(NAMED[WHO(stage.who)]) % {**filled, "role": role, "home": home}


def _candidates(stage: Stage) -> Iterable[str]:
    """The people named, and the role."""
    yield from (person.name for person in stage.candidates.all())
    if stage.role:
        yield gettext("本机关的%(role)s") % {"role": gettext(stage.get_role_display())}


def manner(stage: Stage) -> str:
    """或签：一人办理即可; with the quota and the weights where votes are counted."""
    said = gettext(stage.get_mode_display())
    if stage.mode == Stage.Mode.RATIO:
        said = f"{said} {stage.quota}%"
    if stage.mode == Stage.Mode.RATIO and stage.weights:
        votes = [gettext("%(name)s %(count)s 票") % {"name": name, "count": n} for name, n in stage.weights.items()]
        said = gettext("%(manner)s（%(votes)s，其余一票）") % {"manner": said, "votes": gettext("、").join(votes)}
    return said


def limit(stage: Stage) -> str:
    """3 个工作日; 24 小时."""
    counted = {Unit.WORKING_DAYS: "个工作日", Unit.OFFICE_HOURS: "个工作小时"}
    unit = counted.get(Unit(stage.limit_unit), stage.get_limit_unit_display())
    return f"{stage.limit_value} {gettext(unit)}"


def condition(stage: Stage) -> str:
    """When it applies, in words; empty when it always does."""
    return words(stage.condition, stage.version.route.subject_type.model_class()) if stage.condition else ""


def remarks(stage: Stage) -> list[str]:
    """What else the administrator has settled, one short sentence each."""
    dissent = gettext("有不同意见时：%(then)s") % {"then": gettext(stage.get_dissent_display())}
    said = [
        (stage.may_skip_if_nobody, gettext("无人时跳过")),
        (stage.internal, gettext("会签部门设有内部流程的，先走内部流程")),
        (stage.silence_consents, gettext("逾期视为无不同意见")),
        (stage.mode != Stage.Mode.ANY, dissent),
        (not stage.merges, gettext("与上一环节同一人也须另签")),
        (True, gettext("退回后：%(then)s") % {"then": gettext(stage.get_after_return_display())}),
        (True, gettext("文稿改动后：%(then)s") % {"then": gettext(stage.get_if_changed_display())}),
    ]
    return [sentence for holds, sentence in said if holds]


def permits(stage: Stage) -> str:
    """What may be done there beside agreeing."""
    permitted = [gettext(Permit(permit).label) for permit in Permit.values if permit in stage.permits]
    return gettext("、").join(permitted) or gettext("只能同意")


# --- a whole version ---------------------------------------------------------------------------------------------


def stages_told(version: RouteVersion) -> list[Stage]:
    """The stages of a version in order, with all that is needed to tell them."""
    related = ("person", "post__department", "department", "version__route__subject_type")
    return list(version.stages.order_by("order").select_related(*related).prefetch_related("candidates"))


class Told(NamedTuple):
    """One stage, told: everything in words."""

    number: int
    name: str
    verb: str
    who: str
    manner: str
    limit: str
    condition: str
    remarks: list[str]
    permits: str


class Branch(NamedTuple):
    """Stages one after another; with a label when others run beside them."""

    label: str
    stages: list[Told]


def told(stage: Stage, number: int) -> Told:
    said = (who(stage), manner(stage), limit(stage), condition(stage), remarks(stage), permits(stage))
    return Told(number, stage.name, stage.verb, *said)


def rows(version: RouteVersion) -> list[list[Branch]]:
    """The version as it is drawn: row by row the branches that run side by side.

    A stage of the main line is a row of one branch with one stage.
    """
    numbered = list(enumerate(stages_told(version), 1))
    fork = forks([stage for _number, stage in numbered])
    grouped = groupby(numbered, key=lambda one: fork.get(one[1].pk, -one[0]))  # outside a fork each by itself
    return [_branches(list(members)) for _key, members in grouped]


def _branches(members: list[tuple[int, Stage]]) -> list[Branch]:
    labels = dict.fromkeys(stage.branch for _number, stage in members)
    of_label = {label: [told(stage, n) for n, stage in members if stage.branch == label] for label in labels}
    return [Branch(label, stages) for label, stages in of_label.items()]


def scattered(stages: list[Stage]) -> str:
    """A branch whose stages do not stand together, by its label; empty when each does."""
    seen = [label for label, _group in groupby(stage.branch for stage in stages)]
    return next((label for label in seen if label and seen.count(label) > 1), "")
