"""传阅 and 送批 (条例 第二十四条(五)): in order, at once or by levels; every station has its in and out (R47)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext

from documents.incoming.duty import REASSIGNED, ask_office, errand, hold_pk, let_see
from documents.incoming.lose_sight import lose_sight
from documents.models import Circulation, Hop, Incoming
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import record
from officehub.inbox.errands import finish, finish_verb, give, reopen
from officehub.moves import TooLate, move
from officehub.notifications.tell import tell
from officehub.people.models import Delegation, Person, Role
from officehub.people.standing_in import stand_ins
from officehub.workdays.arithmetic import Unit, limit, limit_kept

IN_ORDER, AT_ONCE, LEVELS = "in_order", "at_once", "levels"
VERB = {Circulation.Purpose.READ: "circulate", Circulation.Purpose.INSTRUCT: "instruct"}
LOOKED_AT = 500  # stations looked at together
RANKS = (Role.PRINCIPAL_LEADER, Role.LEADER_IN_CHARGE, Role.OFFICE_DIRECTOR)


def places(people: list[Person], mode: str) -> list[list[Person]]:
    """Who has the paper at once, one group after another."""
    if mode == AT_ONCE:
        return [people]
    if mode == IN_ORDER:
        return [[person] for person in people]
    ranked = [[one for one in people if _rank(one) == rank] for rank in range(len(RANKS) + 1)]
    return [group for group in ranked if group]


def _rank(person: Person) -> int:
    return next((rank for rank, role in enumerate(RANKS) if role in person.roles), len(RANKS))


def start_reading(incoming: Incoming, *, by, now: datetime, people: list[Person], mode: str, words: str = "",
                  has_request: bool = False) -> Circulation:  # fmt: skip
    """Send a paper that is only to be read round."""
    if not people:
        raise DecisionRefused(["请选择传阅范围。"])
    with transaction.atomic():
        names = [person.name for person in people]
        move(incoming, "circulate", by=by, now=now, facts={"people": names, "mode": mode, "words": words})
        finish_verb(incoming, "route", "已送传阅", now)
        asked = {"asked": words, "has_request": has_request}
        return begin(incoming, Circulation.Purpose.READ, places(people, mode), by=by, now=now, **asked)


def begin(
    incoming: Incoming, purpose: str, groups: list[list[Person]], *, by, now: datetime, asked: str, has_request: bool
) -> Circulation:
    """A new round with its stations; the first place has the paper at once. Inside the caller's transaction."""
    made = Circulation.objects.create(
        incoming=incoming, purpose=purpose, asked=asked[:500], has_request=has_request, by=by, at=now
    )
    Hop.objects.bulk_create(
        Hop(circulation=made, place=place, person=person, added_by=by)
        for place, group in enumerate(groups, 1)
        for person in group
    )
    let_see(incoming, [person for group in groups for person in group])
    go_on(made, by, now)
    return made


def hold(circulation: Circulation) -> Circulation:
    """The paper's row and the round's, locked in this order: two stations of it that end at once follow each other,
    and nobody takes the paper away meanwhile."""
    hold_pk(circulation.incoming_id)
    return Circulation.objects.select_for_update(no_key=True).get(pk=circulation.pk)


def go_on(circulation: Circulation, by, now: datetime) -> None:
    """Open the next place when nobody has the paper; end the round when no place is left."""
    hops = circulation.hops.select_related("person")
    if hops.filter(state=Hop.State.OPEN).exists():
        return
    waiting = list(hops.filter(state=Hop.State.WAITING).order_by("place", "id"))
    if not waiting:
        _end(circulation, by, now)
        return
    open_hops([hop for hop in waiting if hop.place == waiting[0].place], circulation, now)


def open_hops(hops: list[Hop], circulation: Circulation, now: datetime) -> None:
    """The paper comes in: each station is asked, or whoever stands in for its person today."""
    incoming = circulation.incoming
    due = limit(now, hop_limit(incoming), Unit.WORKING_DAYS)
    acting = stand_ins([hop.person for hop in hops], timezone.localdate(now), incoming.kind)
    for hop in hops:
        hop.asked = acting.get(hop.person_id, hop.person)
        hop.state, hop.in_at = Hop.State.OPEN, now
        vars(hop).update(due.fields)
        hop.save()
        ask_hop(hop, circulation, now)


def hop_limit(incoming: Incoming) -> int:
    """Working days a station may take; fewer when the paper is urgent."""
    usual = settings.CIRCULATION_HOP_WORKING_DAYS
    return min(usual, settings.URGENCY_LIMIT_WORKING_DAYS.get(incoming.urgency, usual))


