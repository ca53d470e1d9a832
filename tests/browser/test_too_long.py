"""A text longer than the house takes is kept in the browser, not sent and lost."""

import pytest

from documents import drafting
from tests.cast import NOTICE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_text_of_more_than_three_megabytes_is_not_sent_and_its_field_is_named(cast, enter, now):
    paper = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    page = enter("drafter")
    page.goto(f"/papers/{paper.pk}/edit/")
    sent = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.url.endswith("/edit/") else None)
    page.evaluate("document.getElementById('id_body').value = '长'.repeat(1100000)")
    page.click("#draft .form-foot button:not([name])")
    page.wait_for_selector("#announcer.announced")
    assert "“正文”太长" in page.inner_text("#announcer")
    assert (sent, page.evaluate("document.getElementById('id_body').value.length")) == ([], 1100000)
