"""Who does whose errands while somebody is away: the delegate they named, or the B岗 of their posts.

One query while nobody of the asked is away, four at most however many are.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from officehub.people.models import Appointment, Delegation, Person


def stand_ins(people: Iterable[Person], today: date, kind: str = "") -> dict[int, Person]:
    """By a person's id, who does their errands of this kind of paper on a day; who has no stand-in is not named."""
    away = delegations_in_force([person.pk for person in people], today, kind)
    named = {pk: given.delegate for pk, given in away.items() if given.delegate and given.delegate.is_active}
    absent = [pk for pk, given in away.items() if given.delegate is None]
    return {**named, **(backups(absent, today, kind) if absent else {})}


def delegations_in_force(people: list[int], today: date, kind: str) -> dict[int, Delegation]:
    """The one delegation or absence of each of these persons that covers a kind of paper on a day."""
    given = Delegation.objects.filter(principal__in=people, since__lte=today, until__gte=today)
    rows = given.select_related("delegate__department").order_by("-pk")
    return {row.principal_id: row for row in rows if row.covers(kind)}


def backups(absent: list[int], today: date, kind: str = "") -> dict[int, Person]:
    """By the id of an absent person, who holds the B岗 of a post of theirs and is not away themself."""
    posts = _backup_posts(absent, today)
    holders = _holders({post for found in posts.values() for post in found}, today)
    away = delegations_in_force([person.pk for found in holders.values() for person in found], today, kind)
    standing: dict[int, Person] = {}
    for pk, found in posts.items():
        able = [person for post in found for person in holders[post] if person.pk != pk and person.pk not in away]
        if able:
            standing[pk] = able[0]
    return standing


def _backup_posts(people: list[int], today: date) -> dict[int, list[int]]:
    """The B岗 of the posts each person holds, first appointed first."""
    found: dict[int, list[int]] = defaultdict(list)
    held = _current(today).filter(person__in=people, post__backup__isnull=False).order_by("since", "pk")
    for pk, post in held.values_list("person", "post__backup"):
        found[pk].append(post)
    return found


def _holders(posts: set[int], today: date) -> dict[int, list[Person]]:
    found: dict[int, list[Person]] = defaultdict(list)
    held = _current(today).filter(post__in=posts, person__is_active=True).order_by("since", "pk")
    for appointment in held.select_related("person__department"):
        found[appointment.post_id].append(appointment.person)
    return found


def _current(today: date):
    return Appointment.objects.filter(Q(until__isnull=True) | Q(until__gte=today), since__lte=today)
