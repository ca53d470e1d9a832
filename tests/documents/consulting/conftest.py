"""A draft others are asked about, and the departments that answer."""

import pytest
from django.urls import reverse

from documents import drafting
from documents.consulting import answers, rounds
from documents.models import Consulted
from tests.approvals.conftest import agree, asked, edit, route, submitted  # noqa: F401
from tests.cast import NOTICE, person


@pytest.fixture
def draft(cast, now):
    return drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)


@pytest.fixture
def bureaus(cast):
    """市财政局 with its head and clerk, and a second bureau whose head takes in its papers."""
    from tests.cast import department

    water = department(cast.government, "市水利局", code="SLJ")
    cast.people["water_head"] = person("water_head", water, "局长", True, [])
    return [cast.bureau, water]


@pytest.fixture
def sent(cast, draft, bureaus, now):
    """A round sent to both bureaus and to a unit outside."""
    return rounds.open_round(
        draft, by=cast.drafter, now=now, departments=bureaus, units=["海青供热公司"], question="请研究第一部分。"
    )


@pytest.fixture
def row(sent):
    """One row of the round, by the name of who was asked."""

    def found(name: str) -> Consulted:
        rows = Consulted.objects.select_related("department", "consultation__document", "consultation__by")
        return next(one for one in rows.filter(consultation=sent) if str(one) == name)

    return found


@pytest.fixture
def say(cast, row, now):
    """A bureau answers by its head."""

    def said(name: str, answer: str, text: str = "", at=None) -> Consulted:
        head = cast.countersigner if name == "市财政局" else cast.water_head
        answers.answer(row(name), by=head, now=at or now, said=answer, text=text)
        return row(name)

    return said


@pytest.fixture
def page(client):
    """A page as somebody sees it, as text."""

    def seen(who, name, *args, status=200, **given) -> str:
        client.force_login(who)
        answer = client.get(reverse(f"documents:{name}", args=args), given)
        assert answer.status_code == status
        return answer.content.decode()

    return seen
