"""收文登记 (条例 第二十四条(一)(二)): the next number of the register, given with the line that bears it."""

from collections.abc import Iterator
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from documents.incoming.duty import CLERK, SECRETARY, ask_office, hold, holders, let_see
from documents.incoming.halt import halt
from documents.incoming.uploads import refuse_too_many
from documents.models import Incoming, IncomingFile, IncomingYear
from documents.rules.number import repaired
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import record
from officehub.moves import TooLate, move
from officehub.people.models import Organ

TWINS_SHOWN = 5
WITHIN = 3_000  # the newest papers looked through for one of the same matter
LIKE_FROM = 8  # characters of a title's subject that make two titles alike


class Duplicate(DecisionRefused):
    """The same paper seems to be in the register already; it may be entered again with a reason."""

    def __init__(self, found: list[Incoming]):
        self.found = found
        super().__init__([f"{one.number}已登记过同一来文“{one.title}”；确需再登记的，请写明理由。" for one in found])


def register(
    *, organ: Organ, by, now: datetime, fields: dict, files: list[IncomingFile] = (), twin_reason: str = ""
) -> Incoming:
    """Enter a paper with the next number. `fields` are those of the register. Raises Duplicate when a paper of the same
    sender and number is there already and no reason is given; then no number is used. The first of the `files` is the
    paper itself, the others are its attachments."""
    fields = {**fields, "document_number": repaired(fields.get("document_number", ""))}
    with transaction.atomic():
        year, seq = _next(organ, now)  # its row is held: two clerks entering one paper follow each other
        same = twins(organ, fields["sender_name"], fields["document_number"])
        if same and not twin_reason.strip():
            raise Duplicate(same)
        incoming = Incoming.objects.create(
            organ=organ, year=year, seq=seq, registered_by=by, registered_at=now, sort_at=now,
            sender=sender_named(fields["sender_name"]), twin_reason=twin_reason.strip()[:200], **fields,
        )  # fmt: skip
        _attach(incoming, files)
        facts = {"number": incoming.number, "entry": incoming.entry(), "hash": incoming.entry_hash()}
        event = record(incoming, "register", by=by, now=now, facts={**facts, "twin_reason": incoming.twin_reason})
        let_see(incoming, [by, *holders(organ, CLERK), *holders(organ, SECRETARY)])
        ask_office(incoming, now, event.seq)
    return incoming


def _next(organ: Organ, now: datetime) -> tuple[int, int]:
    """The next number of the organ's register this year; the counter's row stays locked until the line is there."""
    year = timezone.localdate(now).year
    IncomingYear.objects.bulk_create([IncomingYear(organ=organ, year=year)], ignore_conflicts=True)
    counter = IncomingYear.objects.filter(organ=organ, year=year)
    counter.update(last=F("last") + 1)
    return year, counter.get().last


def _attach(incoming: Incoming, files) -> None:
    """The uploads become the paper's; one that was registered or thrown away meanwhile is not taken twice."""
    ids = [file.pk for file in files]
    refuse_too_many(len(ids))
    if IncomingFile.objects.filter(pk__in=ids, incoming=None).update(incoming=incoming) != len(ids):
        raise DecisionRefused(["上传的文件已被登记或删除，请重新上传。"])
    IncomingFile.objects.filter(pk__in=ids[:1]).update(is_main=True)


def sender_named(name: str) -> Organ | None:
    return Organ.objects.filter(Q(name=name) | Q(short_name=name)).order_by("id").first()


def twins(organ: Organ, sender: str, number: str, apart_from: int = 0) -> list[Incoming]:
    """Papers of the same sender and number in the register, those entered by mistake aside."""
    if not number:
        return []
    known = sender_named(sender)
    same = Q(sender=known) if known else Q(sender_name=sender)
    rows = Incoming.objects.filter(same, organ=organ, document_number=repaired(number))
    return list(rows.exclude(state=Incoming.State.VOIDED).exclude(pk=apart_from).order_by("-id")[:TWINS_SHOWN])


def alike(organ: Organ, title: str, apart_from: int = 0) -> list[Incoming]:
    """Papers whose title says the same matter: only a hint."""
    subject = title.partition("关于")[2] or title
    if len(subject) < LIKE_FROM:
        return []
    newest = Incoming.objects.filter(organ=organ).order_by("-registered_at", "-id").values("pk")[:WITHIN]
    rows = Incoming.objects.filter(pk__in=newest, title__contains=subject).exclude(state=Incoming.State.VOIDED)
    return list(rows.exclude(pk=apart_from).order_by("-id")[:TWINS_SHOWN])


def correct(incoming: Incoming, *, by, now: datetime, fields: dict, reason: str) -> dict:
    """Put the entry right; what it said before stays in the record. Returns the changes, field by field.

    Raises TooLate once the paper is filed, returned or voided.
    """
    if not reason.strip():
        raise NeedsReason
    fields = {**fields, "document_number": repaired(fields["document_number"])}
    with transaction.atomic():
        held = hold(incoming)
        if held.state in Incoming.ENDED:
            raise TooLate(held, "correct")
        before = held.entry()
        for name, value in fields.items():
            setattr(held, name, value)
        held.sender = sender_named(held.sender_name)
        after = held.entry()
        changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
        if changes:
            try:
                with transaction.atomic():
                    held.save()
            except IntegrityError:
                raise DecisionRefused(["标为紧急或重要的公文正在承办，须先明确时限和催办人，请联系分办人。"]) from None
            facts = {"changes": changes, "reason": reason.strip(), "hash": held.entry_hash()}
            record(held, "correct", by=by, now=now, facts=facts)
    return changes


def void(incoming: Incoming, *, by, now: datetime, reason: str) -> None:
    """A registration made by mistake, at whatever stage it is found: the number stays in the register, empty and
    explained. Raises TooLate once the paper is answered or its course has ended."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        held = hold(incoming)
        move(held, "void", by=by, now=now, facts={"reason": reason.strip()}, reason=reason.strip()[:500])
        halt(held, by=by, now=now, outcome="登记已作废", verb="voided", reason=reason.strip())


def faults() -> Iterator[tuple[str, int, str]]:
    """Every register and year: contiguous from 1, as many lines as counted."""
    for counter in IncomingYear.objects.select_related("organ").order_by("organ", "year"):
        rows = Incoming.objects.filter(organ=counter.organ, year=counter.year).order_by("seq")
        expected = 1
        for seq in rows.values_list("seq", flat=True).iterator():
            if seq > expected:
                yield f"{counter.organ.short_name}收", counter.year, f"缺 {expected} 至 {seq - 1} 号，没有登记。"
            expected = seq + 1
        if expected - 1 != counter.last:
            yield f"{counter.organ.short_name}收", counter.year, f"已用到 {counter.last} 号，登记到 {expected - 1} 号。"
