"""收文登记: the next number with the line that bears it, the same paper noticed, every correction kept."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from documents.incoming import register
from documents.models import Incoming, IncomingYear
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import broken
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of
from officehub.people.models import Organ
from tests.documents.incoming.conftest import entry


def test_numbers_follow_each_other_per_organ_and_year(steps, cast, now):
    papers = [steps.registered(document_number=f"北政〔2026〕{n}号") for n in (1, 2)]
    papers.append(steps.registered(organ=cast.office))
    papers.append(
        register.register(
            organ=cast.government, by=cast.clerk, now=now + timezone.timedelta(days=60), fields=entry(now, title="次年")
            | {"document_number": ""},
        )
    )  # fmt: skip
    assert [(one.organ_id == cast.office.pk, one.number) for one in papers] == [
        (False, "收〔2026〕1号"), (False, "收〔2026〕2号"), (True, "收〔2026〕1号"), (False, "收〔2027〕1号"),
    ]  # fmt: skip
    assert list(register.faults()) == []


def test_a_refused_registration_uses_no_number(steps, cast, now):
    steps.registered()
    with pytest.raises(register.Duplicate):
        steps.registered()
    assert IncomingYear.objects.get().last == Incoming.objects.count() == 1


def test_the_same_paper_is_noticed_whatever_the_brackets_and_the_name_used(steps, cast, now):
    Organ.objects.create(name="北湾县人民政府", short_name="北湾县政府", level="county", kind="government")
    first = steps.registered(sender_name="北湾县政府")
    with pytest.raises(register.Duplicate) as refused:
        steps.registered(document_number="北政[2026]第７号")
    assert (refused.value.found, first.number in str(refused.value)) == ([first], True)


def test_it_may_be_entered_again_with_a_reason_that_is_kept(steps, cast, now):
    steps.registered()
    again = register.register(
        organ=cast.government, by=cast.clerk, now=now, fields=entry(now), twin_reason="补送盖章件"
    )
    assert (again.number, again.twin_reason) == ("收〔2026〕2号", "补送盖章件")


def test_a_paper_entered_by_mistake_is_no_twin(steps, cast, now):
    wrong = steps.registered()
    register.void(wrong, by=cast.clerk, now=now, reason="误登")
    assert steps.registered().number == "收〔2026〕2号"


def test_papers_of_a_like_title_are_hinted_at(steps, cast):
    first = steps.registered()
    found = register.alike(cast.government, "青岗县人民政府关于申请修缮渡口的请示")
    assert (found, register.alike(cast.government, "关于请示")) == ([first], [])


def test_a_voided_number_stays_and_says_why(steps, cast, now):
    incoming = steps.registered()
    with pytest.raises(NeedsReason):
        register.void(incoming, by=cast.clerk, now=now, reason=" ")
    register.void(incoming, by=cast.clerk, now=now, reason="系私人信件")
    incoming.refresh_from_db()
    assert (incoming.state, incoming.reason, list(register.faults())) == ("voided", "系私人信件", [])
    assert not WorkItem.objects.filter(done_at=None).exists()


def test_a_hole_in_the_register_is_named(steps, cast):
    steps.registered()
    IncomingYear.objects.update(last=3)
    assert [message for *_, message in register.faults()] == ["已用到 3 号，登记到 1 号。"]


def test_a_correction_keeps_what_was_there_and_changes_the_hash(steps, cast, now):
    incoming = steps.registered()
    before = incoming.entry_hash()
    fields = entry(now, title="北湾县人民政府关于申请修缮东渡口的请示")
    changes = register.correct(incoming, by=cast.clerk, now=now, fields=fields, reason="漏字")
    event = events_of(incoming).get(verb="correct")
    assert list(changes) == ["title"]
    assert event.facts["changes"]["title"][0].endswith("申请修缮渡口的请示")
    assert Incoming.objects.get().entry_hash() == event.facts["hash"] != before


def test_nothing_changed_is_no_correction_and_a_reason_is_needed(steps, cast, now):
    incoming = steps.registered()
    with pytest.raises(NeedsReason):
        register.correct(incoming, by=cast.clerk, now=now, fields=entry(now), reason="")
    assert register.correct(incoming, by=cast.clerk, now=now, fields=entry(now), reason="核对") == {}


def test_an_ended_paper_is_not_corrected(steps, cast, now):
    incoming = steps.registered()
    register.void(incoming, by=cast.clerk, now=now, reason="误登")
    with pytest.raises(TooLate):
        register.correct(incoming, by=cast.clerk, now=now, fields=entry(now), reason="晚了")


def test_a_paper_under_way_does_not_become_urgent_without_limit_and_chaser(steps, cast, now):
    incoming = steps.handling()
    with pytest.raises(DecisionRefused, match="催办人"):
        register.correct(incoming, by=cast.clerk, now=now, fields=entry(now, urgency="特急"), reason="漏登紧急程度")
    assert Incoming.objects.get().urgency == ""


def test_the_database_itself_refuses_a_return_without_reason(steps):
    incoming = steps.registered()
    with pytest.raises(IntegrityError), transaction.atomic():
        Incoming.objects.filter(pk=incoming.pk).update(state="returned")


def test_the_hash_is_the_same_read_back(steps):
    incoming = steps.registered()
    assert incoming.entry_hash() == Incoming.objects.get(pk=incoming.pk).entry_hash()
    assert list(broken()) == []


def test_the_operators_check_of_numbers_looks_at_the_register_too(steps, capsys):
    steps.registered()
    with pytest.raises(SystemExit) as ended:
        call_command("numbers", "check")
    assert (ended.value.code, "全部连续" in capsys.readouterr().out) == (0, True)
    IncomingYear.objects.update(last=3)
    with pytest.raises(SystemExit) as ended:
        call_command("numbers", "check")
    assert (ended.value.code, "市政府收〔2026〕：已用到 3 号" in capsys.readouterr().out) == (1, True)
