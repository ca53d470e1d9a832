"""Numbered copies that cannot be made hold nothing up: they are tried again, or the paper goes out without numbers."""

from datetime import timedelta

import pytest
from django.urls import reverse

from documents import distribute, receive
from documents.archive import archive
from documents.models import Addressee, CopyRun
from documents.paper import process
from documents.sending import copies, failed_copies, further, number_copies, recalling, scope
from documents.sending.whom import Whom
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import broken
from officehub.inbox.models import WorkItem
from officehub.moves import events_of


@pytest.fixture
def failed(cast, now, sealed, monkeypatch) -> CopyRun:
    sent = distribute.distribute(
        sealed, departments=[cast.bureau], people=[cast.stranger], by=cast.clerk, now=now, first_number=5
    )

    def break_off(*args, **kwargs):
        raise process.RenderFailed("排版进程意外中止")

    with monkeypatch.context() as patched:
        patched.setattr("documents.paper.copies.template_safely", break_off)
        for _turn in range(3):
            assert not number_copies.make(sent.copy_run.pk, now)
    run = CopyRun.objects.select_related("distribution__document").get()
    assert run.state == "failed"
    return run


def file(sealed, cast, now) -> None:
    sealed.refresh_from_db()
    archive(sealed, retention="D10", reason="尚有人未签收", deviation="长期有用", by=cast.archivist, now=now)


def test_the_paper_goes_out_without_numbers_and_can_be_sent_further_and_filed(cast, now, sealed, failed):
    with pytest.raises(DecisionRefused, match="份号印件没有编成"):
        file(sealed, cast, now)
    failed_copies.send_unnumbered(failed, by=cast.clerk, now=now, reason="字体未装，急件先发")
    assert distribute.deliver(failed.distribution_id, now)
    failed.refresh_from_db()
    assert (failed.state, failed.error, failed.done_at) == ("ended", "字体未装，急件先发", now)
    event = events_of(sealed).get(verb="send_unnumbered")
    assert (event.actor, event.facts) == (
        cast.clerk, {"first": "000005", "last": "000006", "copies": 2, "reason": "字体未装，急件先发"}
    )  # fmt: skip
    assert receive.acknowledge(sealed, cast.stranger, now)
    assert (copies.copy_of(sealed, cast.stranger), sealed.copies.filter(held_by__isnull=False).count()) == (None, 0)
    scope.register(sealed, Whom([], [cast.vetter]), "widened", cast.clerk, now)
    first = number_copies.next_number(sealed)
    assert first == 7  # a number that was given is not given again
    more = further.further(sealed, Whom([], [cast.vetter]), by=cast.clerk, now=now, first_number=first)
    assert number_copies.make(more.copy_run.pk, now)
    assert distribute.deliver(more.pk, now)
    assert WorkItem.objects.of(sealed).filter(verb="archive", assignee=cast.archivist).exists()
    file(sealed, cast, now)
    assert list(broken()) == []


def test_copies_made_before_it_failed_are_handed_to_nobody(cast, now, sealed, failed, client):
    failed_copies.retry(failed, by=cast.clerk, now=now)
    assert number_copies.make(failed.pk, now)
    CopyRun.objects.update(state="failed", error="存储出错", made=1, done_at=None)
    failed_copies.send_unnumbered(failed, by=cast.clerk, now=now, reason="先发")
    distribute.deliver(failed.distribution_id, now)
    assert copies.copy_of(sealed, cast.stranger) is None
    client.force_login(cast.clerk)
    one = sealed.copies.get(number=6)
    assert client.get(reverse("documents:copy_pdf", args=[sealed.pk, one.pk])).status_code == 404
    assert client.get(reverse("documents:copies_zip", args=[sealed.pk, failed.pk])).status_code == 404
    page = client.get(reverse("documents:copies", args=[sealed.pk])).content.decode()
    assert page.count("未使用") == 2


def test_it_is_done_once_with_a_reason_and_only_when_the_copies_failed(cast, now, sealed, failed):
    with pytest.raises(NeedsReason):
        failed_copies.send_unnumbered(failed, by=cast.clerk, now=now, reason=" ")
    failed_copies.retry(failed, by=cast.clerk, now=now)
    assert events_of(sealed).get(verb="retry_copies").facts["reason"] == "排版进程意外中止"
    with pytest.raises(DecisionRefused, match="没有生效"):
        failed_copies.send_unnumbered(failed, by=cast.clerk, now=now, reason="先发")
    with pytest.raises(DecisionRefused, match="没有生效"):
        failed_copies.retry(failed, by=cast.clerk, now=now)
    assert number_copies.make(failed.pk, now + timedelta(hours=1))


def test_a_distribution_that_was_called_back_whole_waits_for_nothing(cast, now, sealed, failed):
    recalling.recall(sealed, None, by=cast.clerk, now=now, reason="印错", due_at=now + timedelta(days=1))
    failed.refresh_from_db()
    failed.distribution.refresh_from_db()
    assert (failed.state, failed.error, failed.distribution.done_at) == ("ended", "尚未送达的已全部清退。", now)
    assert not number_copies.waiting(now).exists()
    assert WorkItem.objects.of(sealed).filter(verb="archive", done_at=None).exists()
    file(sealed, cast, now)


def test_what_is_not_called_back_is_still_waited_for(cast, now, sealed, failed):
    line = Addressee.objects.get(person=cast.stranger)
    recalling.recall(sealed, [line.pk], by=cast.clerk, now=now, reason="送错", due_at=now + timedelta(days=1))
    failed.refresh_from_db()
    assert (failed.state, failed.distribution.done_at) == ("failed", None)
    failed_copies.send_unnumbered(failed, by=cast.clerk, now=now, reason="先发")
    assert distribute.deliver(failed.distribution_id, now)
    assert receive.tally(sealed)["delivered"] == 1


def test_the_clerk_does_it_on_the_page(client, cast, sealed, failed):
    client.force_login(cast.clerk)
    detail = client.get(reverse("documents:detail", args=[sealed.pk])).content.decode()
    address = reverse("documents:copies_unnumbered", args=[sealed.pk, failed.pk])
    assert address in detail
    assert "排版进程意外中止" in client.get(address).content.decode()
    refused = client.post(address, {"reason": ""})
    assert (refused.status_code, CopyRun.objects.get().state) == (422, "failed")
    done = client.post(address, {"reason": "先发"}, follow=True)
    assert "已改为不编份号发送" in done.content.decode()
    again = client.post(address, {"reason": "再发一次"})
    assert again.status_code == 422
    assert "再发一次" in again.content.decode()  # what was typed stays
    assert "没有生效" in again.content.decode()
    assert client.get(address, follow=True).redirect_chain == [(reverse("documents:copies", args=[sealed.pk]), 302)]
    course = client.get(reverse("documents:case", args=[sealed.pk])).content.decode()
    assert "不编份号发送" in course


def test_nobody_else_does_it(client, cast, sealed, failed):
    address = reverse("documents:copies_unnumbered", args=[sealed.pk, failed.pk])
    for who in (cast.stranger, cast.reader, cast.drafter):
        client.force_login(who)
        assert client.post(address, {"reason": "先发"}).status_code == 404
    assert CopyRun.objects.get().state == "failed"
