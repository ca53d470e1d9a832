"""What a drafter is shown before submitting: who will get the paper, in what order and by when, and what need not be
done again after a return. Nothing is written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext

from documents import drafting
from documents.consulting import concerns
from documents.models import Document
from officehub.approvals import decide
from officehub.approvals.asked import Choice
from officehub.approvals.models import Run, Stage, Step, Visit
from officehub.approvals.picture import said
from officehub.approvals.plan import NobodyFound, PlannedStage, applying, stages_of
from officehub.approvals.standing import forks
from officehub.people.models import Department, Person

SEVERAL = (Stage.Mode.ALL, Stage.Mode.RATIO, Stage.Mode.IN_ORDER)  # modes that ask more than one person


@dataclass(frozen=True)
class Place:
    """One person of a stage to come, the department they speak for, who acts for them, and what else is to be said."""

    person: Person
    department: Department | None
    acting: Person | None
    note: str = ""


@dataclass(frozen=True)
class Foreseen:
    """A stage as it will go: `sort` is ask, merged, stands or skipped; `notes` say why."""

    stage: Stage
    sort: str
    notes: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    due_at: datetime | None = None
    provisional: bool = False

    @property
    def manner(self) -> str:
        return said.manner(self.stage) if len(self.places) > 1 else ""


@dataclass(frozen=True)
class Outlook:
    """The way ahead in rows, each with its branches side by side; `back` says how a returned paper goes on."""

    rows: list[list[list[Foreseen]]]
    back: str = ""
    warnings: tuple[str, ...] = ()


def choosing(document: Document) -> list[Stage]:
    """The stages whose people the drafter chooses, as far as they apply to the paper as it is."""
    try:
        stages = stages_of(drafting.version_of(document).pk)
    except NobodyFound:  # without a route there is nobody to choose; the outlook says so
        return []
    applies = applying(stages, document)
    return [stage for stage in stages if stage.who == Stage.Who.SENDER and stage.pk in applies]


def outlook(document: Document, choice: Choice, now: datetime) -> Outlook:
    """Raises NobodyFound, whose sentences say who can mend it, and Refused while the draft is not complete."""
    planned = {one.stage.pk: one for one in drafting.simulate(document, choice, now)}
    stages, run = stages_of(drafting.version_of(document).pk), decide.run_of(document)
    stands = decide.standing_after(document, choice)
    stood = _stood(run)
    carried = _carried(document, run)
    foreseen = [
        _asked(document, planned[stage.pk], run, choice, stage.pk in stood, carried)
        if stage.pk in planned
        else _not_asked(document, stage, stood.get(stage.pk, "") if stage.pk in stands else "")
        for stage in stages
    ]
    warnings = (*_same_hands(document, planned.values()), *concerns.foreseen(document, choice.departments))
    return Outlook(_rows(stages, foreseen), _back(run, set(stood) - stands), warnings)


def _rows(stages: list[Stage], foreseen: list[Foreseen]) -> list[list[list[Foreseen]]]:
    """Stages one after another; the branches of a fork beside each other."""
    fork, rows = forks(stages), []
    for number, group in groupby(foreseen, key=lambda one: fork.get(one.stage.pk) or -one.stage.pk):
        together = list(group)
        branches = list(dict.fromkeys(one.stage.branch for one in together)) if number > 0 else [""]
        rows.append([[one for one in together if not name or one.stage.branch == name] for name in branches])
    return rows


def _stood(run: Run | None) -> dict[int, str]:
    """Which stages stand in a returned run, and as what (passed or skipped)."""
    if run is None or run.state != Run.State.RETURNED:
        return {}
    return dict(run.visits.filter(state__in=Visit.STANDING).values_list("stage_id", "state"))


def _carried(document: Document, run: Run | None) -> set[tuple[int, int]]:
    """Whose consent (stage and person asked) still holds when the paper goes straight back, as long as its text is
    the one they saw."""
    if run is None or run.state != Run.State.RETURNED or not run.carry:
        return set()
    steps = Step.objects.filter(visit__in=run.carry.values(), state=Step.State.AGREED, stands=True)
    return {(step.stage_id, step.principal_id) for step in steps.filter(content_hash=document.approval_hash())}


# --- a stage -----------------------------------------------------------------------------------------------------


def _asked(
    document: Document, one: PlannedStage, run: Run | None, choice: Choice, stood: bool, carried: set[tuple[int, int]]
) -> Foreseen:
    notes = [gettext("与上一环节同一人，免签")] if one.merged else []
    if stood and run:
        notes.append(_why_again(one.stage, Choice.of(run), choice))
    if one.stage.silence_consents:
        silent = document.approval_silence_consents()
        notes.append(gettext("逾期未复视为无不同意见") if silent else gettext("联合行文须各机关会签，逾期不视为同意"))
    places = tuple(
        Place(**line, note=gettext("文稿未改，前次意见有效") if (one.stage.pk, line["person"].pk) in carried else "")
        for line in one.lines
    )
    sort = "merged" if one.merged else "ask"
    return Foreseen(one.stage, sort, tuple(notes), places, None if one.merged else one.due_at, one.due_provisional)


def _why_again(stage: Stage, before: Choice, choice: Choice) -> str:
    departments = stage.who in Stage.BY_CHOSEN and set(before.departments) != set(choice.departments)
    if departments or set(before.at(stage)) != set(choice.at(stage)):
        return gettext("所选有变，须重新办理")
    return gettext("文稿已改，须重新办理")


def _not_asked(document: Document, stage: Stage, stands: str) -> Foreseen:
    """Nobody is asked at a stage: what was said there stands, or it is left out."""
    if stands == Visit.State.PASSED:
        keeps = stage.if_changed == Stage.IfChanged.KEEP
        note = gettext("已办，原意见继续有效") if keeps else gettext("已办，文稿未改，意见继续有效")
        return Foreseen(stage, "stands", (note,))
    if stage.pk in applying([stage], document):
        return Foreseen(stage, "skipped", (said.nobody(stage),))
    return Foreseen(stage, "skipped", (said.only_when(stage, Document),))


# --- after a return ----------------------------------------------------------------------------------------------


def _back(run: Run | None, fallen: set[int]) -> str:
    """Whether a returned paper goes straight back to whoever returned it, or step by step."""
    if run is None or run.state != Run.State.RETURNED:
        return ""
    if not run.carry:
        return gettext("这是退回件：按流程逐级重新办理。")
    gaps = {"who": _returner(run)}
    if fallen:
        return gettext("退回人要求直送：文稿或所选有变，先由下列须重新办理的环节办理，再送%(who)s。") % gaps
    return gettext("这是退回件：重新提交后直送退回人%(who)s。") % gaps


def _returner(run: Run) -> str:
    """Who returned it last, and at which stage."""
    of_it = Q(run=run) | Q(run__parent__run=run)
    back = Step.objects.filter(of_it, state__in=(Step.State.RETURNED, Step.State.DISAGREED), round=run.round)
    last = back.select_related("approver", "stage").order_by("-decided_at", "-id").first()
    return f"{last.approver.name}（{last.stage.name}）" if last else ""


# --- separate hands ----------------------------------------------------------------------------------------------


def _same_hands(document: Document, planned: Iterable[PlannedStage]) -> Iterator[str]:
    """R30: where drafter, vetter and signer would be one person, while something can still be done about it."""
    if settings.FOUR_EYES == "off":
        return
    vetting, signing = _hands(planned, "vet"), _hands(planned, "sign_off")
    drafter = {document.drafter_id: document.drafter.name}
    pairs = [
        (gettext("拟稿人与核稿人"), drafter, vetting),
        (gettext("拟稿人与签发人"), drafter, signing),
        (gettext("核稿人与签发人"), vetting, signing),
    ]
    then = gettext("不能由其办理") if settings.FOUR_EYES == "block" else gettext("办理时须写明理由")
    for what, ones, others in pairs:
        if both := "、".join(name for pk, name in ones.items() if pk in others):
            gaps = {"what": what, "who": both, "then": then}
            yield gettext("%(what)s将是同一人（%(who)s），届时%(then)s（拟稿、核稿、签发三分离）。") % gaps


def _hands(planned: Iterable[PlannedStage], verb: str) -> dict[int, str]:
    """Who is sure to act at the stages of a verb; where any one of several suffices, nobody is."""
    sure = [
        one.acting.get(person.pk, person)
        for one in planned
        if one.stage.verb == verb and (one.stage.mode in SEVERAL or len(one.asked) == 1)
        for person in one.people
    ]
    return {person.pk: person.name for person in sure}
