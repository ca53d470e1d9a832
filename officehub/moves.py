"""The one door through which a state changes: a conditional UPDATE is the lock, and the deed leaves an event.

A model that moves has `state` and `MOVES`: each move by name, with the states it starts from and the one it ends in.
"""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q

from officehub.audit.models import Event
from officehub.audit.record import record


@dataclass(frozen=True)
class Move:
    sources: tuple[str, ...]
    target: str


class TooLate(Exception):
    """Somebody was here before: the thing is no longer in a state from which this can be done."""

    def __init__(self, thing, wanted: str):
        self.thing, self.wanted = thing, wanted
        last = last_deed(thing)
        self.who = last.actor if last else None
        self.when = last.at if last else None
        state = type(thing)._base_manager.filter(pk=thing.pk).values_list("state", flat=True).first()
        self.now_stands = dict(type(thing)._meta.get_field("state").flatchoices).get(state, "已不存在")
        super().__init__(f"{thing}：不能“{wanted}”，现状为“{self.now_stands}”。")


def events_of(thing):
    """What happened to a thing."""
    return Event.objects.filter(subject_type=ContentType.objects.get_for_model(thing), subject_id=thing.pk)


def last_deed(thing) -> Event | None:
    """The last event that changed how a thing stands; looking at it or fetching a copy does not."""
    others = ("save", "amend", "correct", "annul", "annul_undone")
    deeds = Q(verb__in=[*getattr(thing, "MOVES", ()), *others]) | Q(verb__startswith="approval.")
    return events_of(thing).filter(deeds).select_related("actor").order_by("-seq").first()


def last_event(thing) -> Event | None:
    return events_of(thing).select_related("actor").order_by("-seq").first()


def move(thing, name: str, *, by, now, acting_for=None, facts: dict | None = None, **changes) -> Event:
    """Make one move in one transaction: state and `changes` by conditional UPDATE, then the event. Late → `TooLate`."""
    step: Move = thing.MOVES[name]
    with transaction.atomic():
        found = type(thing)._base_manager.filter(pk=thing.pk, state__in=step.sources)
        if not found.update(state=step.target, **changes):
            raise TooLate(thing, name)
        thing.state = step.target
        for field, value in changes.items():
            setattr(thing, field, value)
        return record(thing, name, by=by, now=now, acting_for=acting_for, facts=facts)
