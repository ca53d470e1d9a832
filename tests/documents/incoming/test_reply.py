"""An answer in writing: drafted from its question, tied to it (R13), and its going out answers it."""

import pytest
from django.urls import reverse

from documents import distribute, drafting, number, seal, signing
from documents.incoming import question, reply
from documents.models import Document, Incoming, IncomingReply, Series
from documents.review import findings
from officehub.moves import events_of
from tests.documents.course.test_course import signed
from tests.documents.lists.test_queries import take_for_printed


def r13(document, now) -> list[str]:
    return [finding.message for finding in findings(document, "draft", now) if finding.rule == "R13"]


@pytest.fixture
def answering(steps, cast, now) -> Document:
    return reply.draft_reply(steps.handling(), by=cast.reader, now=now)


def test_a_request_is_answered_by_a_reply_with_its_question_filled_in(answering):
    assert (answering.kind, answering.title) == ("批复", "海青市人民政府关于修缮渡口的批复")
    assert answering.content["primary_recipients"] == "北湾县人民政府"
    assert answering.content["in_reply_to"] == "北政〔2026〕7号"
    assert "《北湾县人民政府关于申请修缮渡口的请示》（北政〔2026〕7号）收悉" in answering.content["body"]
    assert answering.answers == Incoming.objects.get()


def test_a_letter_is_answered_by_a_letter(steps, cast, now):
    incoming = steps.handling(kind="函", title="北湾县人民政府关于商请支援抽水设备的函")
    made = reply.draft_reply(incoming, by=cast.reader, now=now)
    assert (made.kind, made.title) == ("函", "海青市人民政府关于支援抽水设备的复函")


def test_r13_is_silent_of_a_reply_drafted_from_its_question(answering, now):
    assert r13(answering, now) == []


def test_r13_asks_for_the_question_the_asker_and_the_kind(answering, cast, now):
    answering.content["primary_recipients"] = "青岗县人民政府"
    answering.content["body"] = "收悉北政〔2026〕7号《别的》。现批复如下：同意。"
    assert [message[:12] for message in r13(answering, now)] == ["主送机关不是请示的来文机", "正文没有引来文标题《北湾"]
    Incoming.objects.update(kind="报告")
    answering = Document.objects.get(pk=answering.pk)
    assert any("不是请示" in message for message in r13(answering, now))
    answering.answers, answering.content["in_reply_to"] = None, "北政〔2026〕99号"
    assert any("没有对应的已登记来文" in message for message in r13(answering, now))


def test_a_reply_typed_by_hand_finds_its_question_by_its_number(steps, cast, now):
    incoming = steps.handling()
    said = {"content": {"in_reply_to": "北政[2026]7号"}, "kind": "批复", "drafter": cast.reader}
    paper = Document(organ=cast.government, **said)
    assert question.question_of(paper, now) == incoming
    assert question.question_of(Document(organ=cast.office, **said), now) == incoming  # it answers in its name
    assert question.question_of(Document(organ=cast.province, **said), now) is None
    assert question.question_of(Document(organ=cast.government, **{**said, "kind": "通知"}), now) is None
    assert question.question_of(Document(organ=cast.government, **{**said, "drafter": cast.stranger}), now) is None


def drafted(cast, now, drafter, **more) -> Document:
    cited = "你县《北湾县人民政府关于申请修缮渡口的请示》（北政〔2026〕7号）收悉。"
    fields = {
        "kind": "批复", "issuers": [cast.government.name], "title": "海青市人民政府关于修缮渡口的批复",
        "primary_recipients": "北湾县人民政府", "body": cited,
        "in_reply_to": "北政〔2026〕7号", **more,
    }  # fmt: skip
    return drafting.create(by=drafter, now=now, organ=cast.government, fields=fields)


def test_r13_is_content_with_a_number_typed_and_tells_nothing_to_who_may_not_see_it(steps, cast, now):
    steps.handling()
    assert r13(drafted(cast, now, cast.reader), now) == []
    (said,) = r13(drafted(cast, now, cast.stranger, title="海青市人民政府关于渡口的批复", body="无"), now)[-1:]
    assert "没有对应的已登记来文" in said


