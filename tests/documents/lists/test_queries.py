"""Every list asks the database the same number of questions for one row and for three."""

import pytest
from django.urls import reverse

from documents import distribute, drafting, number, seal, sheets, signing
from documents.models import Attached, Document, Rendition, Series
from documents.receive import acknowledge
from tests.cast import person
from tests.documents.course.test_course import draft, signed

LISTS = {  # address -> (who looks, how many queries)
    "/?tab=todo": ("reader", 18),
    "/?tab=done": ("head", 16),
    "/?tab=running": ("drafter", 18),
    "/?tab=started": ("drafter", 18),
    "/papers/?tab=all": ("clerk", 14),
    "/papers/?tab=mine": ("drafter", 12),
    "/papers/register/": ("clerk", 15),
    "/search?q=供暖": ("clerk", 20),
}
READERS, DETAIL = 20, 35


def take_for_printed(document, now) -> None:
    done = {"state": "done", "pdf": "papers/printed.pdf", "sha256": "0" * 64, "measured": {"ok": True}}
    Rendition.objects.filter(document=document, state="queued").update(**done, done_at=now)


def sent(cast, now, readers=()) -> Document:
    """A paper distributed to the bureau and some people; its PDFs are taken for printed."""
    document = signed(cast, now)
    signing.recheck(document, by=cast.rechecker, now=now)
    number.number(document, series=Series.objects.get(code="海政办发"), by=cast.rechecker, now=now)
    take_for_printed(document, now)
    seal.apply_seal(document, by=cast.seal_keeper, now=now)
    take_for_printed(document, now)
    order = distribute.distribute(document, departments=[cast.bureau], people=list(readers), by=cast.clerk, now=now)
    distribute.deliver(order.pk, now)
    return document


def running(cast, now) -> Document:
    document = draft(cast, now)
    drafting.submit(document, by=cast.drafter, now=now, chosen=[cast.bureau.pk], reasons={})
    return document


@pytest.fixture(autouse=True)
def _drawn(monkeypatch):
    """The pages of a paper are drawn elsewhere; here only the database is asked."""
    monkeypatch.setattr(sheets, "_draw_once", lambda key, make: sheets.Sheets(key, 1))


@pytest.fixture
def look(client, django_assert_num_queries):
    """Open a page as somebody, who has been there before, and count."""

    def open_page(who, address: str, queries: int):
        client.force_login(who)
        client.get(address)
        with django_assert_num_queries(queries):
            response = client.get(address)
        assert response.status_code == 200
        return response

    return open_page


@pytest.mark.parametrize("address", LISTS)
def test_a_list_asks_the_same_for_one_row_and_for_three(cast, now, look, address):
    who, queries = LISTS[address]
    for count in (1, 2):  # one, and then two more
        for _ in range(count):
            sent(cast, now)
            running(cast, now)
        look(getattr(cast, who), address, queries)


def test_the_readers_of_a_paper_are_asked_for_once(cast, now, look):
    people = [person(f"reader{n}", cast.other_section, f"科员{n}", False, []) for n in range(2)]
    for document in (sent(cast, now), sent(cast, now, people)):
        acknowledge(document, cast.reader, now)
        page = look(cast.clerk, reverse("documents:readers", args=[document.pk]) + "?shown=all", READERS)
    assert len(page.context["page"].rows) == 3


def test_a_paper_with_three_attachments_and_three_silent_readers_asks_no_more(cast, now, look):
    people = [person(f"reader{n}", cast.other_section, f"科员{n}", False, []) for n in range(2)]
    one, three = sent(cast, now), sent(cast, now, people)
    for document, count in ((one, 1), (three, 3)):
        rows = [Attached(document=document, order=n, title=f"清单{n}", body="一、范围") for n in range(count)]
        Attached.objects.bulk_create(rows)
        page = look(cast.reader, reverse("documents:detail", args=[document.pk]), DETAIL)
        assert len(page.context["attached"]) == count
