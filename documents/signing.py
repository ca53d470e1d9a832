"""What an approval asks of a paper and does to it: the checks of each decision, sign-off, and the way back."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from officehub.approvals.decide import DecisionRefused, NeedsReason, round_of
from officehub.approvals.models import Step, Visit
from officehub.inbox.errands import Errand, finish_verb, give
from officehub.inbox.models import WorkItem
from officehub.moves import last_deed, move
from officehub.notifications.tell import tell
from officehub.people.grants import Because, grant
from officehub.people.models import Role, role_holders
from officehub.people.models.persons import LEADING, delegation_of
from officehub.workdays.arithmetic import Unit, limit

FIVE_POINTS = {  # 条例 第二十条
    "reason": "行文理由是否充分，行文依据是否准确",
    "content": "内容是否符合法律法规和方针政策，是否完整准确体现发文意图，是否同现行有关公文相衔接，措施是否切实可行",
    "consultation": "涉及有关地区或者部门职权范围内的事项是否经过充分协商并达成一致意见",
    "form": "文种是否正确，格式是否规范；人名、地名、时间、数字、段落顺序、引文等是否准确，文字、标点等是否规范",
    "other": "其他内容是否符合公文起草的有关要求",
}


def step_limit(document) -> int:
    """Working days for one step of the office's own after sign-off; fewer when the paper is urgent."""
    usual = settings.OFFICE_STEP_LIMIT_WORKING_DAYS
    return min(usual, settings.URGENCY_LIMIT_WORKING_DAYS.get(document.urgency, usual))


def let_see(document, people) -> None:
    """Whoever takes part in a paper's course may see it from then on (经手人可见)."""
    grant(document, people, Because.PARTICIPANT)


def ask(document, verb: str, role: str, now: datetime, source: str = "", key: str = "") -> None:
    """Give the holders of a role their errand in the paper's course; whoever does it first closes it for all.

    Its key bears the round, unless another is given: a paper that comes back is asked for anew.
    """
    key = key or f"{verb}:{round_of(document)}"
    people = list(role_holders(document.organ, role))
    due = limit(now, step_limit(document), Unit.WORKING_DAYS)
    errand = Errand(verb, key, str(document), source or document.approval_source(), document.urgency, **due.fields)
    let_see(document, people)
    give(errand, document, people, now)
    tell(f"documents.{verb}_asked", document, people, now, key=key, title=str(document))


def check_decision(document, step, decision, by, extra: dict, now: datetime) -> dict:
    """Refuse what the rules forbid at this step; return what is kept of the form beside the opinion."""
    if decision != Step.State.AGREED or step.origin == Step.Origin.ADDED:
        return {}  # whoever was added says what they think; vetting and signing stay the route's own people's
    if step.stage.verb == "vet":
        seen = {"disclosure": document.content.get("disclosure", "")}  # reviewed with the rest: 办公室审查
        return {**_five_points(extra), **seen, **_four_eyes(document, step, by, extra)}
    from documents.consulting import gates  # it reads papers, whose model is not yet there when this one loads

    if step.stage.verb in gates.GATES:
        return gates.check(step, extra, now)
    if step.stage.verb == "sign_off":
        return {**_may_sign(document, step, by, extra, now), **_four_eyes(document, step, by, extra)}
    return {}


def same_hands(document, step, by) -> str:
    """Which two of 拟稿、核稿、签发 would fall to one person at this step (R30); empty when they stay apart."""
    if step.origin == Step.Origin.ADDED:
        return ""  # an opinion neither vets nor signs
    what = {"vet": "核稿人", "sign_off": "签发人"}.get(step.stage.verb)
    hands = {by.pk, step.acting_for_id or by.pk}  # whoever acts for somebody has that one's authority only
    if what and document.drafter_id in hands:
        return f"拟稿人与{what}为同一人"
    vetted = Step.objects.filter(
        run=step.run_id, stage__verb="vet", state=Step.State.AGREED, stands=True, visit__state=Visit.State.PASSED
    )
    vetted = vetted.filter(Q(approver__in=hands) | Q(acting_for__in=hands)).exclude(origin=Step.Origin.ADDED)
    if step.stage.verb == "sign_off" and vetted.exists():
        return "核稿人与签发人为同一人"
    return ""


def _four_eyes(document, step, by, extra: dict) -> dict:
    """R30: drafter ≠ vetter ≠ signer, by the office's policy; setting it aside takes a reason, which is kept."""
    what = same_hands(document, step, by) if settings.FOUR_EYES != "off" else ""
    if not what:
        return {}
    reason = str(extra.get("bypass_reason", "")).strip()[:200]
    if settings.FOUR_EYES == "block":
        raise DecisionRefused([gettext("%(what)s，须由他人办理（拟稿、核稿、签发三分离）。") % {"what": what}])
    if not reason:
        raise DecisionRefused(
            [gettext("%(what)s；确需如此的，请写明理由（拟稿、核稿、签发三分离）。") % {"what": what}]
        )
    return {"bypass": {"rule": "R30", "what": what, "reason": reason}}


def _five_points(extra: dict) -> dict:
    """R29: vetting is complete only with all five points (条例 第二十条)."""
    missing = [words for point, words in FIVE_POINTS.items() if not extra.get(point)]
    if missing:
        raise DecisionRefused(
            [gettext("核稿五项须逐项确认，尚缺：%(words)s。") % {"words": words} for words in missing]
        )
    return {"five_points": list(FIVE_POINTS)}


