"""Many papers wait while a role changes hands: the request sees to the newest, the job to the rest, piece by piece."""

from datetime import timedelta

import pytest

from documents import duties, jobs
from documents.models import DisclosureRecord, Document, Rehanding
from officehub.inbox.models import WorkItem
from officehub.people.models import Role, RoleHolding
from tests.cast import person
from tests.documents.duties.test_duties import paper_in, todo


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(duties, "AT_ONCE", 2)
    monkeypatch.setattr(duties, "PIECE", 2)


@pytest.fixture
def signed_papers(cast, now) -> list[Document]:
    """Seven, newest first."""
    return [paper_in(cast, now, "signed") for _ in range(7)][::-1]


def changed(cast) -> None:
    """Another is rechecker beside the first."""
    RoleHolding.objects.create(person=cast.stranger, role=Role.RECHECKER)


def given(papers) -> list[bool]:
    return ["stranger" in todo(paper) for paper in papers]


def test_the_newest_at_once_and_the_rest_piece_by_piece(cast, now, signed_papers):
    changed(cast)
    assert given(signed_papers) == [True, True, *[False] * 5]
    assert list(duties.waiting(now).values_list("duty", flat=True)) == ["recheck"]
    assert [duties.go_on("recheck", now), given(signed_papers).count(True)] == [True, 4]
    assert [duties.go_on("recheck", now), given(signed_papers).count(True)] == [True, 6]
    assert [duties.go_on("recheck", now), given(signed_papers).count(True)] == [False, 7]
    assert not Rehanding.objects.exists()
    assert duties.go_on("recheck", now) is False
    assert duties.refresh(now) == 0


def test_the_queue_is_poked_and_the_sweep_finds_what_a_dead_worker_left(cast, now, signed_papers, monkeypatch):
    poked: list[str] = []
    monkeypatch.setattr(jobs.hand_errands_on, "delay", poked.append)
    changed(cast)
    with pytest.MonkeyPatch.context() as dying:
        dying.setattr(duties, "_give_as", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            duties.go_on("recheck", now)
    assert given(signed_papers).count(True) == 2  # the piece is whole or not at all
    assert not duties.waiting(now + timedelta(seconds=1)).exists()  # its claim stands for a while
    later = now + duties.LEASE + timedelta(seconds=1)
    assert duties.waiting(later).exists()
    while duties.go_on("recheck", later):
        pass
    assert given(signed_papers) == [True] * 7


def test_a_role_that_changes_hands_again_begins_anew(cast, now, signed_papers):
    changed(cast)
    before = Rehanding.objects.get()
    third = person("third", cast.clerk.department, "复核员乙", False, [Role.RECHECKER])
    after = Rehanding.objects.get()
    assert (after.before, after.turn > before.turn) == (before.before, True)
    while duties.go_on("recheck", now):
        pass
    assert all({"stranger", third.username} <= set(todo(paper)) for paper in signed_papers)


def test_a_worker_of_the_turn_before_moves_nothing_on(cast, now, signed_papers, monkeypatch):
    changed(cast)
    piece = duties._piece

    def overtaken(*args):
        done = piece(*args)
        Rehanding.objects.update(turn=9, claimed_at=None)
        return done

    with monkeypatch.context() as patched:
        patched.setattr(duties, "_piece", overtaken)
        where = Rehanding.objects.get().before
        assert duties.go_on("recheck", now) is True
    assert Rehanding.objects.get().before == where


def test_no_more_papers_are_read_than_a_piece_has_room_for(cast, now, signed_papers, django_assert_max_num_queries):
    RoleHolding.objects.bulk_create([RoleHolding(person=cast.stranger, role=Role.RECHECKER)])
    with django_assert_max_num_queries(60):
        assert duties.refresh(now, [Role.RECHECKER]) == 2


def test_what_was_done_meanwhile_is_asked_of_nobody(cast, now, signed_papers, monkeypatch):
    last = signed_papers[-1]
    RoleHolding.objects.bulk_create([RoleHolding(person=cast.stranger, role=Role.RECHECKER)])
    held = duties._open

    def overtaken(papers, verb):
        found = held(papers, verb)
        Document.objects.filter(pk=signed_papers[0].pk).update(state="terminated")
        return found

    monkeypatch.setattr(duties, "_open", overtaken)
    assert duties.refresh(now, [Role.RECHECKER]) == 1
    assert (todo(signed_papers[0]), todo(last)) == (["rechecker"], ["rechecker"])


def test_disclosure_officers_get_the_newest_at_once_and_the_rest_by_the_job(cast, now):
    papers = [paper_in(cast, now, "signed") for _ in range(5)][::-1]
    DisclosureRecord.objects.bulk_create(
        DisclosureRecord(
            document=paper, organ=cast.office, status="主动公开", formed_on=now.date(), confirmed_by=cast.leader,
            confirmed_at=now, publish_by=now.date(),
        )
        for paper in papers
    )  # fmt: skip
    officer = person("officer", cast.clerk.department, "公开员", False, [Role.DISCLOSURE_OFFICER])
    mine = WorkItem.objects.filter(assignee=officer, verb="disclose", done_at=None)
    assert sorted(mine.values_list("subject_id", flat=True)) == sorted(paper.pk for paper in papers[:2])
    while duties.go_on("disclose", now):
        pass
    assert mine.count() == 5


def test_an_archivist_of_today_opens_what_was_archived_before(cast, now):
    papers = [paper_in(cast, now, "archived") for _ in range(5)][::-1]
    seen = lambda who: list(Document.objects.visible_to(who, now).order_by("-pk"))  # noqa: E731
    RoleHolding.objects.create(person=cast.stranger, role=Role.ARCHIVIST)
    assert seen(cast.stranger) == papers[:2]
    while duties.go_on("keep", now):
        pass
    assert seen(cast.stranger) == papers
    assert not Rehanding.objects.exists()
    assert "stranger" not in todo(papers[0])  # seen, not asked for
    assert seen(cast.reader) == []
    RoleHolding.objects.get(person=cast.stranger).delete()
    assert seen(cast.stranger) == papers[2:]
    while duties.go_on("keep", now):
        pass
    assert seen(cast.stranger) == []
