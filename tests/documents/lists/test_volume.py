"""Volume keeps every promise the verbs keep."""

from datetime import timedelta

import pytest

from documents.models import ArchivalItem, Document, NumberEntry, Receipt
from documents.number import faults
from documents.volume import Scale, fill_up
from officehub.audit.record import broken
from officehub.inbox.models import WorkItem
from officehub.moves import events_of
from officehub.people.grants import explain, newest
from officehub.people.membership import groups_of
from officehub.people.models import Person
from tests.documents.course.test_course import draft

SCALE = Scale(people=30, departments=12, papers=120, years=2)


@pytest.fixture
def filled(cast, now):
    fill_up(SCALE, now)
    return cast


def test_as_much_is_made_as_was_asked_for(filled):
    assert Document.objects.count() == NumberEntry.objects.count() == 120
    assert Person.objects.filter(username__startswith="p").count() == 30
    assert set(Document.objects.values_list("state", flat=True)) == {"archived", "distributed"}


def test_numbers_are_whole_and_the_record_is_clean(filled):
    assert (list(faults()), list(broken())) == ([], [])


def test_a_second_filling_goes_on_where_the_first_ended(filled, now):
    fill_up(SCALE, now)
    assert (list(faults()), list(broken())) == ([], [])
    assert Document.objects.count() == 240


def test_every_paper_says_what_was_signed_under_its_number(filled):
    for document in Document.objects.select_related("organ", "signed_by", "number_entry__series"):
        assert document.content_hash() == document.signed_hash
        assert document.document_number == str(document.number_entry)
        assert document.created_at < document.signed_at < document.sort_at


def test_people_are_in_the_groups_their_place_gives_them(filled):
    for person in Person.objects.filter(username__startswith="p").select_related("department"):
        assert set(person.groups.values_list("pk", flat=True)) == groups_of(person)


def test_those_who_took_part_and_those_addressed_may_see_a_paper_and_say_why(filled, now):
    document = Document.objects.order_by("-pk").first()
    reader = document.receipts.order_by("pk").first().reader
    assert "分送对象" in [reason.because for reason in explain(document, reader, now)]
    for person in (document.drafter, document.signed_by, filled.clerk, filled.archivist):
        assert next(reason.because for reason in explain(document, person, now)) == "参与办理"
    assert explain(document, filled.stranger, now) == []
    assert newest(Document, filled.clerk, 1, now) == [document.pk]


def test_every_reader_has_one_errand_and_one_receipt_of_a_paper(filled):
    asked = WorkItem.objects.filter(verb="read").values_list("subject_id", "assignee_id", "done_at")
    given = Receipt.objects.values_list("document_id", "reader_id", "acknowledged_at")
    assert sorted(asked, key=lambda row: row[:2]) == sorted(given, key=lambda row: row[:2])


def test_archived_papers_are_filed_under_contiguous_codes(filled):
    places: dict[tuple, list[int]] = {}
    for item in ArchivalItem.objects.all():
        places.setdefault((item.year, item.office_code), []).append(item.item_number)
        last = events_of(item.document).order_by("-seq").first()
        assert item.manifest["events"] == {"count": last.seq, "last": last.hash}
    assert all(sorted(numbers) == [*range(1, len(numbers) + 1)] for numbers in places.values())
    assert ArchivalItem.objects.count() == Document.objects.filter(state="archived").count() > 0


def test_life_goes_on_after_a_filling(filled, now):
    document = draft(filled, now + timedelta(hours=1))
    assert document.pk == Document.objects.order_by("-pk").values_list("pk", flat=True).first()
