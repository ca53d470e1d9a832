"""Every list of papers in asks the database the same number of questions for one row and for three."""

import pytest
from django.urls import reverse

from tests.documents.lists.test_queries import look  # noqa: F401  the fixture itself

LISTS = {"documents:incoming": 17, "documents:incoming_register": 16}
DETAIL = 32


def one_of_each(steps, count: int) -> None:
    number = count * 10
    steps.registered(document_number=f"北政〔2026〕{number}号")
    steps.circulating(("mayor", "leader"), document_number=f"北政〔2026〕{number + 1}号")
    steps.handling(document_number=f"北政〔2026〕{number + 2}号")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_the_same_for_few_and_for_many(steps, cast, look, name):  # noqa: F811
    for count in (1, 2, 3):
        one_of_each(steps, count)
        look(cast.clerk, reverse(name), LISTS[name])


def test_a_page_asks_the_same_after_one_reader_and_after_three(steps, cast, look):  # noqa: F811
    incoming = steps.circulating(("mayor", "leader", "leader_in_charge", "reader"))
    address = reverse("documents:incoming_detail", args=[incoming.pk])
    for name in ("mayor", "leader", "leader_in_charge"):
        steps.sign(incoming, name, "")
        look(cast.clerk, address, DETAIL)
