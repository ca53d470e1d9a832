"""复核改正: slips set right after sign-off where the substance stays; what touches it goes back to the signer.

条例 第二十五条(一): “需作实质性修改的，应当报原签批人复审”. Which of the two it is, `substance` judges against the
text that was signed, so that many small corrections never add up to one nobody signed.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Length, StrIndex

from documents.drafting import as_changed, columns_of, refuse_unfit
from documents.models import Document, Version
from documents.versions.compare import Comparison, compare
from documents.versions.freeze import frozen
from documents.versions.keep import keep, signed_version
from documents.versions.lock import hold_to_signed
from documents.versions.substance import Limits, Reason, judge, wordings
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.approvals.models import Stage
from officehub.approvals.reopen import reopen
from officehub.audit.record import record
from officehub.inbox.errands import finish_verb
from officehub.moves import TooLate, move
from officehub.notifications.tell import tell
from officehub.people.models import Department, Organ, Person

CORRECTABLE = (Document.State.SIGNED, Document.State.RECHECKED)
SHORTEST_NAME = 2  # characters; one alone is no name


@dataclass(frozen=True)
class Weighed:
    """A correction beside the signed text: what differs, and why that is substantive, if it is."""

    comparison: Comparison
    reasons: tuple[Reason, ...]


def weigh(document: Document, changes: dict) -> Weighed:
    """What a correction would change of the text that was signed. `changes` are fields of the interchange format.

    Raises `Refused` when it is no paper any more.
    """
    signed = signed_version(document)
    old = signed.content if signed else frozen(document)
    found = compare(old, frozen(as_changed(document, {**document.content, **changes}, {})))
    limits = Limits(settings.RECHECK_PARAGRAPH_CHARACTERS, settings.RECHECK_TOTAL_CHARACTERS)
    reasons = [] if found.same else judge(found, known_names(wordings(found)), limits)
    return Weighed(found, tuple(dict.fromkeys(reasons)))


def known_names(words: str) -> set[str]:
    """The names of organs, departments and people this office knows that stand in a text: no more than the text has
    room for, however large the office. The database looks for them."""
    people = Person.objects.filter(is_active=True, is_staff=False)
    asked = ((Organ.objects, "name"), (Organ.objects, "short_name"), (Department.objects, "name"), (people, "name"))
    found: set[str] = set()
    for rows, column in asked if words else ():
        there = rows.annotate(length=Length(column), at=StrIndex(Value(words), F(column)))
        found |= set(there.filter(length__gte=SHORTEST_NAME, at__gt=0).values_list(column, flat=True).distinct())
    return found


def correct(document: Document, *, by, now: datetime, changes: dict, revision: int, reason: str) -> Version:
    """Set slips right in a signed paper. Refused when the change is substantive, or when there is none.

    Raises DecisionRefused, NeedsReason, NotReady (a rule or the layout) or TooLate, and then nothing has changed.
    """
    _ready(document, changes, reason, now)
    with transaction.atomic():
        fresh = _held(document, revision)
        weighed = weigh(fresh, changes)
        if weighed.reasons:
            raise DecisionRefused([_substantive(weighed.reasons)])
        changed = _changed(fresh, changes)
        old, signed, new = fresh.issued_hash, fresh.signed_hash, changed.content_hash()
        kept = Document.objects.filter(pk=fresh.pk, state__in=CORRECTABLE, revision=revision)
        corrected = {"content": changed.content, "corrected_hash": "" if new == signed else new}
        if not kept.update(revision=F("revision") + 1, **corrected, **columns_of(changed.content)):
            raise TooLate(document, "correct")
        fresh.refresh_from_db()
        version = keep(fresh, Version.Why.CORRECTED, by=by, now=now, note=reason.strip())
        facts = {"old_hash": old, "content_hash": new, "signed_hash": signed, "reason": reason.strip()}
        record(fresh, "correct", by=by, now=now, facts={**facts, "revision": fresh.revision, "version": version.number})
        _tell("corrected", fresh, fresh.signed_by, by, reason, now)
    return version


def reapprove(document: Document, *, by, now: datetime, changes: dict, revision: int, reason: str) -> list[Stage]:
    """报原签批人复审: the changed text goes back to sign-off. Returns the stages asked again.

    Raises DecisionRefused, NeedsReason, NotReady, NobodyFound or TooLate, and then nothing has changed.
    """
    _ready(document, changes, reason, now)
    with transaction.atomic():
        fresh = _held(document, revision)
        weighed = weigh(fresh, changes)
        changed, signer = _changed(fresh, changes), fresh.signed_by
        facts = {"old_hash": fresh.issued_hash, "content_hash": changed.content_hash(), "reason": reason.strip()}
        facts["substance"] = [f"{one.where}：{one.what}" for one in weighed.reasons]
        unsigned = {"signed_by": None, "signed_at": None, "signed_hash": "", "corrected_hash": ""}
        text = {"content": changed.content, "revision": fresh.revision + 1, **columns_of(changed.content)}
        move(fresh, "reapprove", by=by, now=now, facts=facts, **text, **unsigned)
        keep(fresh, Version.Why.REAPPROVED, by=by, now=now, note=reason.strip())
        for verb in ("recheck", "number"):
            finish_verb(fresh, verb, "报签发人复审", now)
        again = reopen(fresh, by=by, now=now)
        _tell("reapprove_asked", fresh, signer, by, reason, now)
    return again


def _ready(document: Document, changes: dict, reason: str, now: datetime) -> None:
    """Checked, drawn and measured before any lock is taken; the revision then says whether this is still the text."""
    if not reason.strip():
        raise NeedsReason
    changed = _changed(document, changes)
    if changed.content == document.content:
        raise DecisionRefused(["没有改动；文稿无误的，请按“复核通过”。"])
    refuse_unfit(changed, changed.overrides, now)


def _changed(document: Document, changes: dict) -> Document:
    return as_changed(document, {**document.content, **changes}, {})


def _held(document: Document, revision: int) -> Document:
    """The paper, held and as it stands: still to be issued, with the text the rechecker began from, as signed."""
    fresh = (
        Document.objects.select_for_update().filter(pk=document.pk, state__in=CORRECTABLE, revision=revision).first()
    )
    if fresh is None:
        raise TooLate(document, "correct")
    hold_to_signed(fresh)
    return fresh


def _substantive(reasons: tuple[Reason, ...]) -> str:
    said = "；".join(f"{one.where}：{one.what}" for one in reasons)
    return f"改动属于实质性修改（{said}），须报原签批人复审（条例 第二十五条）。"


def _tell(verb: str, document: Document, signer, by, reason: str, now: datetime) -> None:
    words = {"title": str(document), "who": by.name, "reason": reason.strip()}
    key = f"{verb}:{document.revision}"
    tell(f"documents.{verb}", document, [document.drafter, signer], now, key=key, **words)
