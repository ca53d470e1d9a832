"""收回: whoever was sent a paper by mistake sees it no more, unless they take part in it in another way."""

from django.db.models import Q

from documents.incoming.duty import OFFICES, holders
from documents.models import Hop, Incoming
from officehub.inbox.models import WorkItem
from officehub.moves import events_of
from officehub.people.grants import Because, withdraw
from officehub.people.models import Person

LOOKING = ("open", "download")  # who only looked has not taken part


def lose_sight(hop: Hop) -> None:
    """Inside the transaction in which the station was called back."""
    incoming = hop.circulation.incoming
    people = {hop.person, hop.asked or hop.person}
    withdraw(incoming, [one for one in people if not _takes_part(incoming, one)], Because.PARTICIPANT)


def _takes_part(incoming: Incoming, person: Person) -> bool:
    theirs = Q(person=person) | Q(asked=person)
    hops = Hop.objects.filter(theirs, circulation__incoming=incoming).exclude(state=Hop.State.RECALLED)
    errands = WorkItem.objects.of(incoming).filter(assignee=person).exclude(key__startswith="hop:")
    deeds = events_of(incoming).filter(Q(actor=person) | Q(acting_for=person)).exclude(verb__in=LOOKING)
    heads = incoming.assignments.filter(department__posts__appointments__person=person, department__posts__is_head=True)
    of_the_office = any(person in holders(incoming.organ, office) for office in set(OFFICES.values()))
    return (
        person.pk == incoming.chaser_id or of_the_office or any(rows.exists() for rows in (hops, errands, deeds, heads))
    )
