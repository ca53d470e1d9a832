"""A decision asks the database the same, however long the run is and however many have spoken."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from officehub.approvals import decide
from tests.approvals.conftest import open_step

MOST = 28  # statements, beside those of the transaction; four plan and cancel reminders, one asks how people are told


def statements(document, person, now) -> int:
    step, seen = open_step(document, person), document.approval_hash()
    with CaptureQueriesContext(connection) as captured:
        decide.agree(step, by=person, now=now, seen=seen)
    return sum("SAVEPOINT" not in query["sql"] for query in captured)


@pytest.mark.parametrize("length", [1, 10, 50])
def test_a_decision_that_opens_the_next_stage(cast, route, submitted, now, length):
    pair = [cast.head, cast.mayor]
    route(*({"person": pair[place % 2]} for place in range(length + 2)))
    document = submitted()
    counts = [statements(document, pair[place % 2], now) for place in range(length + 1)]
    assert counts[-1] == MOST


@pytest.mark.parametrize("departments", [2, 3])
def test_a_decision_that_asks_several(cast, other_head, route, submitted, now, departments):
    route({"person": cast.vetter}, {"person": cast.leader}, {"who": "chosen_heads", "mode": "all"})
    chosen = [cast.bureau.pk, cast.section.pk, cast.other_section.pk][:departments]
    document = submitted(chosen=chosen)
    decide.agree(open_step(document, cast.vetter), by=cast.vetter, now=now, seen=document.approval_hash())
    assert statements(document, cast.leader, now) == MOST + 2
