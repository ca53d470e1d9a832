"""The access table: lists, single objects, explanations and guardian itself answer alike."""

from datetime import timedelta
from random import Random

import pytest
from django.db import models
from guardian.shortcuts import assign_perm

from documents import drafting
from documents.models import Document, DocumentGroupGrant, DocumentUserGrant
from officehub.people.grants import Because, Place, explain, grant, lapsed, newest, resort, view_permission, visible_to
from officehub.people.membership import role_group
from officehub.people.models import Person
from tests.cast import NOTICE


def paper(cast, at, kind="通知", by=None) -> Document:
    fields = {**NOTICE, "kind": kind, "title": f"{kind}一件"}
    return drafting.create(by=by or cast.mayor, now=at, organ=cast.office, fields=fields)


@pytest.fixture
def full_house(cast, now):
    """Forty papers with rows at random: own, by department, by role; some twice, some run out, some of equal age."""
    random = Random(7)  # noqa: S311  the same rows every time
    root = cast.section.parent
    principals = [cast.drafter, cast.stranger, cast.section.group_direct, root.group_tree, role_group("vetter")]
    for _ in range(40):
        at = now - timedelta(minutes=random.randrange(15))
        document = paper(cast, at, random.choice(["通知", "函"]))
        for principal in random.sample(principals, random.randrange(4)):
            until = random.choice([None, None, now - timedelta(days=1), now + timedelta(days=1)])
            grant(document, [principal], Because.PARTICIPANT, until)
    return cast


def by_hand(person, now, kind=""):
    """The slow way: every paper, every row."""
    found = []
    for document in Document.objects.all():
        live = models.Q(until=None) | models.Q(until__gt=now)
        own = DocumentUserGrant.objects.filter(live, content_object=document, user=person)
        shared = DocumentGroupGrant.objects.filter(live, content_object=document, group__user=person)
        if (own.exists() or shared.exists()) and kind in ("", document.kind):
            found.append((document.sort_at, document.pk))
    return [pk for _, pk in sorted(found, reverse=True)]


@pytest.mark.parametrize("name", ["drafter", "stranger", "vetter", "mayor", "sys_admin"])
def test_a_list_shows_what_the_rows_say_newest_first(full_house, now, name):
    person = full_house.people[name]
    everything = by_hand(person, now)
    assert newest(Document, person, 100, now) == everything
    assert newest(Document, person, 5, now) == everything[:5]
    assert newest(Document, person, 100, now, kind="函") == by_hand(person, now, "函")


def test_a_list_is_paged_by_its_keys_without_loss_or_repeat(full_house, now):
    person, pages, before = full_house.drafter, [], None
    while page := newest(Document, person, 3, now, before=before):
        pages += page
        last = Document.objects.get(pk=page[-1])
        before = Place(last.sort_at, last.pk)
    assert pages == by_hand(person, now)


def test_lists_single_objects_and_guardian_agree(full_house, now):
    person = Person.objects.get(username="drafter")
    seen = set(newest(Document, person, 100, now))
    assert set(visible_to(Document.objects.all(), person, now).values_list("pk", flat=True)) == seen
    assert {document.pk for document in Document.objects.all() if explain(document, person, now)} == seen
    for document in Document.objects.all():  # guardian knows no `until`: a row that has run out still counts for it
        rows = explain(document, person, now) + lapsed(document, person, now)
        assert person.has_perm("documents.view_document", document) is bool(rows)


def test_a_list_costs_the_same_however_many_papers(full_house, now, django_assert_num_queries):
    newest(Document, full_house.drafter, 5, now)
    for limit in (1, 30):
        with django_assert_num_queries(2):  # groups and the rows; what kind and permission these are was read once
            view_permission(Document)
            newest(Document, full_house.drafter, limit, now)


def test_a_named_exception_says_why_and_runs_out(cast, now):
    document = paper(cast, now)
    grant(document, [cast.stranger], Because.EXCEPTION, now + timedelta(days=1))
    assert [(row.via, row.because) for row in explain(document, cast.stranger, now)] == [("本人", "专项授权")]
    later = now + timedelta(days=1)
    assert (explain(document, cast.stranger, later), newest(Document, cast.stranger, 9, later)) == ([], [])
    assert [row.because for row in lapsed(document, cast.stranger, later)] == ["专项授权"]
    assert not Document.objects.all().visible_to(cast.stranger, later).exists()


def test_the_reason_that_lasts_longer_stands(cast, now):
    document = paper(cast, now)
    soon, later = now + timedelta(days=1), now + timedelta(days=9)
    for until, kept in [(soon, soon), (later, later), (soon, later), (None, None), (soon, None)]:
        grant(document, [cast.stranger], Because.EXCEPTION if until else Because.PARTICIPANT, until)
        assert DocumentUserGrant.objects.get(content_object=document, user=cast.stranger).until == kept


def test_a_department_is_named_with_its_reach(cast, now):
    document = paper(cast, now)
    grant(document, [cast.section.group_direct, cast.section.parent.group_tree], Because.RECIPIENT)
    assert {row.via for row in explain(document, cast.drafter, now)} == {"综合科（本级）", "办公室（含下级）"}


def test_rows_made_by_guardian_itself_carry_the_columns_of_the_list(cast, now):
    document = paper(cast, now)
    assign_perm("view_document", cast.stranger, document)
    assign_perm("view_document", cast.section.group_direct, document)
    for row in (
        DocumentUserGrant.objects.get(user=cast.stranger),
        DocumentGroupGrant.objects.get(group=cast.section.group_direct),
    ):
        assert (row.sort_at, row.kind, row.because) == (document.sort_at, "通知", "exception")
    assert newest(Document, cast.stranger, 9, now) == [document.pk]


def test_when_a_paper_moves_in_the_list_its_rows_follow(cast, now):
    old, new = paper(cast, now - timedelta(days=1)), paper(cast, now)
    grant(old, [cast.stranger], Because.PARTICIPANT)
    grant(new, [cast.section.parent.group_tree], Because.PARTICIPANT)
    assert newest(Document, cast.stranger, 9, now) == [new.pk, old.pk]
    old.sort_at = now + timedelta(hours=1)
    resort(old)
    assert newest(Document, cast.stranger, 9, now) == [old.pk, new.pk]


def test_administrators_see_no_papers_by_virtue_of_their_office(full_house, now):
    for name in ("sys_admin", "security_admin", "audit_admin"):
        person = Person.objects.get(username=name)
        shown = newest(Document, person, 100, now)
        assert shown == by_hand(person, now)
        assert not person.has_perm("documents.view_document")
