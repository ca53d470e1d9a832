"""Annulling an issued paper, and correcting an annulment that was recorded by mistake. Every function is one
transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from documents.annulling.force import begins
from documents.keeping.disclosure import paper_changed, paper_restored
from documents.models import Annulment, Document, IncomingReply, NumberYear, Receipt
from documents.rules.number import NUMBER, repaired
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import record
from officehub.moves import TooLate
from officehub.notifications.tell import tell
from officehub.people.models import Organ, Person, Role, role_holders

SORT = Annulment.Sort
ISSUED = (Document.State.DISTRIBUTED, Document.State.ARCHIVED)
DECIDING = (Document.State.SEALED, *ISSUED)  # a paper that decides something has been issued itself
RECORDERS = (Role.OFFICE_DIRECTOR, Role.REGISTRY_CLERK)


@dataclass(frozen=True)
class Decision:
    """What was decided, by whom and in which paper: one of ours (`basis`), or its number and title."""

    sort: str
    decided_by: Organ
    reason: str
    basis: Document | None = None
    basis_number: str = ""
    basis_title: str = ""
    effective_from: date | None = None
    part: str = ""


def may_record(document: Document, person: Person) -> bool:
    """Whether somebody may record an annulment of this paper: who runs its office, or keeps its register."""
    held = [role for role in RECORDERS if document.state in ISSUED and person.has_role(role)]
    return any(role_holders(document.organ, role).filter(pk=person.pk).exists() for role in held)


def deciders(document: Document) -> QuerySet[Organ]:
    """Who may decide it: the issuing organ, the organs above it, and the organs of power (条例 第三十三条)."""
    above, organ = [document.organ_id], document.organ
    while organ.superior and organ.superior_id not in above:
        organ = organ.superior
        above.append(organ.pk)
    return Organ.objects.filter(Q(pk__in=above) | Q(kind=Organ.Kind.CONGRESS)).order_by("id")


def annul(document: Document, decision: Decision, *, by, now: datetime) -> Annulment:
    """Record that a paper, or a part of it, is void, and tell all who received it.

    Raises DecisionRefused with every fault of the decision, NeedsReason, or TooLate; then nothing has changed.
    """
    if not decision.reason.strip():
        raise NeedsReason
    if faults := list(_faults(document, decision)):
        raise DecisionRefused(faults)
    day = begins(document) if decision.sort == SORT.REVOKE else decision.effective_from
    with transaction.atomic():
        fresh = _held(document, "annul")
        standing = fresh.annulments.filter(undone_at=None)
        if standing.filter(Q(part="") | Q(part=decision.part)).exists():
            raise TooLate(fresh, "annul")
        annulment = Annulment.objects.create(
            document=fresh,
            sort=decision.sort,
            part=decision.part.strip(),
            effective_from=day,
            decided_by=decision.decided_by,
            basis=decision.basis,
            basis_number="" if decision.basis else decision.basis_number,
            basis_title="" if decision.basis else decision.basis_title,
            reason=decision.reason.strip(),
            by=by,
            at=now,
        )
        _settle(fresh)
        what = f"部分{annulment.get_sort_display()}" if annulment.part else f"已{annulment.get_sort_display()}"
        paper_changed(fresh, what, now, ends=not annulment.part)
        _note("annul", annulment, by, now, annulment.reason)
    return annulment


def undo(annulment: Annulment, *, by, now: datetime, reason: str) -> None:
    """更正: an annulment recorded by mistake stays on record and counts no more."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        fresh = _held(annulment.document, "annul_undone")
        undone = {"undone_by": by, "undone_at": now, "undone_reason": reason.strip()[:500]}
        if not Annulment.objects.filter(pk=annulment.pk, document=fresh, undone_at=None).update(**undone):
            raise TooLate(fresh, "annul_undone")
        annulment.refresh_from_db()
        _settle(fresh)
        if fresh.annulled not in (Document.Annulled.REVOKED, Document.Annulled.REPEALED):  # no other one stands
            paper_restored(fresh, now)
        _note("annul_undone", annulment, by, now, reason.strip())


