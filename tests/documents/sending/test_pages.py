"""Every page of sending as its user goes through it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from documents import distribute, sheets
from documents.models import Addressee, Recall, Return, SendingList, ServiceCertificate, Widening
from documents.sending import number_copies


@pytest.fixture(autouse=True)
def _drawn(monkeypatch):
    monkeypatch.setattr(sheets, "_draw_once", lambda key, make: sheets.Sheets(key, 1))


def go(client, who, name, *args, post=None, status=200, follow=True, **query):
    client.force_login(who)
    address = reverse(f"documents:{name}", args=args)
    response = client.get(address, query) if post is None else client.post(address, post, follow=follow)
    assert response.status_code == status, response.content.decode()[-3000:]
    return response


def settle() -> None:
    """What the jobs would do after commit."""
    later = timezone.now()
    for pk in list(number_copies.waiting(later).values_list("pk", flat=True)):
        assert number_copies.make(pk, later)
    for pk in list(distribute.waiting(later).values_list("pk", flat=True)):
        assert distribute.deliver(pk, later)


def test_the_whole_life_of_a_distribution(client, cast, now, sealed):
    clerk, reader, pk = cast.clerk, cast.reader, sealed.pk
    go(client, clerk, "sending_lists")
    go(
        client,
        clerk,
        "new_sending_list",
        post={"name": "市直", "departments": [cast.bureau.pk], "organ": cast.office.pk},
    )
    kept = SendingList.objects.get()
    go(client, clerk, "sending_list", kept.pk)
    page = go(client, clerk, "distribute", pk)
    assert "市财政局" in page.content.decode()
    go(client, clerk, "distribute", pk, post={"lists": [kept.pk], "people": [cast.stranger.pk], "numbered": "on"})
    settle()
    go(client, clerk, "detail", pk)
    go(client, clerk, "copies", pk)
    assert [str(copy) for copy in sealed.copies.order_by("number")] == ["000001", "000002"]
    run = sealed.distributions.get().copy_run
    assert run.state == "done", run.error
    go(client, clerk, "copies_progress", pk, run.pk)
    whole = b"".join(go(client, clerk, "copies_zip", pk, run.pk).streaming_content)
    assert whole.startswith(b"PK")
    detail = go(client, reader, "detail", pk).content.decode()
    assert "份号 000001" in detail
    assert "本部门转阅" in detail
    pdf = go(client, reader, "pdf", pk, status=302)
    assert pdf.url == reverse("documents:copy_pdf", args=[pk, sealed.copies.get(number=1).pk])
    go(client, reader, "copy_pdf", pk, sealed.copies.get(number=2).pk, status=404)
    line = Addressee.objects.get(department=cast.bureau)
    go(client, reader, "pass_on", pk, line.pk)
    go(client, reader, "pass_on", pk, line.pk, post={"people": [cast.countersigner.pk], "note": "请阅"})
    settle()
    go(client, reader, "ask_widening", pk)
    go(client, reader, "ask_widening", pk, post={"departments": [cast.section.pk], "reason": "涉及该科"})
    asked = Widening.objects.get()
    go(client, clerk, "widening", asked.pk)
    go(client, clerk, "widening", asked.pk, post={"decision": "refuse"}, status=422)
    go(client, clerk, "widening", asked.pk, post={"decision": "agree"})
    settle()
    go(client, clerk, "further", pk)
    go(client, clerk, "readers", pk)
    for shown in ("unopened", "acknowledged", "recalled", "all"):
        go(client, clerk, "readers", pk, shown=shown)
    go(client, clerk, "chase_readers", pk, post={})
    sent = sealed.distributions.order_by("pk").first()
    page = go(client, clerk, "issue_certificate", pk, sent.pk, post={})
    assert "真实" in page.content.decode()
    go(client, clerk, "recall_paper", pk)
    go(client, clerk, "recall_paper", pk, post={"from": "all", "due_on": "2020-01-01", "access": "at_once"}, status=422)
    go(
        client,
        clerk,
        "recall_paper",
        pk,
        post={"from": "all", "reason": "印错", "due_on": "2099-01-01", "access": "at_once"},
    )
    called = Recall.objects.get()
    stub = go(client, reader, "detail", pk, status=302)
    assert stub.url == reverse("documents:recalled", args=[called.pk])
    assert "确认清退：市财政局" in go(client, reader, "recalled", called.pk).content.decode()
    mine = Return.objects.get(addressee=line)
    go(client, reader, "confirm_return", called.pk, mine.pk, post={"how": "destroyed", "note": "已粉碎"})
    go(client, clerk, "chase_returns", called.pk, post={})
    go(client, clerk, "close_recall", called.pk, post={"remark": ""}, status=422)
    go(client, clerk, "close_recall", called.pk, post={"remark": "其余下周补"})
    go(client, clerk, "recalled", called.pk, shown="all")
    go(client, clerk, "service_certificate", ServiceCertificate.objects.get().pk)
    go(client, clerk, "drop_sending_list", kept.pk, post={})


def test_a_stranger_finds_none_of_it(client, cast, now, sealed, send):
    sent = send(sealed, first_number=1)
    number_copies.make(sent.copy_run.pk, now)
    copy, stranger = sealed.copies.get(), cast.head
    for name, args in [("copies", [sealed.pk]), ("copy_pdf", [sealed.pk, copy.pk]), ("recall_paper", [sealed.pk]),
                       ("further", [sealed.pk]), ("copies_zip", [sealed.pk, sent.copy_run.pk])]:  # fmt: skip
        go(client, stranger, name, *args, status=404)
