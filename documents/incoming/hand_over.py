"""What somebody who leaves had of incoming papers goes to their receiver (R60); errands move with the inbox."""

from collections import Counter
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from documents.incoming.circulate import set_aside
from documents.incoming.duty import OFFICES, REASSIGNED, holders, let_see, role_of
from documents.models import Assignment, Hop, Incoming
from officehub.audit.record import record
from officehub.inbox.errands import close
from officehub.inbox.hand_over import HandoverRefused
from officehub.inbox.models import WorkItem
from officehub.people.models import Organ, Person, Role, role_holders

ARCHIVE = "archive"  # no office's of this room: the archivists'

OPEN_PARTS = (Assignment.State.ASKED, Assignment.State.ACCEPTED)


def hand_over(sender: Person, *, to: Person, by: Person, now: datetime, **kwargs) -> dict[str, int]:
    """Hears `handing_over`. Returns how many duties of the office moved; what was asked of the leaver in person
    stays for the inbox to move, and its station, handling or chasing becomes the receiver's."""
    _hold_papers(sender)
    duties = _pass_duties(sender, now)
    items = WorkItem.objects.todo(sender).filter(subject_type=ContentType.objects.get_for_model(Incoming))
    papers = Incoming.objects.in_bulk(set(items.values_list("subject_id", flat=True)))
    chased = Incoming.objects.filter(chaser=sender).exclude(state__in=Incoming.ENDED).in_bulk()
    for paper in {**papers, **chased}.values():
        let_see(paper, [to])
        record(paper, "hand_over", by=by, now=now, facts={"leaver": sender.name, "receiver": to.name})
    if chased:
        Incoming.objects.filter(pk__in=chased, chaser=sender).update(chaser=to)
    _pass_parts(sender, to)
    _pass_hops(sender, to, by, now)
    return dict(duties)


def _hold_papers(sender: Person) -> None:
    """The rows of every paper that something of the leaver's hangs on, locked in one order; what is read after this
    is as it stands."""
    mine = Q(person=sender) | Q(asked=sender)
    parts = Assignment.objects.filter(Q(handler=sender) | Q(by=sender), state__in=OPEN_PARTS)
    of_papers = ContentType.objects.get_for_model(Incoming)
    ids = {
        *WorkItem.objects.todo(sender).filter(subject_type=of_papers).values_list("subject_id", flat=True),
        *Incoming.objects.filter(chaser=sender).exclude(state__in=Incoming.ENDED).values_list("pk", flat=True),
        *parts.values_list("incoming", flat=True),
        *Hop.objects.filter(mine, state__in=Hop.PENDING).values_list("circulation__incoming", flat=True),
    }
    rows = Incoming.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    list(rows.values_list("pk", flat=True))


def _pass_parts(sender: Person, to: Person) -> None:
    """What the leaver handles, and what they gave others to handle, whose later limits they would decide."""
    theirs = Q(handler=sender) | Q(by=sender)
    live = Assignment.objects.filter(theirs, state__in=OPEN_PARTS)
    for part in live:
        if part.handler_id == sender.pk:
            part.handler = to
        if part.by_id == sender.pk:
            part.by = to
        part.save(update_fields=["handler", "by"])


def _pass_hops(sender: Person, to: Person, by: Person, now: datetime) -> None:
    """The leaver's stations become the receiver's; where the receiver has one of their own, the leaver's is skipped."""
    for hop in Hop.objects.filter(Q(person=sender) | Q(asked=sender), state__in=Hop.PENDING).order_by("id"):
        if hop.person_id != sender.pk:  # they stood in for somebody, who is asked again
            Hop.objects.filter(pk=hop.pk).update(asked=to)
        elif hop.circulation.hops.filter(person=to, state__in=Hop.PENDING).exists():
            reason = f"{sender.name}离岗，由{to.name}一并办理"
            set_aside(hop, by=by, now=now, reason=reason)
        else:
            Hop.objects.filter(pk=hop.pk).update(person=to, asked=to if hop.asked_id == sender.pk else hop.asked_id)


def _pass_duties(person: Person, now: datetime) -> Counter:
    """What an office's duty is, is asked of its other holders already; refused where there is none."""
    kind = ContentType.objects.get_for_model(Incoming)
    items = list(WorkItem.objects.todo(person).filter(subject_type=kind, verb__in=[*OFFICES, ARCHIVE]))
    papers = Incoming.objects.select_related("organ").in_bulk([item.subject_id for item in items])
    waiting = Counter((papers[item.subject_id].organ, item.verb) for item in items)
    lacking = [
        f"{organ.short_name}有 {count} 件收文等{_role(verb)}办理，没有别人有此角色，请先由安全管理员授予他人。"
        for (organ, verb), count in waiting.items()
        if not [one for one in _holders(organ, verb) if one.pk != person.pk]
    ]
    if lacking:
        raise HandoverRefused(lacking)
    close(WorkItem.objects.filter(pk__in=[item.pk for item in items]), REASSIGNED, now)
    return Counter(item.verb for item in items)


def _holders(organ: Organ, verb: str) -> list[Person]:
    return list(role_holders(organ, Role.ARCHIVIST)) if verb == ARCHIVE else holders(organ, OFFICES[verb])


def _role(verb: str) -> str:
    return str(Role(Role.ARCHIVIST if verb == ARCHIVE else role_of(OFFICES[verb])).label)