def ask_hop(hop: Hop, circulation: Circulation, now: datetime) -> None:
    incoming, verb = circulation.incoming, VERB[Circulation.Purpose(circulation.purpose)]
    let_see(incoming, [hop.person, hop.asked])
    acting_for = hop.person if hop.asked != hop.person else None
    asked = errand(incoming, verb, f"hop:{hop.pk}", limit_kept(hop).shown)
    give(asked, incoming, [hop.asked], now, acting_for=acting_for)
    key = f"hop:{hop.pk}:{hop.asked.pk}"
    tell(f"incoming.{verb}_asked", incoming, [hop.asked], now, key=key, title=incoming.title, number=incoming.number)


def _end(circulation: Circulation, by, now: datetime) -> None:
    circulation.closed_at = now
    circulation.save()
    incoming = circulation.incoming
    name = "circulated" if circulation.purpose == Circulation.Purpose.READ else "instructed"
    event = move(incoming, name, by=by, now=now)
    ask_office(incoming, now, event.seq)


# --- at a station -------------------------------------------------------------------------------------------------


def sign(hop: Hop, *, by, now: datetime, seen: str, words: str = "") -> Hop:
    """A reader's 批注, a leader's 批示, or a circle alone, which is stored as consent where something concrete was
    asked and as read where nothing was. Signed with name and date, and never changed again.

    Raises TooLate when the station is settled already, DecisionRefused when the entry was corrected meanwhile.
    """
    with transaction.atomic():
        circulation = hold(hop.circulation)
        incoming = circulation.incoming
        if seen != incoming.entry_hash():
            raise DecisionRefused(["登记内容或附件刚刚更正过，请看过现在的内容再批。"])
        words, manner = words.strip(), _manner(circulation, words)
        facts = {"person": hop.person.name, "manner": manner, "words": words, "seen": seen}
        acting_for = hop.person if hop.person_id != by.pk else None
        name = "read" if circulation.purpose == Circulation.Purpose.READ else "instruct"
        move(incoming, name, by=by, now=now, acting_for=acting_for, facts=facts)
        _leave(hop, Hop.State.DONE, now, manner=manner, words=words, by=by, seen_hash=seen)
        go_on(circulation, by, now)
    return hop


def _manner(circulation: Circulation, words: str) -> str:
    if words.strip():
        return Hop.Manner.WRITTEN
    return Hop.Manner.CONSENT if circulation.has_request else Hop.Manner.READ


def _leave(hop: Hop, state: str, now: datetime, sources=(Hop.State.OPEN,), **changes) -> None:
    """The paper goes out of a station: a conditional update is the lock. Late → TooLate."""
    found = Hop.objects.filter(pk=hop.pk, state__in=sources)
    if not found.update(state=state, out_at=now, **changes):
        raise TooLate(hop.circulation.incoming, "read")
    hop.refresh_from_db()
    finish(hop.circulation.incoming, f"hop:{hop.pk}", hop.get_state_display(), now)


def redirect(hop: Hop, to: Person, *, by, now: datetime, words: str = "") -> None:
    """转请另一领导阅批: this station passes the paper on without deciding; the other one has it at once."""
    with transaction.atomic():
        circulation = hold(hop.circulation)
        _refuse_pending(circulation, [to])
        facts = {"person": hop.person.name, "to": to.name, "words": words}
        record(circulation.incoming, "redirect", by=by, now=now, facts=facts)
        _leave(hop, Hop.State.PASSED_ON, now, words=words.strip(), by=by)
        _add(circulation, [to], hop.place, by, now)


