"""The pages: versions for those whose business the course is, a comparison one tap away, opinions beside their text."""

import pytest
from django.urls import reverse

from documents import drafting
from documents.models import Look, Version
from documents.versions import correct as correcting
from documents.views.versions import stretches
from tests.cast import NOTICE
from tests.documents.versions.test_correct import SLIP
from tests.documents.versions.test_keep import POINTS, _amendable, amend, submit  # noqa: F401  a fixture of them

NEWER = {"body": NOTICE["body"].replace("12月5日", "12月15日")}


@pytest.fixture
def amended(cast, paper, now, agree):
    submit(paper, cast, now)
    agree(paper, cast.head)
    amend(paper, cast, now, **NEWER)
    return paper


@pytest.fixture
def look(client):
    def seen(document, person, name="detail", query="", status=200) -> str:
        client.force_login(person)
        answer = client.get(reverse(f"documents:{name}", args=[document.pk]) + query)
        assert answer.status_code == status
        return answer.content.decode()

    return seen


def test_a_comparison_says_what_changed_for_eye_and_ear(cast, amended, look):
    page = look(amended, cast.drafter, "compare", "?from=1&to=2")
    assert "改 1 段。" in page
    assert '<del><span class="unseen">（删去：</span>5<span class="unseen">）</span></del>' in page
    assert '<ins><span class="unseen">（增加：</span>15<span class="unseen">）</span></ins>' in page
    assert "2 段没有改动" not in page  # two unchanged paragraphs are not folded away
    for query in ("", "?from=2&to=1"):  # the last change, unless something else is asked for; the older on the left
        assert "第1版与第2版比较" in look(amended, cast.drafter, "compare", query)
    assert "内容完全相同" in look(amended, cast.drafter, "compare", "?from=2&to=now")


@pytest.mark.parametrize("query", ["?from=9&to=1", "?from=x&to=1", "?from=1&to=signed", f"?from={10**30}&to=1"])
def test_there_is_no_page_for_a_version_there_is_not(cast, amended, look, query):
    look(amended, cast.drafter, "compare", query, status=404)


def test_whoever_was_only_sent_the_paper_sees_no_versions(cast, amended, look):
    for name in ("versions", "compare"):
        look(amended, cast.stranger, name, status=404)


def test_markup_in_a_text_stays_text(cast, paper, now, look):
    hostile = "<script>alert(1)</script>各部门要认真落实。"
    for body in (hostile, hostile.replace("认真", "<b>认真</b>")):
        paper.refresh_from_db()
        fields = {**NOTICE, "body": body}
        drafting.save(paper, by=cast.drafter, now=now, fields=fields, revision=paper.revision)
        paper.refresh_from_db()
        from documents.versions.keep import keep_by_hand

        keep_by_hand(paper, by=cast.drafter, now=now, revision=paper.revision)
    page = look(paper, cast.drafter, "compare", "?from=1&to=2")
    assert ("<script>alert" in page, "&lt;script&gt;alert" in page) == (False, True)


def test_long_unchanged_stretches_are_folded():
    from documents.interchange import parse
    from documents.versions.compare import blocks_of

    old = parse({**NOTICE, "body": "\n".join(f"第{n}项工作由某部门牵头。" for n in range(20))}).body
    new = (*old[:10], old[10].__class__("paragraph", "第10项工作由某单位牵头。"), *old[11:])
    found = stretches(blocks_of(old, new))
    assert [(one.folded, len(one.blocks)) for one in found] == [(True, 9), (False, 3), (True, 8)]
    assert [one.folded for one in stretches(blocks_of(old, new), full=True)] == [False]


def test_an_opinion_leads_to_the_text_it_was_given_on(cast, amended, look, agree):
    agree(amended, cast.vetter, **POINTS)
    agree(amended, cast.head)
    page = look(amended, cast.drafter)
    for number in (1, 2):
        assert reverse("documents:version", args=[amended.pk, number]) in page
    assert reverse("documents:compare", args=[amended.pk]) + "?from=1&amp;to=2" in page  # beside 修改文稿
    assert "2 个版本" in page


def test_a_version_is_read_as_it_stood(cast, amended, client):
    client.force_login(cast.drafter)
    first, second = (
        client.get(reverse("documents:version", args=[amended.pk, number])).content.decode() for number in (1, 2)
    )
    assert ("12月5日" in first, "12月15日" in first, "12月15日" in second) == (True, False, True)
    assert "与第2版比较" in first
    assert client.get(reverse("documents:version", args=[amended.pk, 3])).status_code == 404


CHANGED = "自您上次看过以来有改动"


def test_whoever_saw_an_earlier_text_is_told_it_changed(cast, paper, now, look, agree, client):
    submit(paper, cast, now)
    assert CHANGED not in look(paper, cast.head)
    agree(paper, cast.head)
    amend(paper, cast, now, **NEWER)
    agree(paper, cast.vetter, **POINTS)
    page = look(paper, cast.head)
    assert (CHANGED in page, "您看过第1版，现为第2版。" in page) == (True, True)
    assert reverse("documents:compare", args=[paper.pk]) + "?from=1&amp;to=2" in page
    assert CHANGED in look(paper, cast.head)  # until it is dealt with, also when it is loaded again
    assert CHANGED not in look(paper, cast.leader_in_charge, status=404)  # whose turn it is not yet
    decide = reverse("documents:decide", args=[paper.pk, paper_step(paper, cast.head).pk])
    client.force_login(cast.head)
    client.post(decide, {"decision": "agree", "seen": paper.approval_hash()})
    assert CHANGED not in look(paper, cast.head)
    assert Look.objects.get(person=cast.head).before is None


def test_whoever_changed_it_is_not_told_so(cast, paper, now, look, agree):
    submit(paper, cast, now)
    agree(paper, cast.head)
    look(paper, cast.vetter)
    amend(paper, cast, now, **NEWER)
    assert CHANGED not in look(paper, cast.vetter)


def paper_step(paper, person):
    from officehub.approvals.models import Step

    return Step.objects.get(run__subject_id=paper.pk, approver=person, state="open")


def test_a_correction_marks_what_was_signed_and_what_is_issued(cast, signed_paper, now, look):
    given = {"changes": SLIP, "revision": signed_paper.revision, "reason": "改正别字"}
    correcting.correct(signed_paper, by=cast.rechecker, now=now, **given)
    page = look(signed_paper, cast.rechecker, "versions")
    assert ("签发稿" in page, "印发稿" in page, "改正别字" in page) == (True, True, True)
    assert "改 1 段。" in look(signed_paper, cast.rechecker, "correct")  # compared with what was signed


def test_the_list_asks_the_same_for_one_row_and_for_three(cast, paper, now, client, django_assert_num_queries):
    submit(paper, cast, now)
    client.force_login(cast.drafter)
    address = reverse("documents:versions", args=[paper.pk])
    client.get(address)
    for more in ((), (2, 3)):
        for number in more:
            one = Version.objects.get(number=1)
            one.pk, one.number, one.by = None, number, cast.vetter
            one.save(force_insert=True)
        with django_assert_num_queries(LIST):
            assert client.get(address).status_code == 200


LIST = 15
