"""A paper on its way along stages a test names itself."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from documents import drafting
from documents.models import Document
from officehub.approvals import decide
from officehub.approvals.invariants import violations
from officehub.approvals.models import Permit, Route, RouteVersion, Stage, Step, Visit
from officehub.inbox.models import WorkItem
from officehub.moves import move
from officehub.people.models import Role
from tests.cast import NOTICE, person


@pytest.fixture
def route(cast, now):
    """Make a route that is tried before the office's own; stages are given as fields, `who` a person by default."""

    def make(*stages, condition=()):
        kind = ContentType.objects.get_for_model(Document)
        made, _ = Route.objects.get_or_create(
            name="试用", defaults={"subject_type": kind, "condition": list(condition), "priority": 1}
        )
        version = RouteVersion.objects.create(route=made, number=made.versions.count() + 1)
        for order, fields in enumerate(stages, 1):
            row = {"name": f"第{order}关", "verb": "review", "who": "person", "permits": Permit.values, **fields}
            candidates = row.pop("candidates", [])
            Stage.objects.create(version=version, order=order, **row).candidates.set(candidates)
        RouteVersion.objects.filter(pk=version.pk).update(published_at=now)
        version.refresh_from_db()
        return version

    return make


@pytest.fixture
def submitted(cast, now):
    """A draft sent along its route by the drafter."""

    def send(document=None, chosen=(), people=None):
        document = document or drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
        move(document, "submit", by=cast.drafter, now=now)
        decide.start(document, by=cast.drafter, now=now, chosen=chosen, people=people)
        return document

    return send


@pytest.fixture
def agree(now):
    """Somebody agrees to their open step of a paper."""

    def decided(document, person, seen=None, **extra):
        step = open_step(document, person)
        decide.agree(step, by=person, now=now, seen=seen or document.approval_hash(), extra=extra)
        document.refresh_from_db()
        return step

    return decided


def open_step(document, person) -> Step:
    found = Step.objects.select_related("run__parent", "visit", "stage")
    return found.get(run__subject_id=document.pk, approver=person, state="open")


@pytest.fixture
def asked(now):
    """Whose turn it is: log-in names of the open steps."""

    def names(document):
        steps = Step.objects.filter(run__subject_id=document.pk, state="open").order_by("id")
        return list(steps.values_list("approver__username", flat=True))

    return names


@pytest.fixture
def sound(now):
    """Nothing is wrong with a paper's run."""

    def holds(document, at=None):
        assert violations(decide.run_of(document), at or now) == []

    return holds


@pytest.fixture
def say(now):
    """Somebody does something with their open step of a paper; the step they had."""

    def said(deed, document, person, at=None, **words):
        step = open_step(document, person)
        deed(step, by=person, now=at or now, seen=document.approval_hash(), **words)
        document.refresh_from_db()
        return step

    return said


def states(document) -> list[tuple[str, str]]:
    """Everybody's part so far, oldest first."""
    steps = Step.objects.filter(run__subject_id=document.pk).order_by("id")
    return list(steps.values_list("approver__username", "state"))


def visits(document) -> list[tuple[int, str]]:
    """The outer run's stages as they were visited, by their place in the route."""
    found = Visit.objects.filter(run=decide.run_of(document)).order_by("id")
    return list(found.values_list("stage__order", "state"))


def todo(person) -> list[str]:
    return list(WorkItem.objects.todo(person).order_by("id").values_list("verb", flat=True))


def rewrite(document, body: str, **facts) -> None:
    """The text as somebody has changed it; who is told of it is another matter."""
    document.content = {**document.content, "body": body}
    for name, value in facts.items():
        setattr(document, name, value)
    document.save()


@pytest.fixture
def edit(now):
    """Somebody changes the text while it is on its way."""

    def edited(document, person, body, **facts):
        with transaction.atomic():
            rewrite(document, body, **facts)
            decide.text_changed(document, by=person, now=now)
        document.refresh_from_db()

    return edited


@pytest.fixture
def second(cast):
    """A second vetter, in the drafter's department."""
    cast.people["second"] = person("second", cast.section, "核稿员乙", False, [Role.VETTER])
    return cast.second


@pytest.fixture
def other_head(cast):
    """The head of a third department, who may be asked to countersign as well."""
    cast.people["other_head"] = person("other_head", cast.other_section, "科长", True, [])
    return cast.other_head