def test_saving_ties_a_draft_and_both_pages_say_so(steps, cast, now, client):
    incoming = steps.handling()
    document = drafted(cast, now, cast.reader, in_reply_to="")
    keep = {"by": cast.reader, "now": now, "revision": document.revision}
    drafting.save(document, **keep, fields={**document.content, "in_reply_to": "北政〔2026〕7号"})
    assert Document.objects.get().answers == incoming
    client.force_login(cast.reader)
    at_question = reverse("documents:incoming_detail", args=[incoming.pk])
    at_reply = reverse("documents:detail", args=[document.pk])
    assert at_question in client.get(at_reply).content.decode()
    assert at_reply in client.get(at_question).content.decode()
    client.force_login(cast.vetter)
    assert at_reply not in client.get(at_question).content.decode()
    keep["revision"] = document.revision
    drafting.save(document, **keep, fields={**document.content, "in_reply_to": "北政〔2026〕9号"})
    assert Document.objects.get().answers is None


def test_two_papers_of_one_number_tie_nothing(steps, cast, now):
    steps.handling()
    steps.handling(sender_name="青岗县人民政府")
    assert question.question_of(drafted(cast, now, cast.reader), now) is None


def test_the_papers_one_may_see_are_offered_while_one_types(steps, cast, now, client):
    incoming = steps.handling()
    document = drafted(cast, now, cast.reader, in_reply_to="")
    other = drafted(cast, now, cast.stranger, in_reply_to="")
    url = reverse("documents:questions", args=[document.pk])
    client.force_login(cast.reader)
    for words in ("", "修缮渡口", "北政[2026]", "北湾县"):
        page = client.get(url, {"in_reply_to": words, "kind": "批复", "title": ""}).content.decode()
        assert (incoming.title in page, 'data-value="北政〔2026〕7号"' in page) == (True, True)
    page = client.get(url, {"in_reply_to": "北政〔2026〕7号", "kind": "批复", "title": ""}).content.decode()
    assert reverse("documents:incoming_detail", args=[incoming.pk]) in page
    assert "没有您可看的" in client.get(url, {"in_reply_to": "无此号", "kind": "批复", "title": ""}).content.decode()
    assert incoming.title not in client.get(url, {"in_reply_to": "", "kind": "通知", "title": ""}).content.decode()
    client.force_login(cast.stranger)
    assert client.get(url).status_code == 404
    theirs = client.get(reverse("documents:questions", args=[other.pk]), {"in_reply_to": "北政〔2026〕7号"})
    assert incoming.title not in theirs.content.decode()


def test_its_going_out_answers_the_question(steps, cast, now, state):
    incoming = steps.handling()
    document = signed(cast, now)
    Document.objects.filter(pk=document.pk).update(answers=incoming)
    document.refresh_from_db()
    signing.recheck(document, by=cast.rechecker, now=now)
    number.number(document, series=Series.objects.get(code="海政办发"), by=cast.rechecker, now=now)
    take_for_printed(document, now)
    seal.apply_seal(document, by=cast.seal_keeper, now=now)
    take_for_printed(document, now)
    assert state(incoming) == "handling"
    distribute.distribute(document, departments=[cast.bureau], people=[], by=cast.clerk, now=now)
    said = IncomingReply.objects.get()
    assert (state(incoming), said.manner, said.document) == ("answered", "paper", document)
    assert events_of(incoming).get(verb="answer").facts["document_number"] == document.document_number


def test_an_answer_already_given_is_not_given_twice(steps, cast, now):
    incoming = steps.answered()
    document = signed(cast, now)
    document.answers = incoming
    assert reply.distributed(document, by=cast.clerk, now=now) is False
    assert IncomingReply.objects.count() == 1


def test_the_page_of_the_answer_leads_to_its_question(answering, cast, client):
    client.force_login(cast.reader)
    page = client.get(reverse("documents:detail", args=[answering.pk])).content.decode()
    assert reverse("documents:incoming_detail", args=[answering.answers_id]) in page
