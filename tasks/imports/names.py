"""Units and people named in a table: matched exactly, and never guessed. What is near is only offered."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from officehub.people.models import Appointment, Department, Person, Role
from officehub.people.models.persons import addressable

QUALIFIED = re.compile(r"(?P<name>.+?)\s*[（(](?P<place>[^（）()]+)[）)]")
SEPARATORS = re.compile(r"[、，,；;\n\r]+")
OFFERED = 5
BLANK = re.compile(r"\s+")


class NotFound(Exception):
    """A name stands for nobody, or for several; the message says what to write."""


def near(name: str) -> str:
    """What two writings of one name have in common: compatible characters as one, no blanks, one kind of dot."""
    return BLANK.sub("", unicodedata.normalize("NFKC", name)).replace("•", "·").replace("・", "·").replace("．", "·")


def several(text: str) -> list[str]:
    """The names in one cell, each once, in their order."""
    return list(dict.fromkeys(part.strip() for part in SEPARATORS.split(text) if part.strip()))


@dataclass
class Named:
    """Rows of one kind by their name, each said with the place that tells it from another of the same name."""

    by_name: dict[str, list] = field(default_factory=lambda: defaultdict(list))
    by_near: dict[str, list] = field(default_factory=lambda: defaultdict(list))
    places: dict[int, set[str]] = field(default_factory=dict)
    said: dict[int, str] = field(default_factory=dict)

    def add(self, row, places: Iterable[str], said: str) -> None:
        self.by_name[row.name].append(row)
        self.by_near[near(row.name)].append(row)
        self.places[row.pk], self.said[row.pk] = {place for place in places if place}, said

    def find(self, text: str):
        """The one row of this name, or of `name（place）`. Raises NotFound."""
        text = text.strip()
        found = self.by_name.get(text, [])
        if not found and (qualified := QUALIFIED.fullmatch(text)):
            named = self.by_name.get(qualified["name"].strip(), [])
            found = [row for row in named if qualified["place"].strip() in self.places[row.pk]]
        if len(found) == 1:
            return found[0]
        if found:
            raise NotFound(
                _("“%(name)s”有 %(count)s 个：%(which)s。请按其中一种写法填写。")
                % {"name": text[:40], "count": len(found), "which": self._listed(found)}
            )
        raise NotFound(self._missing(text))

    def _missing(self, text: str) -> str:
        bare = QUALIFIED.fullmatch(text)
        like = self.by_near.get(near(bare["name"] if bare else text), [])
        if like:
            return _("没有“%(name)s”，相近的有：%(which)s。") % {"name": text[:40], "which": self._listed(like)}
        return _("没有“%(name)s”，请按模板“单位和人员”表中的名称填写。") % {"name": text[:40]}

    def _listed(self, rows: list) -> str:
        return "、".join(self.said[row.pk] for row in rows[:OFFERED])


@dataclass
class Directory:
    """Everybody and every unit a task may be given to."""

    units: Named
    people: Named
    unanswered: set[int]  # units that have neither a head nor a clerk today: nobody there could be asked


def directory(today: date) -> Directory:
    """Four queries, however long the table is."""
    units, people = Named(), Named()
    for unit in Department.objects.filter(is_active=True).select_related("organ").order_by("order", "path"):
        organ = unit.organ
        units.add(unit, (organ.name, organ.short_name), f"{unit.name}（{organ.short_name}）")
    for person in who_may_be_named():
        place = person.department
        people.add(person, (place.name if place else "",), f"{person.name}（{place.name if place else '—'}）")
    return Directory(units, people, set(units.said) - _answered(today))


def _answered(today: date) -> set[int]:
    """The units somebody answers for (`tasks.who.answer_for`, for all of them at once)."""
    held = Q(until__isnull=True) | Q(until__gte=today)
    heads = Appointment.objects.filter(held, since__lte=today, post__is_head=True, person__is_active=True)
    clerks = Person.objects.filter(is_active=True, role_holdings__role=Role.REGISTRY_CLERK)
    return {*heads.values_list("post__department", flat=True), *clerks.values_list("department", flat=True)}


def who_may_be_named() -> Iterable[Person]:
    by_place = ("department__order", "department__path", "name_key", "id")
    return addressable().select_related("department").order_by(*by_place)
