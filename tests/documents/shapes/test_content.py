"""What the answers of the editor make of a paper, and what it says of itself as answers; without the database."""

import pytest

from documents.drafting import content_of
from documents.interchange import dump, parse
from documents.shapes import content
from documents.shapes.offered import SEALED, STAMP, UNSEALED, UNSIGNED, endings

LEAD, SECOND, THIRD = "云岭市财政局", "云岭市教育局", "云岭市水利局"
NOTICE = {"kind": "通知", "issuers": [LEAD], "title": "云岭市财政局关于防汛的通知", "body": "现通知如下。",
          "primary_recipients": "各县（区）财政局"}  # fmt: skip


def made(was: dict, **answers) -> dict:
    """The paper after the editor was saved with some answers changed."""
    fields = content.fields({**content.said(was), **answers}, was)
    kind = answers.get("kind", was["kind"])
    return content_of({**was, "kind": kind, **fields})


def test_three_organs_stand_in_order_above_and_below():
    was = {**NOTICE}
    paper = parse(made(was, co_issuers=[SECOND, THIRD], masthead_form=content.AS_USUAL))
    assert paper.issuers == paper.signature_units == (LEAD, SECOND, THIRD)
    assert paper.masthead == f"{LEAD}、{SECOND}、{THIRD}文件"
    assert paper.seal is True


@pytest.mark.parametrize(
    ("form", "mark"),
    [(content.LEAD, f"{LEAD}文件"), (content.BARE, LEAD), (content.AS_USUAL, f"{LEAD}、{SECOND}文件")],
)
def test_the_masthead_names_all_or_the_lead(form, mark):
    kept = made(NOTICE, co_issuers=[SECOND], masthead_form=form)
    assert parse(kept).masthead == mark
    assert content.answers(kept)["masthead_form"] == form


def test_signers_of_the_other_organs_are_kept_on_an_upward_paper_only():
    request = {**NOTICE, "kind": "请示"}
    assert made(request, co_issuers=[SECOND], co_signers=["李文"])["signers"] == ["李文"]
    assert "signers" not in made(NOTICE, co_issuers=[SECOND], co_signers=["李文"])
    assert "signers" not in made(request, co_signers=["李文"])


def test_one_organ_again():
    joint = made(NOTICE, co_issuers=[SECOND])
    paper = parse(made(joint, co_issuers=[]))
    assert (paper.issuers, paper.signature_units, paper.masthead) == ((LEAD,), (LEAD,), f"{LEAD}文件")


@pytest.mark.parametrize(
    ("ending", "units", "seal"), [(SEALED, (LEAD,), True), (UNSEALED, (LEAD,), False), (UNSIGNED, (), False)]
)
def test_how_a_paper_ends(ending, units, seal):
    kept = made(NOTICE, ending=ending)
    assert (parse(kept).signature_units, parse(kept).seal) == (units, seal)
    assert content.ending(kept) == ending


def test_an_order_is_signed_by_a_person_and_until_then_by_nobody():
    order = {"kind": "命令", "issuers": ["云岭市人民政府"], "body": "现予公布。", **content.begun("命令")}
    unsigned = parse(made(order, masthead="云岭市人民政府命令"))
    assert (unsigned.signature_units, unsigned.seal, unsigned.signature_stamp) == ((), False, {})
    signed = parse(made(order, stamp_office="云岭市市长", stamp_name="周明远", masthead="云岭市人民政府命令"))
    assert signed.signature_stamp == {"office": "云岭市市长", "name": "周明远"}
    assert (signed.layout, signed.masthead, signed.seal) == ("order", "云岭市人民政府命令", False)


def test_minutes_bear_their_name_and_who_was_there():
    minutes = {**NOTICE, "kind": "纪要"}
    paper = parse(
        made(minutes, masthead="云岭市财政局局长办公会议纪要", present=["周明远", "李文"], observers=["王平"])
    )
    assert (paper.layout, paper.present, paper.excused, paper.observers) == (
        "minutes", ("周明远", "李文"), (), ("王平",),
    )  # fmt: skip
    assert paper.masthead == "云岭市财政局局长办公会议纪要"


def test_a_notice_may_be_a_letter_and_a_decision_not():
    letter = made({**NOTICE, "masthead": f"{LEAD}文件"}, layout="letter")
    assert (parse(letter).layout, parse(letter).masthead) == ("letter", LEAD)
    decision = made(letter, kind="决定")
    assert parse(decision).layout == "general"


@pytest.mark.parametrize(
    ("before", "after"), [("通知", "命令"), ("命令", "通知"), ("通知", "纪要"), ("纪要", "通知"), ("函", "通知")]
)
def test_another_kind_leaves_nothing_of_the_first_behind(before, after):
    was = content_of({**NOTICE, "kind": before})
    stamp = {"stamp_office": "市长", "stamp_name": "周明远"} if before == "命令" else {}
    was = made(was, present=["周明远"], **stamp)
    paper = parse(made(was, kind=after, ending=endings(after)[0], stamp_office="", stamp_name="", masthead=""))
    fresh = parse({**NOTICE, "kind": after})
    assert (paper.layout, paper.masthead, paper.present) == (fresh.layout, fresh.masthead, ())
    assert paper.signature_stamp == {}
    if after != "命令":  # nobody signs it yet
        assert (paper.signature_units, paper.seal) == (fresh.signature_units, fresh.seal)


OWN = {"masthead": "中共云岭市委财经办公室文件", "signature_units": ["市财政局"], "seal": ["one.png"]}


@pytest.mark.parametrize("said", [{}, OWN, {"layout": "letter"}, {"signature_units": [], "seal": False}])
def test_a_paper_that_came_from_elsewhere_is_as_it_was_when_nothing_is_answered_anew(said):
    raw = dump(parse({**NOTICE, **said}))
    was = {**raw, "body": NOTICE["body"]}
    assert made(was) == content_of(was)
    assert parse(made(was)) == parse(was)


def test_what_is_of_its_own_stays_beside_another_answer():
    paper = parse(made({**NOTICE, **OWN}, ending=SEALED, layout=""))
    assert (paper.masthead, paper.signature_units, paper.seal) == (OWN["masthead"], ("市财政局",), ("one.png",))
    assert content.masthead_form({**NOTICE, **OWN}) == content.OWN
    unsealed = parse(made({**NOTICE, **OWN}, ending=UNSEALED))
    assert (unsealed.masthead, unsealed.signature_units, unsealed.seal) == (OWN["masthead"], ("市财政局",), False)


def test_a_motion_is_stamped_or_sealed():
    motion = {**NOTICE, "kind": "议案", "issuers": ["云岭市人民政府"]}
    assert content.ending(motion) == content.ending({**motion, **content.begun("议案")}) == STAMP
    assert content.ending(made(motion, ending=SEALED)) == SEALED
    stamped = made(motion, ending=STAMP, stamp_office="市长", stamp_name="周明远")
    assert content.ending(stamped) == STAMP
    assert parse(made(stamped, ending=SEALED)).signature_units == ("云岭市人民政府",)
