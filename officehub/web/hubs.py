"""What each room tells the house about itself, found once at start-up.

A room has one file, `hub.py`, with one name, `hub = Hub(...)`. Nobody but this module reads it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.functional import Promise

from officehub.notifications import words

Words = str | Promise  # said in the language of whoever reads


@dataclass(frozen=True)
class MenuEntry:
    """One line of the menu. `badge` gives a number to show (None or 0 shows nothing); `roles` empty means everybody.

    `staff` True is for the administrators alone, False for everybody else (三员分立: they have no part in business).
    """

    group: Words
    label: Words
    url_name: str
    icon: str
    badge: Callable[[Any], int | None] | None = None
    roles: frozenset[str] = frozenset()
    staff: bool | None = None
    on_phone: bool = False  # also in the bar at the foot of a phone's screen (four at most)


@dataclass(frozen=True)
class Panel:
    """A card hung on an earlier page; `context(person, now)` gives its variables, or None to leave it out today.

    On the page of one thing the place is `beside.` and its label, and the context is asked for with it as well.
    """

    place: str
    template: str
    context: Callable[..., dict | None]


@dataclass(frozen=True)
class Hit:
    """One line of the search results."""

    title: str
    line: str
    url: str
    at: datetime | None = None


@dataclass(frozen=True)
class Hub:
    """Everything a room says of itself. Model labels are written `app.model`, in lower case."""

    mount: str = ""  # where its urls.py hangs, such as "papers/"
    menu: Sequence[MenuEntry] = ()
    verbs: Mapping[str, Words] = field(default_factory=dict)  # verb of a work item -> what its chip says
    sentences: Mapping[str, Words] = field(default_factory=dict)  # verb of an event or notice -> "…%(title)s…"
    deeds: Mapping[str, Words] = field(default_factory=dict)  # verb of an event of this room -> what it is called
    doors: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)  # model label -> address of one object
    panels: Sequence[Panel] = ()
    search: Callable[[Any, str, int], list[Hit]] | None = None  # (person, words, limit)
    search_label: Words = ""
    kinds: Sequence[str] = ()  # kinds of paper an errand may be about, as `approval_facts()["kind"]` says them
    holdings: Mapping[str, Words] = field(default_factory=dict)  # what is handed over besides errands -> its word
    doctor_checks: Sequence[Callable] = ()
    proofs: Sequence[Callable] = ()  # each yields a sentence for whatever was changed behind the records' back
    demo: Callable | None = None  # (office, now, scale): fills the demo office with what this room holds


@dataclass(frozen=True)
class ShownEntry:
    """A menu line as one person sees it on one page."""

    label: str
    url: str
    icon: str
    badge: int
    current: bool
    on_phone: bool


_hubs: dict[str, Hub] = {}


def discover() -> None:
    """Read every room's hub, from the ground floor up (INSTALLED_APPS lists the later rooms first)."""
    _hubs.clear()
    for config in reversed(list(apps.get_app_configs())):
        if find_spec(f"{config.name}.hub"):
            _hubs[config.name] = import_module(f"{config.name}.hub").hub
    words.register(_gather("sentences"), _gather("verbs"))


def all_hubs() -> list[Hub]:
    return list(_hubs.values())


def mounted_urls() -> list[URLPattern | URLResolver]:
    """The addresses of every room that says where it hangs."""
    return [path(hub.mount, include(f"{name}.urls")) for name, hub in _hubs.items() if hub.mount]


def menu_for(person, address: str) -> list[tuple[str, list[ShownEntry]]]:
    """The menu of a person in groups; the entry whose address is the longest beginning of `address` is current."""
    shown = [entry for hub in all_hubs() for entry in hub.menu if _is_for(entry, person)]
    addresses = [reverse(entry.url_name) for entry in shown]
    here = max((url for url in addresses if _leads_to(url, address)), key=len, default=None)
    groups: dict[str, list[ShownEntry]] = defaultdict(list)
    for entry, url in zip(shown, addresses, strict=True):
        badge = (entry.badge(person) or 0) if entry.badge else 0
        groups[str(entry.group)].append(
            ShownEntry(str(entry.label), url, entry.icon, badge, url == here, entry.on_phone)
        )
    return list(groups.items())


