"""逾期视为无不同意见: only where the stage says so, only by a sure limit, and kept as what it was."""

from datetime import timedelta

import pytest

from officehub.approvals.models import Step
from officehub.approvals.silence import lapse
from officehub.audit.models import Event
from tests.approvals.conftest import todo
from tests.cast import person

SILENT = {"who": "chosen_heads", "mode": "all", "verb": "countersign", "silence_consents": True, "limit_value": 2}
LATE = timedelta(days=3)


@pytest.fixture
def countersigned(cast, route, submitted):
    def send(*after, **stage):
        route({**SILENT, **stage}, *(after or [{"person": cast.mayor}]))
        return submitted(chosen=[cast.bureau.pk, cast.section.pk])

    return send


def test_who_kept_silent_is_taken_to_consent_and_on_record_said_nothing(cast, countersigned, agree, now, asked, sound):
    document = countersigned()
    agree(document, cast.head)
    assert lapse(now + timedelta(days=2)) == 0
    assert lapse(now + LATE) == 1
    step = Step.objects.get(manner="silent")
    assert (step.approver, step.state, step.opinion, step.content_hash) == (
        cast.countersigner, "agreed", "", document.content_hash(),
    )  # fmt: skip
    assert Event.objects.get(verb="approval.agreed", actor=None).facts["manner"] == "silent"
    assert (asked(document), todo(cast.countersigner)) == (["mayor"], [])
    sound(document, now + LATE)
    assert lapse(now + LATE) == 0


def test_all_who_kept_silent(cast, countersigned, now, asked, sound):
    document = countersigned()
    assert lapse(now + LATE) == 2
    assert asked(document) == ["mayor"]
    sound(document, now + LATE)


def test_a_limit_that_is_only_assumed_is_held_against_nobody(cast, countersigned, now, asked):
    document = countersigned()
    Step.objects.update(due_provisional=True)
    assert lapse(now + LATE) == 0
    assert sorted(asked(document)) == ["countersigner", "head"]


def test_of_a_joint_paper_every_organ_has_to_say_so(cast, countersigned, now, asked):
    document = countersigned()
    document.content["issuers"] = ["海青市人民政府办公室", "海青市财政局"]
    document.save(update_fields=["content"])
    assert lapse(now + LATE) == 0
    assert sorted(asked(document)) == ["countersigner", "head"]


def test_elsewhere_silence_is_nothing(cast, countersigned, now, asked):
    document = countersigned(silence_consents=False)
    assert lapse(now + LATE) == 0
    assert sorted(asked(document)) == ["countersigner", "head"]


def test_in_order_the_next_ones_time_begins_when_it_is_their_turn(cast, countersigned, now, asked, sound):
    document = countersigned(mode="in_order")
    assert lapse(now + LATE) == 1
    assert asked(document) == ["head"]
    sound(document, now + LATE)
    assert lapse(now + LATE + timedelta(hours=1)) == 0


def test_where_nobody_said_a_word_the_last_ones_place_signs(cast, route, submitted, now, sound):
    """A route that ends with a silent countersign still ends, in the name of who was asked there, not of the clock."""
    route({"person": cast.head, "verb": "countersign", "silence_consents": True, "limit_value": 1})
    document = submitted()
    assert lapse(now + LATE) == 1
    document.refresh_from_db()
    assert (document.state, document.signed_by) == ("signed", cast.head)
    sound(document, now + LATE)


def test_one_that_finds_nobody_after_it_keeps_no_other_from_lapsing(cast, route, submitted, now, asked, caplog):
    """The stage after has lost its people meanwhile: that run waits, and is told of, the next one goes on."""
    route({**SILENT, "who": "drafting_head"}, {"who": "named_head", "department": cast.other_section})
    newcomer = person("newcomer", cast.other_section, "科长", True, [])
    stuck = submitted()
    route({**SILENT, "who": "drafting_head"}, {"person": cast.mayor})
    other = submitted()
    newcomer.is_active = False
    newcomer.save()
    assert lapse(now + LATE) == 1
    assert (asked(stuck), asked(other)) == (["head"], ["mayor"])
    assert "waits in silence" in caplog.text