def said(annulment: Annulment) -> str:
    """An annulment in one sentence, as it is told and kept."""
    what = f"{annulment.part}" if annulment.part else "本件"
    day = annulment.effective_from
    when = "自始无效" if annulment.sort == SORT.REVOKE else f"自{day.year}年{day.month}月{day.day}日起失效"
    return f"{annulment.decided_by.name}以{annulment.basis_said}决定{annulment.get_sort_display()}，{what}{when}"


def _faults(document: Document, decision: Decision):
    """What is wrong with a decision, in sentences (R58)."""
    first = begins(document)
    if not deciders(document).filter(pk=decision.decided_by.pk).exists():
        yield "决定机关只能是发文机关、其上级机关或者权力机关（条例 第三十三条）。"
    if decision.sort == SORT.REPEAL and (decision.effective_from is None or decision.effective_from < first):
        yield f"请写明废止的日期，不早于成文日期{first.year}年{first.month}月{first.day}日。"
    if decision.basis and decision.basis.pk == document.pk:
        yield "决定文件不能是本件自己。"
    elif decision.basis and decision.basis.state not in DECIDING:
        yield f"“{decision.basis}”还没有印发，不能作为决定文件。"
    elif not decision.basis and not (decision.basis_number and decision.basis_title):
        yield "请写明决定文件的发文字号和标题。"
    elif not decision.basis and _never_given(decision.basis_number):
        yield gettext("本系统没有印发过%(number)s，请核对决定文件的发文字号。") % {"number": decision.basis_number}


def _never_given(number: str) -> bool:
    """Whether a number of one of our own series was given neither here nor before this system."""
    if not (written := NUMBER.fullmatch(f"{repaired(number).removesuffix('号')}号")):
        return False
    serial = int(written[0].partition("〕")[2].removesuffix("号"))
    here = NumberYear.objects.filter(series__code=written["code"], year=written["year"], opening__lt=serial)
    return here.exists() and not Document.objects.filter(document_number=written[0]).exists()


def _held(document: Document, wanted: str) -> Document:
    fresh = Document.objects.select_for_update(of=("self",)).select_related("organ", "drafter", "signed_by")
    found = fresh.filter(pk=document.pk, state__in=ISSUED).first()
    if found is None:
        raise TooLate(document, wanted)
    return found


def _settle(document: Document) -> None:
    """Write on the paper how it stands by the annulments that count, so that every list can say it."""
    standing = list(document.annulments.filter(undone_at=None).order_by("id"))
    whole = next((one for one in standing if not one.part), None)
    document.annulled = whole.sort if whole else Document.Annulled.PARTLY if standing else ""
    document.annulled_from = whole.effective_from if whole else None
    Document.objects.filter(pk=document.pk).update(annulled=document.annulled, annulled_from=document.annulled_from)


def _note(verb: str, annulment: Annulment, by, now: datetime, reason: str) -> None:
    """The event, and a notice to all who received the paper, wrote it or signed it."""
    document, words = annulment.document, said(annulment)
    facts = {"id": annulment.pk, "sort": annulment.sort, "part": annulment.part, "said": words, "reason": reason}
    record(document, verb, by=by, now=now, facts={**facts, "effective_from": annulment.effective_from.isoformat()})
    received = Receipt.objects.filter(document=document, delivered_at__isnull=False).values("reader")
    told = Person.objects.filter(
        Q(pk__in=received) | Q(pk__in=[document.drafter_id, document.signed_by_id]), is_active=True
    )
    params = {"title": str(document), "number": document.document_number, "what": words, "reason": reason}
    tell(f"documents.{verb}", document, told, now, key=f"{verb}:{annulment.pk}", **params)
    if verb == "annul" and annulment.sort == SORT.REVOKE and not annulment.part:
        _tell_of_questions(annulment, now)


def _tell_of_questions(annulment: Annulment, now: datetime) -> None:
    """What the paper answered is answered no longer: who registered it and who answered see whether to answer anew."""
    answered = IncomingReply.objects.filter(document=annulment.document, stands=True)
    for reply in answered.select_related("incoming__registered_by", "by"):
        question = reply.incoming
        people = [one for one in {question.registered_by, reply.by} if one.is_active]
        told = {"title": question.title, "number": question.number, "reply": annulment.document.document_number}
        tell("incoming.reply_annulled", question, people, now, key=f"annul:{annulment.pk}", **told)