def _may_sign(document, step, by, extra: dict, now: datetime) -> dict:
    """R04: 重要公文和上行文由主要负责人签发 (条例 第二十二条); R48: 签发人确认公开属性."""
    sentences = []
    if document.needs_principal and not _principal(document, by, step, now):
        sentences.append("重要公文和上行文须由主要负责人签发（条例 第二十二条），请退回并改送主要负责人。")
    if not document.content.get("disclosure"):
        sentences.append("尚未确定公开属性，请退回拟稿人补充。")
    elif not extra.get("disclosure_confirmed"):
        sentences.append(f"请确认公开属性为“{document.content['disclosure']}”。")
    from documents.consulting import concerns, gates
    from documents.review import unmet  # it reads the organs, whose models are not yet there when this one loads

    sentences += gates.unmet(document) + concerns.unmet(document)
    sentences += [finding.message for finding in unmet(document, "sign", now, document.overrides)]
    if sentences:
        raise DecisionRefused(sentences)
    return {"disclosure": document.content["disclosure"]}


def _principal(document, by, step, now: datetime) -> bool:
    """The principal leader, or whoever presides in the principal leader's absence (国办函〔2009〕15号)."""
    principals = role_holders(document.organ, Role.PRINCIPAL_LEADER)
    if by in principals:
        return True
    if step.acting_for not in principals:
        return False
    delegation = delegation_of(step.acting_for, timezone.localdate(now), document.kind)
    presides = delegation is not None and delegation.presides and delegation.delegate_id == by.pk
    return presides and by.has_role(*LEADING, Role.OFFICE_DIRECTOR)  # still, on the day it is signed


def sign_off(document, run, by, now: datetime) -> None:
    """The last agreement is the sign-off: the text is fixed by its hash, and the office takes over."""
    from documents.versions.keep import keep  # it reads the models, which are not yet there when this one loads

    move(
        document,
        "sign_off",
        by=by,
        now=now,
        facts={"content_hash": document.content_hash(), "round": run.round, "revision": document.revision},
        signed_by=by,
        signed_at=now,
        signed_hash=document.content_hash(),
        corrected_hash="",
    )
    keep(document, "sign_off", by=by, now=now)
    _end_consultations(document, by, now)
    key = f"recheck:{run.round}:{run.beat}"  # signed, taken back and signed again is rechecked all the same
    ask(document, "recheck", Role.RECHECKER, now, key=key)
    tell("documents.signed", document, [document.drafter], now, key=f"signed:{run.round}", title=str(document))


def return_to_drafter(document, step, by, now: datetime) -> None:
    """审核退回 (条例 第二十一条): the drafter gets it back with the reason."""
    facts = {"reason": step.opinion, "stage": step.stage.name, "revision": document.revision}
    move(document, "return_", by=by, now=now, facts=facts)
    hand_back(document, by, step.opinion, now, key=f"revise:{step.round}:{step.pk}")


def untouched(document) -> bool:
    """Whether nobody has looked at, or gone on with, a paper since it was returned or signed."""
    last = last_deed(document)
    if last.verb not in ("return_", "sign_off") or last.facts.get("revision") != document.revision:
        return False
    asked = WorkItem.objects.of(document).filter(verb__in=("revise", "recheck"), done_at=None)
    return not asked.filter(seen_at__isnull=False).exists()


def taken_back(document, by, now: datetime) -> None:
    """The return, or the sign-off, was taken back (拿回): the paper is in approval once more."""
    move(document, "take_back", by=by, now=now, signed_by=None, signed_at=None, signed_hash="")
    for verb in ("revise", "recheck"):
        finish_verb(document, verb, "已拿回", now)


def terminate(document, by, reason: str, now: datetime) -> None:
    """终止: the paper goes no further."""
    move(document, "terminate", by=by, now=now, facts={"reason": reason})
    _end_consultations(document, by, now)
    key = f"terminated:{round_of(document)}"
    told = {"title": str(document), "who": by.name, "reason": reason}
    tell("documents.terminated", document, [document.drafter], now, key=key, **told)


def _end_consultations(document, by, now: datetime) -> None:
    from documents.consulting import rounds

    rounds.end_all(document, by=by, now=now)


def hand_back(document, by, reason: str, now: datetime, key: str) -> None:
    due = limit(now, step_limit(document), Unit.WORKING_DAYS)
    who = by.name if by else "系统"  # a silence that lets a vote fail returns the paper too
    source = f"{who}退回：{reason}"
    give(
        Errand("revise", key, str(document), source, document.urgency, **due.fields),
        document,
        [document.drafter],
        now,
    )
    tell(
        "documents.returned",
        document,
        [document.drafter],
        now,
        key=key,
        title=str(document),
        who=who,
        reason=reason,
    )


def recheck(document, *, by, now: datetime) -> None:
    """复核 (条例 第二十五条(一)): what will be numbered is what was signed, to the letter (R31)."""
    from documents.versions.lock import hold_to_signed

    with transaction.atomic():
        move(document, "recheck", by=by, now=now, facts={"content_hash": document.issued_hash})
        hold_to_signed(document)
        finish_verb(document, "recheck", "已复核", now)
        ask(document, "number", Role.RECHECKER, now)


def recheck_return(document, *, by, now: datetime, reason: str) -> None:
    """A substantive fault found on recheck: back to the drafter, and through sign-off once more."""
    if not reason.strip():
        raise NeedsReason
    move(
        document,
        "recheck_return",
        by=by,
        now=now,
        facts={"reason": reason},
        signed_by=None,
        signed_at=None,
        signed_hash="",
        corrected_hash="",
    )
    finish_verb(document, "recheck", "已退回", now)
    finish_verb(document, "number", "已退回", now)
    hand_back(document, by, reason, now, key=f"revise:recheck:{now.timestamp():.0f}")
