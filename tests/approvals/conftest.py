"""A paper on its way along stages a test names itself."""

import pytest
from django.contrib.contenttypes.models import ContentType

from documents import drafting
from documents.models import Document
from officehub.approvals import decide
from officehub.approvals.models import Route, RouteVersion, Stage, Step
from officehub.moves import move
from tests.cast import NOTICE


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
            row = {"name": f"第{order}关", "verb": "review", "who": "person", **fields}
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
        decide.agree(step, by=person, now=now, seen=seen or document.content_hash(), extra=extra)
        document.refresh_from_db()
        return step

    return decided


def open_step(document, person) -> Step:
    return Step.objects.get(run__subject_id=document.pk, approver=person, state="open")


@pytest.fixture
def asked(now):
    """Whose turn it is: log-in names of the open steps."""

    def names(document):
        steps = Step.objects.filter(run__subject_id=document.pk, state="open").order_by("id")
        return list(steps.values_list("approver__username", flat=True))

    return names
