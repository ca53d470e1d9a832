"""鉴定 (档案法实施条例 第二十四条): what becomes of items whose period has run out: kept on, handed over, or destroyed.

Destruction is three people's concern: one proposes the register, another approves it, and who approved does not carry
it out. The record of it comes first; then the bytes go, named one by one, and nothing is ever taken along.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext

from documents.keeping.condemned import hold_fonds
from documents.keeping.emptying import empty
from documents.keeping.retention import YEARS
from documents.models import Appraisal, ArchivalItem, DestructionRegister, Retention
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import hold, record
from officehub.moves import TooLate, move
from officehub.notifications.tell import enqueue

Decision = Appraisal.Decision
MOST = 500  # items in one register: it is read through and signed


def expired(fonds: Iterable[str], day: date):
    """Kept items whose period ended before `day`, and of which nothing was decided yet."""
    items = ArchivalItem.objects.filter(fonds_number__in=list(fonds), state=ArchivalItem.State.KEPT)
    return items.filter(expires_on__lt=day).exclude(appraisals__open=True)


def to_transfer(fonds: Iterable[str], year: int, after: int):
    """Kept items that the 档案馆 should have by now: permanent ones and those of 30 years, `after` years old."""
    kept = ArchivalItem.objects.filter(fonds_number__in=list(fonds), state=ArchivalItem.State.KEPT)
    return kept.filter(year__lte=year - after, retention__in=(Retention.PERMANENT, Retention.THIRTY))


def extend(item: ArchivalItem, *, retention: str, reason: str, by, now: datetime) -> Appraisal:
    """续存: another period from where the last one ended, or for ever. The reference code stays what it is."""
    if item.expires_on is None:
        raise DecisionRefused([gettext("%(item)s永久保管，无须续存。") % {"item": item}])
    later = (
        None if retention == Retention.PERMANENT else date(item.expires_on.year + YEARS[Retention(retention)], 12, 31)
    )
    with transaction.atomic():
        hold_fonds(item.fonds_number)
        _take(item, now, expires_on=later)
        label = Retention(retention).label
        said = f"续存{label}" if later is None else f"续存{label}，至{later.year}年底"
        return _appraised(item, Decision.EXTEND, reason, said, by, now, retention=retention)


def mark_for_transfer(item: ArchivalItem, *, reason: str, by, now: datetime) -> Appraisal:
    """移交: it waits for the next package of its year."""
    with transaction.atomic():
        hold_fonds(item.fonds_number)
        _take(item, now)
        return _appraised(item, Decision.TRANSFER, reason, "移交档案馆", by, now, open=True)


def _take(item: ArchivalItem, now: datetime, **changes) -> None:
    """Hold an expired item that nothing was decided of; whoever comes too late is told."""
    held = expired([item.fonds_number], timezone.localdate(now)).filter(pk=item.pk, expires_on=item.expires_on)
    found = ArchivalItem.objects.select_for_update().filter(pk__in=held.values("pk")).first()
    if found is None:
        raise TooLate(item, "appraise")
    if changes:
        ArchivalItem.objects.filter(pk=item.pk).update(**changes)


def _appraised(item: ArchivalItem, decision: str, reason: str, said: str, by, now: datetime, **more) -> Appraisal:
    row = Appraisal.objects.create(item=item, decision=decision, reason=reason, by=by, at=now, **more)
    record(item.paper, "appraised", by=by, now=now, facts={"said": said, "reason": reason, "code": str(item)})
    return row


# --- 销毁 --------------------------------------------------------------------------------------------------------


def propose(items: list[ArchivalItem], *, reason: str, by, now: datetime) -> DestructionRegister:
    """One register for these items, whole or not at all. Refused for none, for too many to be read by who approves,
    and for items of several fonds."""
    if len({item.fonds_number for item in items}) != 1:
        raise DecisionRefused(["请勾选同一全宗的文件。"])
    if len(items) > MOST:
        raise DecisionRefused([gettext("一份清册最多列 %(most)s 件，请分批提出。") % {"most": MOST}])
    try:
        with transaction.atomic():
            hold_fonds(items[0].fonds_number)
            register = _numbered(items[0].fonds_number, reason, by, now)
            for item in items:
                _take(item, now)
                said = f"拟销毁，列入{register}清册"
                _appraised(item, Decision.DESTROY, reason, said, by, now, register=register, open=True)
            record(register, "propose", by=by, now=now, facts={"items": len(items), "reason": reason})
    except IntegrityError:
        raise DecisionRefused(["他人正在提出销毁，请刷新后再试。"]) from None
    return register


def _numbered(fonds: str, reason: str, by, now: datetime) -> DestructionRegister:
    year = timezone.localdate(now).year
    last = DestructionRegister.objects.filter(fonds_number=fonds, year=year).aggregate(last=Max("serial"))["last"]
    place = {"fonds_number": fonds, "year": year, "serial": (last or 0) + 1}
    return DestructionRegister.objects.create(**place, reason=reason, by=by, at=now)


def answer(register: DestructionRegister, *, agreed: bool, words: str, by, now: datetime) -> None:
    """审批: by another than who proposed it. What is not approved may be appraised anew."""
    if by.pk == register.by_id:
        raise DecisionRefused(["提出人不能审批自己提出的销毁，请由他人审批。"])
    if not agreed and not words.strip():
        raise DecisionRefused(["不批准的，请写明理由。"])
    with transaction.atomic():
        changes = {"approved_by": by, "approved_at": now, "answer": words}
        move(register, "approve" if agreed else "reject", by=by, now=now, facts={"answer": words}, **changes)
        if not agreed:
            register.lines.update(open=False)


def destroy(register: DestructionRegister, *, by, now: datetime) -> int:
    """销毁: carried out by one who did not approve it. The texts go with the deed, the files right after it."""
    if by.pk == register.approved_by_id:
        raise DecisionRefused(["审批人不能执行销毁，请由他人执行。"])
    with transaction.atomic():
        hold_fonds(register.fonds_number)
        move(register, "destroy", by=by, now=now, done_by=by, done_at=now)
        names = []
        for line in register.lines.select_related("item__document", "item__incoming").order_by("item_id"):
            names += _empty(line.item, register, by, now)
        DestructionRegister.objects.filter(pk=register.pk).update(to_wipe=names)
        register.lines.update(open=False)
        transaction.on_commit(partial(poke, register.pk))
    return register.lines.count()


def _empty(item: ArchivalItem, register: DestructionRegister, by, now: datetime) -> list[str]:
    """Hold its paper first, as all do; mark it, then take its texts out of the database. Returns the names of the files
    that are to go."""
    hold(item.paper)
    kept = ArchivalItem.objects.filter(pk=item.pk, state=ArchivalItem.State.KEPT)
    if not kept.update(state=ArchivalItem.State.DESTROYED):
        raise TooLate(item, "destroy")
    names = empty(item, str(register))
    facts = {"said": f"销毁清册{register}", "register": str(register), "digest": item.digest}
    record(item.paper, "destroyed", by=by, now=now, facts=facts)
    return names


def poke(pk: int) -> None:
    from documents.jobs import wipe_files  # the job calls back into this module

    enqueue(wipe_files, pk)


def waiting():
    """Registers carried out whose files are not all gone."""
    return DestructionRegister.objects.filter(state=DestructionRegister.State.DONE).exclude(to_wipe=[])


def wipe(pk: int, now: datetime) -> int:
    """Remove the files of a register that was carried out; repeated, it goes on where it was left. How many were left
    to remove."""
    register = waiting().filter(pk=pk).first()
    if register is None:
        return 0
    for name in register.to_wipe:
        default_storage.delete(name)
    with transaction.atomic():
        if DestructionRegister.objects.filter(pk=pk).exclude(to_wipe=[]).update(to_wipe=[]):
            record(register, "wiped", by=None, now=now, facts={"files": len(register.to_wipe)})
    return len(register.to_wipe)
