"""The reviews that some papers need before they are signed: 合法性审核 (R50) and 公平竞争审查 (R51).

A review is a stage of the route; its conclusion is kept with the step, and holds for the very text it was given on.
Neither can be replaced by asking for opinions (国办发〔2018〕115号 二).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from officehub.approvals.decide import DecisionRefused, run_of
from officehub.approvals.models import RouteVersion, Stage, Step, Visit
from officehub.approvals.plan import NobodyFound, applying, stages_of
from officehub.workdays.arithmetic import between

Words = str | Promise


@dataclass(frozen=True)
class Gate:
    """One review: the verb of its stage, the fact of a paper that calls for it, and what its reviewer states.

    `passing` conclusions let the paper go on; the others go with a return. `clauses` are asked for with `exempt`.
    """

    verb: str
    flag: str
    rule: str
    name: Words
    papers: Words
    basis: str
    points: dict[str, Words]
    passing: dict[str, Words]
    failing: dict[str, Words]
    exempt: str = ""
    clauses: tuple[tuple[str, Words], ...] = ()

    @property
    def conclusions(self) -> dict[str, Words]:
        return {**self.passing, **self.failing}

    @property
    def is_timed(self) -> bool:
        """一般不少于5个工作日，最长不超过15个工作日 (国办发〔2018〕115号)."""
        return self.verb == "legality"


LEGALITY = Gate(
    "legality",
    "normative",
    "R50",
    _("合法性审核"),
    _("规范性文件"),
    "国办发〔2018〕115号",
    {
        "maker": _("制定主体合法，未超越制定机关法定职权"),
        "law": _("内容符合宪法、法律、法规、规章和国家政策规定"),
        "licence": _("没有违法设立行政许可、行政处罚、行政强制、行政征收、行政收费等事项"),
        "rights": _("没有无法律、法规依据减损公民、法人和其他组织合法权益或者增加其义务的情形"),
        "powers": _("没有无法律、法规依据增加本单位权力或者减少本单位法定职责的情形"),
        "procedure": _("符合规范性文件制定程序"),
    },
    {"lawful": _("合法")},
    {"amend": _("应当予以修改"), "unlawful": _("不合法")},
)
FAIR_COMPETITION = Gate(
    "fair_competition",
    "affects_business",
    "R51",
    _("公平竞争审查"),
    _("涉及经营者经济活动的文件"),
    "公平竞争审查条例（国务院令第783号）",
    {
        "entry": _("没有限制或者变相限制市场准入和退出的内容（第八条）"),
        "flow": _("没有限制商品、要素自由流动的内容（第九条）"),
        "cost": _("没有影响生产经营成本的内容（第十条）"),
        "conduct": _("没有影响生产经营行为的内容（第十一条）"),
    },
    {"conform": _("符合公平竞争审查标准"), "exempt": _("适用例外规定（第十二条）")},
    {"violate": _("不符合公平竞争审查标准")},
    exempt="exempt",
    clauses=(
        ("1", _("（一）为维护国家安全和发展利益的")),
        ("2", _("（二）为促进科学技术进步、增强国家自主创新能力的")),
        ("3", _("（三）为实现节约能源、保护环境、救灾救助等社会公共利益的")),
        ("4", _("（四）法律、行政法规规定的其他情形")),
    ),
)
GATES = {gate.verb: gate for gate in (LEGALITY, FAIR_COMPETITION)}


# --- the reviewer's decision -------------------------------------------------------------------------------------


def gate_of(step: Step) -> Gate | None:
    """The review that is made in a step; whoever was added to it only says what they think."""
    return None if step.origin == Step.Origin.ADDED else GATES.get(step.stage.verb)


def days_taken(step: Step, now: datetime) -> int:
    """Working days since the review was asked for, the day of asking not counted."""
    return between(timezone.localdate(step.visit.opened_at), timezone.localdate(now))


def is_hasty(step: Step, now: datetime) -> bool:
    gate = gate_of(step)
    return gate is not None and gate.is_timed and days_taken(step, now) < settings.LEGALITY_MIN_WORKING_DAYS


def check(step: Step, extra: dict, now: datetime) -> dict:
    """What a review keeps beside the opinion. Refused while something is missing, naming all of it."""
    gate = GATES[step.stage.verb]
    sentences = _lacking(gate, step, extra, now)
    if sentences:
        raise DecisionRefused(sentences)
    kept = {"verb": gate.verb, "conclusion": extra["conclusion"], "points": list(gate.points)}
    if extra["conclusion"] == gate.exempt:
        kept["clause"] = extra["clause"]
    if is_hasty(step, now):
        kept["haste"] = str(extra["haste"]).strip()[:200]
    return {"gate": kept}


def _lacking(gate: Gate, step: Step, extra: dict, now: datetime) -> list[str]:
    conclusion = extra.get("conclusion")
    if conclusion in gate.failing:
        return [f"结论为“{gate.failing[conclusion]}”的，请写明意见退回，不能同意。"]
    if conclusion not in gate.passing:
        return [f"请选择{gate.name}的结论。"]
    exempt = conclusion == gate.exempt
    sentences = [] if exempt else [
        f"{gate.name}各项须逐项确认，尚缺：{words}。" for point, words in gate.points.items() if not extra.get(point)
    ]  # fmt: skip
    if exempt and extra.get("clause") not in dict(gate.clauses):
        sentences.append(
            "适用例外规定的，请选择第十二条的哪一项，并在意见中写明没有对公平竞争影响更小的替代方案和实施期限。"
        )
    if is_hasty(step, now) and not str(extra.get("haste", "")).strip():
        least, taken = settings.LEGALITY_MIN_WORKING_DAYS, days_taken(step, now)
        sentences.append(
            f"合法性审核一般不少于{least}个工作日，现为第{taken}个工作日；提前审结的，请写明理由（国办发〔2018〕115号）。"
        )
    return sentences


def told(step: Step) -> list[str]:
    """What a review concluded, for the course of a paper."""
    kept = step.extra.get("gate")
    gate = GATES.get(kept["verb"]) if kept else None
    if gate is None:
        return []
    words = gettext("结论：%(conclusion)s") % {"conclusion": gate.conclusions[kept["conclusion"]]}
    clause = [str(dict(gate.clauses)[kept["clause"]])] if "clause" in kept else []
    haste = [gettext("提前审结：%(reason)s") % {"reason": kept["haste"]}] if "haste" in kept else []
    return [words, *clause, *haste]


# --- before sign-off ---------------------------------------------------------------------------------------------


def needed(document: Document) -> list[Gate]:
    return [gate for gate in GATES.values() if getattr(document, gate.flag)]


def unmet(document: Document) -> list[str]:
    """R50, R51: which reviews the text as it stands has not passed, each a sentence."""
    gates = needed(document)
    run = run_of(document) if gates else None
    if run is None:
        return [_not_passed(gate) for gate in gates]
    steps = Step.objects.filter(run=run, stage__verb__in=[gate.verb for gate in gates], state__in=Step.CONSENTS)
    said = list(steps.select_related("stage", "visit"))
    text = document.approval_hash()
    return [_not_passed(gate) for gate in gates if not _passed(gate, said, text)]


def _passed(gate: Gate, said: Iterable[Step], text: str) -> bool:
    """Whether the review stands: agreed to on this very text, with a conclusion, and with nobody against it. A consent
    carried over a return has its conclusion in the step it was carried from."""
    mine = [step for step in said if step.stage.verb == gate.verb and step.content_hash == text]
    standing = [step for step in mine if step.stands and step.visit.state == Visit.State.PASSED]
    concluded = any(step.extra.get("gate", {}).get("conclusion") in gate.passing for step in mine)
    return concluded and bool(standing) and all(step.state == Step.State.AGREED for step in standing)


def _not_passed(gate: Gate) -> str:
    return f"{gate.papers}须经{gate.name}：现文稿还没有通过，请退回{gate.name}环节办理（{gate.basis}）。"


# --- before submission -------------------------------------------------------------------------------------------


def missing(document: Document, version: RouteVersion) -> list[str]:
    """Which reviews a paper needs and its route does not have, so that nobody finds out at the end."""
    gates = needed(document)
    stages = stages_of(version.pk) if gates else []
    there = {stage.verb: stage for stage in _before_sign_off(stages, applying(stages, document))}
    return [line for gate in gates if (line := _misses(gate, there.get(gate.verb), version))]


def _misses(gate: Gate, stage: Stage | None, version: RouteVersion) -> str:
    gaps = {"papers": gate.papers, "route": version.route, "gate": gate.name, "basis": gate.basis}
    if stage is None:
        line = gettext(
            "此件是%(papers)s，“%(route)s”没有%(gate)s环节，不能签发，请系统管理员在“审批流程”中补充（%(basis)s）"
        )
        return line % gaps
    if stage.merges:  # whoever signed before would pass it unseen, and without a conclusion
        return gettext("“%(route)s”的%(gate)s环节不应免签，请系统管理员在“审批流程”中改正（%(basis)s）") % gaps
    return ""


def _before_sign_off(stages: list[Stage], applies: set[int]) -> list[Stage]:
    signing = min((stage.order for stage in stages if stage.verb == "sign_off"), default=None)
    return [one for one in stages if one.pk in applies and (signing is None or one.order < signing)]


def refuse_missing(document: Document, version: RouteVersion) -> None:
    """Raises NobodyFound, as for a stage nobody holds."""
    if lacking := missing(document, version):
        raise NobodyFound(lacking)
