"""Hostile texts in a real browser: no dialog opens, nothing outside is asked for, the pages stay whole."""

from django.urls import reverse
from django.utils import timezone

from documents import drafting
from tests.cast import NOTICE
from tests.documents.hostile.texts import TEXTS


def test_nothing_runs_and_nothing_is_fetched(cast, enter, live_server):
    now = timezone.now()
    made = [drafting.create(by=cast.drafter, now=now, organ=cast.office, fields={**NOTICE, "title": text[:200]})
            for text in TEXTS]  # fmt: skip
    fields = {**NOTICE, "title": TEXTS[0], "body": "\n".join(TEXTS), "remarks": TEXTS[1]}
    whole = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=fields)
    page, opened, outside = enter("drafter"), [], []
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda asked: outside.append(asked.url))
    of_one = [(door, [whole.pk]) for door in ("edit", "detail", "submit", "print_paper")]
    for door, args in (("drafts", []), ("list", []), ("new", []), *of_one, ("edit", [made[3].pk])):
        page.goto(reverse(f"documents:{door}", args=args))
        page.wait_for_load_state("networkidle")
        assert page.locator("main").count() == 1
    page.goto(reverse("documents:edit", args=[whole.pk]))
    page.fill("#id_body", "\n".join(TEXTS) + "\n再写一行")  # what is typed is checked and shown beside
    page.locator("#checked .finding").first.wait_for()
    assert (opened, [url for url in outside if not url.startswith((live_server.url, "data:"))]) == ([], [])
