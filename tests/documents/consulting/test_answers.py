"""What departments answer: once for each, by whom, late or not; letters from outside; silence, stated once."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile

from documents.consulting import answers, rounds
from documents.models import Consultation
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import broken
from officehub.files.models import StoredFile
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of
from officehub.notifications.models import Notice

LATE = timedelta(days=10)  # from Monday 23 November to Thursday 3 December, a day after the limit


@pytest.fixture
def scan(cast, now):
    stored = StoredFile(name="复函.pdf", content_type="application/pdf", size=3, sha256="0" * 64,
                        uploaded_by=cast.drafter, uploaded_at=now)  # fmt: skip
    stored.file.save("x", ContentFile(b"pdf"), save=False)
    stored.save()
    return stored


def test_the_clerk_answers_with_the_consent_of_the_head(cast, now, row):
    with pytest.raises(DecisionRefused, match="负责人"):
        answers.answer(row("市财政局"), by=cast.reader, now=now, said="none")
    with pytest.raises(DecisionRefused, match="负责人"):  # the head of another department is none
        answers.answer(row("市财政局"), by=cast.reader, now=now, said="none", responsible=cast.water_head)
    answers.answer(row("市财政局"), by=cast.reader, now=now, said="none", responsible=cast.countersigner)
    said = row("市财政局")
    assert (said.answered_by, said.responsible, said.answered_at, said.late) == (
        cast.reader, cast.countersigner, now, False,
    )  # fmt: skip
    assert WorkItem.objects.filter(verb="consult", done_at=None).get().assignee == cast.water_head
    assert Notice.objects.get(verb="documents.consult_answered").recipient == cast.drafter


def test_the_department_answers_once_and_the_second_comes_too_late(cast, now, row, say):
    first = row("市财政局")
    say("市财政局", "suggest", "第一部分改为三日内。")
    with pytest.raises(TooLate):
        answers.answer(first, by=cast.reader, now=now, said="none", responsible=cast.countersigner)
    assert (row("市财政局").answer, list(broken())) == ("suggest", [])


@pytest.mark.parametrize("said", ["suggest", "object"])
def test_an_opinion_says_what(say, said):
    with pytest.raises(NeedsReason):
        say("市财政局", said, "  ")


def test_nobody_else_answers_for_a_department(cast, now, row):
    with pytest.raises(TooLate):
        answers.answer(row("市财政局"), by=cast.vetter, now=now, said="none", responsible=cast.countersigner)


def test_a_letter_from_outside_is_entered_with_number_date_and_scan(cast, now, row, scan):
    letter = {"said": "suggest", "text": "请明确价格。", "number": "海热函〔2026〕7号", "dated": date(2026, 11, 20)}
    with pytest.raises(DecisionRefused, match="扫描件"):
        answers.record_letter(row("海青供热公司"), by=cast.drafter, now=now, **letter)
    with pytest.raises(DecisionRefused, match="自行答复"):
        answers.record_letter(row("市财政局"), by=cast.drafter, now=now, files=[scan], **letter)
    with pytest.raises(TooLate):
        answers.record_letter(row("海青供热公司"), by=cast.head, now=now, files=[scan], **letter)
    answers.record_letter(row("海青供热公司"), by=cast.drafter, now=now + LATE, files=[scan], **letter)
    said = row("海青供热公司")
    assert (said.letter_number, said.late, [one.stored for one in said.files.all()]) == (
        "海热函〔2026〕7号", False, [scan],
    )  # written in time, however late it was entered  # fmt: skip


def test_silence_is_stated_once_and_a_late_answer_is_taken_and_marked(cast, now, sent, row, say):
    say("市财政局", "none")
    assert answers.lapse(now + timedelta(days=9)) == 0  # Wednesday 2 December is still within it
    assert [answers.lapse(now + LATE), answers.lapse(now + LATE)] == [2, 0]
    assert (row("市水利局").state, row("海青供热公司").state) == ("silent", "silent")
    assert events_of(sent.document).filter(verb="consult_silent").count() == 2
    assert not WorkItem.objects.filter(verb="consult", done_at=None).exists()
    late = say("市水利局", "object", "不同意第二部分。", at=now + LATE)
    assert (late.state, late.late, list(broken())) == ("answered", True, [])


def test_silence_means_nothing_where_the_office_says_so_or_the_limit_is_assumed(now, sent, row, settings):
    settings.CONSULTATION_SILENCE_CONSENTS = False
    assert answers.lapse(now + LATE) == 0
    settings.CONSULTATION_SILENCE_CONSENTS = True
    Consultation.objects.update(due_provisional=True)
    assert answers.lapse(now + LATE) == 0
    Consultation.objects.update(due_provisional=False)
    assert answers.lapse(now + LATE) == 3


def test_an_assumed_limit_makes_no_answer_late(now, sent, say):
    Consultation.objects.update(due_provisional=True)
    assert say("市水利局", "none", at=now + LATE).late is False


def test_who_was_given_more_time_is_not_silent(cast, now, sent):
    overdue = list(answers.overdue(now + LATE))
    rounds.extend(sent, by=cast.drafter, now=now, days=15, reason="内容较多")
    assert [answers._lapse(one, now + LATE) for one in overdue] == [False, False, False]


def test_an_answer_that_was_first_is_not_called_silence(now, sent, row, say, monkeypatch):
    found = list(answers.overdue(now + LATE))  # what a worker had before it when the answer came
    say("市水利局", "none", at=now + LATE)
    monkeypatch.setattr(answers, "overdue", lambda moment: found)
    assert answers.lapse(now + LATE) == 2
    assert (row("市水利局").state, row("市财政局").state, list(broken())) == ("answered", "silent", [])