def _is_for(entry: MenuEntry, person) -> bool:
    if entry.staff is not None and entry.staff != person.is_staff:
        return False
    return not entry.roles or person.has_role(*entry.roles)


def _leads_to(url: str, address: str) -> bool:
    return address == url or (url != "/" and address.startswith(url.rstrip("/") + "/"))


def _gather(attribute: str) -> dict:
    return {key: value for hub in all_hubs() for key, value in getattr(hub, attribute).items()}


def verb_label(verb: str) -> str:
    """What the chip of a work item says; KeyError when no room owns the verb."""
    return str(_gather("verbs")[verb])


def verbs() -> list[tuple[str, str]]:
    """Every verb a work item may have, with what its chip says."""
    return [(verb, str(label)) for verb, label in _gather("verbs").items()]


def kinds() -> list[str]:
    """Every kind of paper an errand may be about, room by room."""
    return list(dict.fromkeys(kind for hub in all_hubs() for kind in hub.kinds))


def deeds() -> dict[str, str]:
    """Every verb of an event a room has a word for; where two rooms share one, the earlier room's."""
    return {verb: str(word) for hub in reversed(all_hubs()) for verb, word in hub.deeds.items()}


def deed_label(room: str, verb: str) -> str:
    """What an event of a room (its app's label) is called there; nothing when the room has no word for it."""
    hub = _hubs.get(room)
    return str(hub.deeds.get(verb, "")) if hub else ""


def counted_label(name: str) -> str:
    """What a hand-over counts under a name: a verb of errands, or what a room says it moves besides."""
    return str({**_gather("verbs"), **_gather("holdings")}.get(name, name))


def knows_verb(verb: str) -> bool:
    return verb in _gather("verbs")


def sentence(verb: str, params: Mapping) -> str:
    """One sentence in the reader's language for an event or notice; KeyError when no room owns the verb."""
    return str(_gather("sentences")[verb]) % params


def door(subject) -> str | None:
    """The address of an object, or None when no room has a page for its kind."""
    opens = _gather("doors").get(subject._meta.label_lower)
    return opens(subject) if opens else None


def doors_for(rows: Iterable, kind: str = "subject_type_id", key: str = "subject_id") -> dict[tuple[int, int], str]:
    """Addresses of the subjects of many rows, with one query per kind of subject: {(type id, id): url}."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        wanted[getattr(row, kind)].add(int(getattr(row, key)))
    doors, found = _gather("doors"), {}
    for type_id, ids in wanted.items():
        model = ContentType.objects.get_for_id(type_id).model_class()
        opens = doors.get(model._meta.label_lower) if model else None
        if model and opens:
            found.update({(type_id, pk): opens(subject) for pk, subject in model._base_manager.in_bulk(ids).items()})
    return found


def proofs() -> list[Callable]:
    """What every room proves of its own records besides their events."""
    return [proof for hub in all_hubs() for proof in hub.proofs]


def panels_at(place: str, person, now: datetime) -> list[tuple[str, dict]]:
    """The cards to hang on a place: (template, its variables)."""
    hung = [panel for hub in all_hubs() for panel in hub.panels if panel.place == place]
    filled = [(panel.template, panel.context(person, now)) for panel in hung]
    return [(template, context) for template, context in filled if context is not None]


def panels_beside(thing, person, now: datetime) -> list[tuple[str, dict]]:
    """The cards that later rooms hang on the page of one thing: (template, its variables)."""
    place = f"beside.{thing._meta.label_lower}"
    hung = [panel for hub in all_hubs() for panel in hub.panels if panel.place == place]
    filled = [(panel.template, panel.context(person, now, thing)) for panel in hung]
    return [(template, context) for template, context in filled if context is not None]


def search(person, words: str, limit: int) -> list[tuple[str, list[Hit]]]:
    """What every room found for these words, room by room; rooms that found nothing are left out."""
    found = [(str(hub.search_label), hub.search(person, words, limit)) for hub in all_hubs() if hub.search]
    return [(label, hits) for label, hits in found if hits]
