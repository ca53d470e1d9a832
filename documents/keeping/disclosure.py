"""政府信息公开: a record per issued paper, the 20-working-day clock of what is to be public, and the yearly review.

What the signer confirmed belongs to the signed text: another 公开属性 before issue means a return, or a change of the
text at a stage that permits it. After issue only a review changes it, and only here.
"""

from calendar import monthrange
from datetime import date, datetime, time

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from documents.keeping.grounds import parted
from documents.models import DisclosureRecord, DisclosureReview, Document
from documents.signing import let_see
from documents.versions.lock import hold_to_signed
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.inbox.errands import Errand, finish_verb, give
from officehub.moves import TooLate
from officehub.notifications.tell import tell
from officehub.people.models import Role, role_holders
from officehub.workdays.arithmetic import add

LIMIT = 20  # working days from the paper's date, or from the change (政府信息公开条例 第二十六条)
Status = DisclosureRecord.Status
BATCH = 200


def officers(document: Document):
    return role_holders(document.organ, Role.DISCLOSURE_OFFICER)


def open_record(document: Document, now: datetime) -> DisclosureRecord:
    """In the deed that issues the paper (用印): from then on its text stands."""
    formed = timezone.localdate(document.signed_at)
    status = document.content["disclosure"]
    ground, words = parted(document.content.get("disclosure_reason", "")) if status == Status.EXEMPT else ("", "")
    kept = DisclosureRecord(
        document=document,
        organ=document.organ,
        status=status,
        ground=ground,
        reason=words[:500],
        formed_on=formed,
        confirmed_by=document.signed_by,
        confirmed_at=document.signed_at,
        review_on=_months_after(formed) if status == Status.EXEMPT else None,
    )
    _set_clock(kept, formed)
    kept.save()
    if kept.publish_by:
        _ask(kept, "disclose", f"disclose:{formed}", now)
    return kept


def _set_clock(kept: DisclosureRecord, since: date) -> None:
    due = add(since, LIMIT) if kept.status == Status.PROACTIVE else None
    kept.publish_by, kept.provisional = (due.date, due.provisional) if due else (None, False)
    kept.counted_from = since if due else None


def _months_after(day: date) -> date:
    """So many months on, on the same day or the month's last."""
    month = day.month - 1 + settings.DISCLOSURE_REVIEW_MONTHS
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _ask(kept: DisclosureRecord, verb: str, key: str, now: datetime) -> None:
    """The officers of the organ get the errand and see the paper; when there is none, the list still shows it."""
    document, people = kept.document, list(officers(kept.document))
    let_see(document, people)
    give(errand_of(kept, verb, key), document, people, now)
    tell(f"documents.{verb}_asked", document, people, now, key=key, title=str(document))


def ask_again(kept: DisclosureRecord, verb: str, now: datetime) -> None:
    """For officers who hold the role only now, where nobody had the errand."""
    day = kept.publish_by if verb == "disclose" else kept.review_on
    _ask(kept, verb, f"{verb}:again:{day}", now)


def errand_of(kept: DisclosureRecord, verb: str, key: str) -> Errand:
    day = kept.publish_by if verb == "disclose" else kept.review_on
    due = timezone.make_aware(datetime.combine(day, time(23, 59, 59))) if day else None
    provisional = kept.provisional and verb == "disclose"
    return Errand(verb, key, str(kept.document), kept.document.document_number or "", "", due, provisional)


def _change(kept: DisclosureRecord, wanted: dict, changes: dict, deed: str) -> None:
    """One conditional update; who comes too late is told so."""
    found = DisclosureRecord.objects.filter(pk=kept.pk, revision=kept.revision, **wanted)
    if not found.update(revision=kept.revision + 1, **changes):
        raise TooLate(kept.document, deed)
    kept.refresh_from_db()


def _hold_paper(kept: DisclosureRecord) -> None:
    """The paper first, as its annulment does, and then what is recorded of it."""
    Document.objects.select_for_update().values_list("pk").get(pk=kept.document_id)


def publish(kept: DisclosureRecord, *, day: date, channel: str, place: str, by, now: datetime) -> None:
    """登记公开: where and when the paper was made public (条例 第二十三条)."""
    if day > timezone.localdate(now):
        raise DecisionRefused(["公开日期不能晚于今天。"])
    if day < kept.formed_on:
        raise DecisionRefused(["公开日期不能早于成文日期。"])
    if kept.status != Status.PROACTIVE:
        raise DecisionRefused(
            [
                gettext("此件为%(status)s，不能登记主动公开；如已可公开，请先审查转为主动公开。")
                % {"status": gettext(kept.status)}
            ]
        )
    with transaction.atomic():
        _hold_paper(kept)
        wanted = {"published_on": None, "status": Status.PROACTIVE, "ended": ""}
        changes = {"published_on": day, "channel": channel, "place": place, "published_by": by}
        _change(kept, wanted, changes, "disclose")
        hold_to_signed(kept.document)
        said = f"{day.year}年{day.month}月{day.day}日，{kept.get_channel_display()}，{place}"
        record(kept.document, "disclosed", by=by, now=now, facts={"said": said, "on": day.isoformat()})
        finish_verb(kept.document, "disclose", "已公开", now)


