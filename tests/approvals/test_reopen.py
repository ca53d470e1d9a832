"""A fault of substance after the last agreement: the last stage is asked again, and whoever must see the new text."""

import pytest
from django.db import transaction

from documents.models import Document
from officehub.approvals.decide import run_of
from officehub.approvals.invariants import violations
from officehub.approvals.models import Run
from officehub.approvals.reopen import reopen
from officehub.inbox.errands import close
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate
from tests.cast import NOTICE


@pytest.fixture
def agreed(cast, route, submitted, agree):
    """Agreed by a head whose opinion outlives a change, by a vetter whose does not, and by the leader."""
    route(
        {"person": cast.head, "if_changed": "keep"},
        {"person": cast.vetter, "if_changed": "reopen"},
        {"person": cast.leader, "merges": True},
    )
    document = submitted()
    for person in (cast.head, cast.vetter, cast.leader):
        agree(document, person)
    close(WorkItem.objects.of(document), "", document.created_at)
    return document


def again(document, cast, now, **changes):
    """As the deed above it does: the text and the run in one transaction."""
    with transaction.atomic():
        Document.objects.filter(pk=document.pk).update(state="in_approval", **changes)
        return reopen(document, by=cast.rechecker, now=now)


def test_a_changed_text_is_seen_by_all_who_must_and_signed_anew(cast, agreed, agree, asked, now):
    stages = again(agreed, cast, now, content={**NOTICE, "body": "改了实质内容。"})
    agreed.refresh_from_db()
    assert [stage.order for stage in stages] == [2, 3]
    assert (asked(agreed), run_of(agreed).round) == (["vetter"], 2)
    assert violations(run_of(agreed), now) == []
    agree(agreed, cast.vetter)
    assert asked(agreed) == ["leader"]
    agree(agreed, cast.leader)
    assert run_of(agreed).state == Run.State.AGREED
    assert violations(run_of(agreed), now) == []


def test_an_unchanged_text_goes_to_the_signer_alone(cast, agreed, asked, now):
    assert [stage.order for stage in again(agreed, cast, now)] == [3]
    assert asked(agreed) == ["leader"]  # whose word of before is not taken for a new one
    assert violations(run_of(agreed), now) == []


def test_only_a_run_that_has_agreed_is_reopened(cast, agreed, now):
    again(agreed, cast, now)
    with pytest.raises(TooLate):
        again(agreed, cast, now)
