"""No page uses an id twice: labels, hints and readers' voices would lead to the wrong place."""

from collections import Counter
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from documents import drafting, sheets
from tests.documents.course.test_course import draft
from tests.documents.lists.test_queries import sent


class Ids(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = Counter()

    def handle_starttag(self, tag, attrs):
        self.seen.update(value for name, value in attrs if name == "id")


def twice(client, who, address) -> list[str]:
    client.force_login(who)
    page = Ids()
    page.feed(client.get(address).content.decode())
    return [name for name, count in page.seen.items() if count > 1]


@pytest.fixture(autouse=True)
def _drawn(monkeypatch):
    monkeypatch.setattr(sheets, "_draw_once", lambda key, make: sheets.Sheets(key, 1))


@pytest.mark.parametrize("page", ["edit", "submit", "detail"])
def test_a_draft_has_every_id_once(cast, now, client, page):
    written = draft(cast, now)
    assert twice(client, cast.drafter, reverse(f"documents:{page}", args=[written.pk])) == []


def test_a_paper_to_decide_has_every_id_once(cast, now, client):
    written = draft(cast, now)
    drafting.submit(written, by=cast.drafter, now=now, chosen=[], reasons={})
    assert twice(client, cast.head, reverse("documents:detail", args=[written.pk])) == []


def test_the_register_is_whole_for_its_keepers_and_links_only_what_they_may_open(cast, now, client):
    paper = sent(cast, now)
    paper.user_grants.all().delete()
    paper.group_grants.all().delete()
    client.force_login(cast.rechecker)
    page = client.get(reverse("documents:register"))
    assert ([entry.document for entry in page.context["page"].rows], page.context["opens"]) == ([paper], set())
    client.force_login(cast.stranger)
    assert client.get(reverse("documents:register")).context["page"].rows == []