def review(kept: DisclosureRecord, *, status: str, reason: str, by, now: datetime) -> DisclosureReview:
    """定期审查 (条例 第十八条): keep it from the public for another period, or let it be public (a clock begins), or
    on request. The decision, whatever it is, has its reason and stays on record."""
    was, today = kept.status, timezone.localdate(now)
    if was == Status.PROACTIVE:
        raise DecisionRefused(["此件已是主动公开，无须审查。"])
    if was == Status.ON_REQUEST and status == Status.EXEMPT:
        raise DecisionRefused(["依申请公开的，不能改为不予公开；申请公开时依法答复。"])
    with transaction.atomic():
        _hold_paper(kept)
        after = DisclosureRecord(status=status)
        _set_clock(after, today)
        changes = {
            "status": status,
            "publish_by": after.publish_by,
            "provisional": after.provisional,
            "counted_from": after.counted_from,
            "review_on": _months_after(today) if status == Status.EXEMPT else None,
            "review_asked": False,
        }
        _change(kept, {"status": was, "ended": ""}, changes, "disclosure_review")
        row = DisclosureReview.objects.create(record=kept, was=was, now=status, reason=reason, by=by, at=now)
        said = f"维持{status}" if was == status else f"由{was}转为{status}"
        facts = {"said": said, "reason": reason}
        record(kept.document, "disclosure_reviewed", by=by, now=now, facts=facts)
        finish_verb(kept.document, "review_disclosure", "已审查", now)
        if kept.publish_by:
            _ask(kept, "disclose", f"disclose:{today}:{row.pk}", now)
    return row


def to_ask(now: datetime):
    """Records whose review is due and nobody was asked for yet."""
    due = DisclosureRecord.objects.filter(review_on__lte=timezone.localdate(now), review_asked=False)
    return due.select_related("document__organ").order_by("review_on", "pk")


def ask_for_reviews(now: datetime) -> int:
    """Give the officers their errand for what has come due since; found again by the next sweep when this one dies."""
    asked = 0
    for kept in to_ask(now)[:BATCH]:
        with transaction.atomic():
            mine = DisclosureRecord.objects.filter(pk=kept.pk, review_asked=False, review_on=kept.review_on)
            if mine.update(review_asked=True):
                _ask(kept, "review_disclosure", f"review_disclosure:{kept.review_on}", now)
                asked += 1
    return asked


def paper_changed(document: Document, what: str, now: datetime, *, ends: bool = True) -> None:
    """The paper was 撤销, 废止 or changed (`what`), inside that deed: what is not public need not become so any more,
    and who published it hears of it, to mark it there."""
    kept = DisclosureRecord.objects.filter(document=document).select_related("document__organ").first()
    if kept is None:
        return
    if ends:
        changes = {"ended": what[:60], "review_on": None} | ({} if kept.published_on else {"publish_by": None})
        DisclosureRecord.objects.filter(pk=kept.pk).update(revision=F("revision") + 1, **changes)
        finish_verb(document, "disclose", what[:40], now)
        finish_verb(document, "review_disclosure", what[:40], now)
    if kept.published_on:
        key = f"disclosure_changed:{what[:40]}:{now.timestamp():.0f}"
        tell("documents.disclosed_changed", document, officers(document), now, key=key, title=str(document), what=what)


def paper_restored(document: Document, now: datetime) -> None:
    """An annulment recorded by mistake was undone (`paper_changed` before it): what was to be done is to be done."""
    kept = (
        DisclosureRecord.objects.filter(document=document).exclude(ended="").select_related("document__organ").first()
    )
    if kept is None:
        return
    kept.ended, today = "", timezone.localdate(now)
    if kept.status == Status.PROACTIVE and not kept.published_on:
        _set_clock(kept, kept.formed_on)
        _ask(kept, "disclose", f"disclose:restored:{now.timestamp():.0f}", now)
    if kept.status == Status.EXEMPT:
        kept.review_on, kept.review_asked = _months_after(today), False
    kept.revision += 1
    kept.save()
