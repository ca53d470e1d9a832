"""When rules apply, what they add up to, and what a fix replaces."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

import documents
from documents.interchange import Attachment, Refused, parse
from documents.rules import Finding, Unregistered, apply_fix, catalogue, check, ok
from documents.rules.refusals import findings_of
from documents.rules.registry import rule


def finding(name, severity):
    return Finding(name, severity, "body", "message", "basis")


@pytest.mark.parametrize(
    ("severity", "reasons", "expected"),
    [
        ("info", {}, True),
        ("warn", {}, True),
        ("override", {}, False),
        ("override", {"R01": "省政府领导交办"}, True),
        ("override", {"R01": "  "}, False),
        ("override", {"R10": "省政府领导交办"}, False),
        ("block", {"R01": "省政府领导交办"}, False),
    ],
)
def test_only_an_override_is_lifted_by_a_reason(severity, reasons, expected):
    assert ok([finding("R01", severity)], reasons) is expected


def test_nothing_found_is_ok():
    assert ok([]) is True


def test_what_is_filled_in_later_is_not_asked_of_a_draft(write):
    paper = write("请示", signers=(), document_number="", date_of_document=None, disclosure="")
    asked = {
        moment: [item.rule for item in check(paper, Unregistered(), moment)] for moment in ("draft", "sign", "register")
    }
    assert asked == {"draft": [], "sign": ["R48"], "register": ["R03", "R19", "R26", "R48"]}


def test_an_unknown_moment_is_refused(write):
    with pytest.raises(ValueError, match="draft, sign, register"):
        check(write("通知"), Unregistered(), "later")


def test_an_unknown_severity_is_refused():
    with pytest.raises(ValueError, match="R99"):
        rule("R99", "fatal", "body", "", "")


def named_in_the_code() -> set[str]:
    """The rules that findings are made of outside the catalogue, by the ids written there."""
    found = set()
    for file in Path(documents.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Finding", "held_elsewhere"):
                found |= {str(one.value) for one in node.args[:1] if isinstance(one, ast.Constant)}
    return found


def test_every_rule_a_finding_names_has_its_line_on_the_page_and_nothing_else_is_linked(client, cast):
    client.force_login(cast.drafter)
    page = client.get(reverse("documents:rules")).content.decode()
    shown = set(re.findall(r'<tr id="(\w+)">', page))
    ids = named_in_the_code()
    assert {"R13", "R49", "R53", "R58", "转报"} <= ids
    linked = {name for name in ids if finding(name, "warn").is_listed}
    assert linked == ids & shown
    assert {"R12", "R43", "R47", "R50", "R51", "R59", "R61"} <= shown


def test_the_catalogue_is_in_order_with_the_form_rules_last():
    ids = [entry.id for entry in catalogue()]
    assert ids == sorted(ids, key=lambda name: (name[0] == "F", name))
    assert all(entry.text and entry.basis and entry.moments for entry in catalogue())


def test_a_finding_in_json_has_exactly_the_keys_of_the_format():
    assert list(finding("R01", "warn").as_json()) == ["rule", "severity", "field", "message", "basis", "fix"]


@pytest.mark.parametrize(
    ("fix", "field", "expected"),
    [
        ({"label": "", "field": "signers", "value": []}, "signers", ()),
        ({"label": "", "field": "printing_date", "value": "2026-10-22"}, "printing_date", date(2026, 10, 22)),
        ({"label": "", "field": "attachments", "value": ["任务清单"]}, "attachments", ("任务清单",)),
        ({"label": "", "field": "title", "value": "新标题"}, "title", "新标题"),
    ],
)
def test_a_fix_replaces_its_field(fix, field, expected, write):
    value = getattr(apply_fix(write("通知"), fix), field)
    assert (tuple(item.title for item in value) if field == "attachments" else value) == expected


def test_a_fix_of_attachment_names_keeps_their_texts(write):
    paper = write("通知")
    kept = apply_fix(paper, {"label": "", "field": "attachments", "value": ["任务清单"]}).attachments
    assert kept == (Attachment("任务清单", paper.attachments[0].body),)


def test_a_fix_of_the_body_keeps_its_tables(write):
    paper = write("通知", body="一、任务\n|单位|数量|\n|---|---|\n|甲局|3|\n三、保障\n加强领导。")
    (fault,) = [item for item in check(paper, Unregistered(), "draft") if item.rule == "R35"]
    mended = apply_fix(paper, fault.fix)
    assert [block.text or block.rows for block in mended.body] == [
        "一、任务",
        (("单位", "数量"), ("甲局", "3")),
        "二、保障",
        "加强领导。",
    ]


def test_a_refusal_is_told_by_the_rule_that_says_the_same():
    raw = {
        "kind": "通知",
        "issuers": ["某局"],
        "title": "关于甲的通知",
        "body": "甲。",
        "security_classification": "秘密",
        "好": 1,
    }
    with pytest.raises(Refused) as caught:
        parse(raw)
    assert [(item.rule, item.field, item.severity) for item in findings_of(caught.value)] == [
        ("FORM", "好", "block"),
        ("R41", "security_classification", "block"),
    ]


def test_a_list_without_end_is_checked_and_renumbered(write):
    paper = write("通知", body="\n".join(["一、甲"] * 1200))
    (fault,) = [item for item in check(paper, Unregistered(), "draft") if item.rule == "R35"]
    assert fault.fix["value"].split("\n")[998:1000] == ["九百九十九、甲", "1000、甲"]


def test_a_typed_note_of_no_attachments_is_not_offered_for_deletion(write, found):
    (fault,) = found(write("通知", body="请执行。\n附件：名册", attachments=[]), "R33")
    assert fault.fix is None


def test_a_cited_number_is_offered_as_the_one_answered(write, found):
    (fault,) = found(write("批复", in_reply_to=""), "R13")
    assert fault.fix["value"] == "青政〔2026〕8号"
