"""The limits a change of the calendar moved, as they are listed: what, whose, from when to when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from officehub.notifications.tell import tell
from officehub.people.models import Person
from officehub.web import hubs
from officehub.workdays.models import MovedLimit

KEY = "moved"
PIECE = 500  # rows fetched at once
NAMED = 5  # people a line names; a paper sent to all has thousands


def COLUMNS() -> dict[str, int]:
    return {_("事项"): 14, _("件号"): 24, _("承办人"): 24, _("原时限"): 18, _("现时限"): 18, _("按推算"): 8}


@dataclass(frozen=True)
class Listed:
    """One line of the list: the limit, what it is for and whose, in words."""

    move: MovedLimit
    label: str
    names: str
    url: str = ""


def moved_rows(moves, longest: int) -> list[Listed]:
    """The first so many."""
    rows = moves.order_by("id").prefetch_related("people")[:longest]
    return [Listed(one, hubs.verb_label(one.verb), names_of(one)) for one in rows]


def my_rows(moves, longest: int) -> list[Listed]:
    """The first so many, each with where it leads to: for those whom they concern."""
    rows = moves.order_by("id").prefetch_related("subject")[:longest]
    return [Listed(one, hubs.verb_label(one.verb), "", (one.subject and hubs.door(one.subject)) or "") for one in rows]


def names_of(one: MovedLimit) -> str:
    """王芳、李强; of many the first and how many there are."""
    people = [person.name for person in one.people.all()]
    if len(people) <= NAMED:
        return _("、").join(people)
    return _("%(names)s等 %(count)s 人") % {"names": _("、").join(people[:NAMED]), "count": len(people)}


def sheet_rows(moves) -> Iterator[Iterable]:
    last = 0
    while rows := moved_rows(moves.filter(pk__gt=last), PIECE):
        last = rows[-1].move.pk
        for row in rows:
            one = row.move
            dates = (f"{timezone.localtime(at):%Y-%m-%d %H:%M}" for at in (one.was, one.became))
            yield [row.label, one.reference, row.names, *dates, _("是") if one.provisional else _("否")]


def tell_people(sender, now, **kwargs) -> None:
    """Everybody whose limits a change moved is told once, with how many they are."""
    concerned = Person.objects.filter(is_active=True, pk__in=sender.moves.values("people"))
    counts = MovedLimit.people.through.objects.filter(movedlimit__change=sender).values_list("person")
    by_person = dict(counts.annotate(count=Count("id")).order_by())
    people = list(concerned.order_by("pk"))
    for count in sorted(set(by_person.values())):
        those = [person for person in people if by_person[person.pk] == count]
        tell("calendar.moved", sender, those, now, key=KEY, count=count, source=sender.source)