def add(circulation: Circulation, people: list[Person], *, by, now: datetime, reason: str, at_once: bool) -> None:
    """Further stations, at once or at the end. Raises DecisionRefused for who has it or will have it already."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        circulation = hold(circulation)
        if circulation.closed_at:
            raise TooLate(circulation.incoming, "read")
        _refuse_pending(circulation, people)
        facts = {"people": [person.name for person in people], "reason": reason.strip()}
        record(circulation.incoming, "hops_added", by=by, now=now, facts=facts)
        last = circulation.hops.aggregate(last=Max("place"))["last"] or 0
        now_at = circulation.hops.filter(state=Hop.State.OPEN).aggregate(last=Max("place"))["last"]
        _add(circulation, people, now_at if at_once else last + 1, by, now)


def _add(circulation: Circulation, people: Iterable[Person], place: int, by, now: datetime) -> None:
    hops = [Hop(circulation=circulation, place=place, person=person, added_by=by) for person in people]
    Hop.objects.bulk_create(hops)
    let_see(circulation.incoming, [hop.person for hop in hops])
    open_places = circulation.hops.filter(state=Hop.State.OPEN, place=place).exists()
    if open_places:
        open_hops(hops, circulation, now)
    else:
        go_on(circulation, by, now)


def _refuse_pending(circulation: Circulation, people: list[Person]) -> None:
    """R47: nobody is twice pending."""
    if not people:
        raise DecisionRefused(["请选择人员。"])
    pending = circulation.hops.filter(person__in=people, state__in=Hop.PENDING).select_related("person")
    if twice := [hop.person.name for hop in pending]:
        raise DecisionRefused([gettext("%(names)s正在阅或待阅，不必再送。") % {"names": "、".join(twice)}])


def set_aside(hop: Hop, *, by, now: datetime, reason: str, recalled: bool = False) -> None:
    """跳过 who cannot be reached, or 收回 what was sent to the wrong one, with the reason; then the paper goes on."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        circulation = hold(hop.circulation)
        facts = {"person": hop.person.name, "reason": reason.strip()}
        record(circulation.incoming, "hop_recalled" if recalled else "hop_skipped", by=by, now=now, facts=facts)
        state = Hop.State.RECALLED if recalled else Hop.State.SKIPPED
        _leave(hop, state, now, Hop.PENDING, reason=reason.strip()[:500], by=by)
        if recalled:
            lose_sight(hop)
        go_on(circulation, by, now)


# --- by the clock -------------------------------------------------------------------------------------------------


def overdue(now: datetime):
    """Stations over their limit that nobody was told of yet."""
    return Hop.objects.filter(state=Hop.State.OPEN, alarmed_at=None, due_at__lt=now)


def alarm(pk: int, now: datetime) -> bool:
    """Tell whoever sent the paper round that a station is overdue; once, whoever else runs this job (R47)."""
    with transaction.atomic():
        hop = Hop.objects.select_related("circulation__incoming__organ", "circulation__by", "person").get(pk=pk)
        hold(hop.circulation)
        if not overdue(now).filter(pk=pk).update(alarmed_at=now):
            return False
        incoming = hop.circulation.incoming
        facts = {"title": incoming.title, "number": incoming.number, "person": hop.person.name}
        tell("incoming.hop_overdue", incoming, [hop.circulation.by], now, key=f"overdue:{pk}", **facts)
        record(incoming, "hop_overdue", by=None, now=now, facts={"person": hop.person.name})
    return True


def reseat(now: datetime, person: Person | None = None) -> int:
    """Open stations follow delegations and absences; of one person, or of all. Returns how many moved.

    Only those of people who are away today, and those where somebody stands in, can be wrong: the others are not read.
    """
    today = timezone.localdate(now)
    away = Delegation.objects.filter(since__lte=today, until__gte=today).values("principal")
    openly = Hop.objects.filter(state=Hop.State.OPEN)
    if person:
        openly = openly.filter(Q(person=person) | Q(asked=person))
    concerned = [openly.filter(person__in=away), openly.exclude(asked=F("person"))]
    ids = sorted({pk for rows in concerned for pk in rows.values_list("pk", flat=True)})
    return sum(_reseat_some(ids[start : start + LOOKED_AT], today, now) for start in range(0, len(ids), LOOKED_AT))


def _reseat_some(ids: list[int], today: date, now: datetime) -> int:
    """Some stations; who stands in is asked once for each kind of paper among them."""
    hops = Hop.objects.filter(pk__in=ids).select_related("circulation__incoming", "person", "asked").order_by("id")
    by_kind: dict[str, list[Hop]] = defaultdict(list)
    for hop in hops:
        by_kind[hop.circulation.incoming.kind].append(hop)
    moved = 0
    for kind, some in by_kind.items():
        acting = stand_ins([hop.person for hop in some], today, kind)
        wrong = [(hop, acting.get(hop.person_id, hop.person)) for hop in some]
        moved += sum(_reseat(hop, wanted, now) for hop, wanted in wrong if wanted.pk != hop.asked_id)
    return moved


def _reseat(hop: Hop, wanted: Person, now: datetime) -> int:
    from officehub.inbox.models import WorkItem

    with transaction.atomic():
        hold(hop.circulation)
        if not Hop.objects.filter(pk=hop.pk, state=Hop.State.OPEN, asked=hop.asked).update(asked=wanted):
            return 0
        incoming = hop.circulation.incoming
        finish(incoming, f"hop:{hop.pk}", REASSIGNED, now, assignee=hop.asked)
        hop.asked = wanted
        had = WorkItem.objects.of(incoming).filter(key=f"hop:{hop.pk}", assignee=wanted)
        reopen(had, now, **limit_kept(hop).shown)
        ask_hop(hop, hop.circulation, now)
    return 1
