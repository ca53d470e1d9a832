"""The faulty set: good papers with something changed, and exactly what the rules say of each; and what a fix mends.

`faulty/*.json` holds, for each rule, papers made faulty for it and papers that only look so: `paper` is a clean one,
`set` what is changed in it, `found` every finding of all rules, as "rule severity". `office` is none unless named.
"""

import json
from pathlib import Path

import pytest

from documents.rules import apply_fix, catalogue, check, every_rule

CASES = [
    (rule, case)
    for file in sorted((Path(__file__).parent / "faulty").glob("*.json"))
    for rule, cases in json.loads(file.read_text(encoding="utf-8")).items()
    for case in cases
]
BLOCK, OVERRIDE, WARN, INFO = (
    "R02 R03 R04 R08 R09 R11 R12 R14 R15 R16 R17 R19 R21 R22 R23 R24 R25 R26 R28 R29 R31 R32 R33 R37 R38 R39 R40 R41 "
    "R42 R43 R44 R45 R46 R48 R50 R51 R56 R58 R59 R60 R61 R63",
    "R01 R06 R10",
    "R05 R07 R13 R18 R20 R27 R30 R35 R36 R47 R49 R52 R53 R54 R55 R57 R62 F01 F02 F03 F04",
    "R34",  # the printer sets these marks itself
)


def named(row) -> str:
    rule, case = row
    return f"{rule}-{case['paper']}-{'-'.join(case['set']) or 'as it is'}"


def is_faulty(rule: str, case: dict) -> bool:
    return any(found.startswith(f"{rule} ") for found in case["found"])


@pytest.mark.parametrize("row", CASES, ids=named)
def test_exactly_this_is_found(row, write, offices):
    _rule, case = row
    found = check(write(case["paper"], **case["set"]), offices[case.get("office", "none")], "register")
    assert [f"{finding.rule} {finding.severity}" for finding in found] == case["found"]


@pytest.mark.parametrize("row", CASES, ids=named)
def test_a_fix_mends_what_it_was_offered_for(row, write, offices):
    _rule, case = row
    paper, office = write(case["paper"], **case["set"]), offices[case.get("office", "none")]
    for finding in check(paper, office, "register"):
        if finding.fix:
            mended = check(apply_fix(paper, finding.fix), office, "register")
            assert (finding.rule, finding.message) not in [(other.rule, other.message) for other in mended]


@pytest.mark.parametrize("row", CASES, ids=named)
def test_a_message_is_a_sentence_that_ends(row, write, offices):
    _rule, case = row
    for finding in check(write(case["paper"], **case["set"]), offices[case.get("office", "none")], "register"):
        assert finding.message.endswith("。")
        assert finding.field
        assert finding.basis


def test_a_clean_paper_has_no_findings_at_all(clean, write, offices):
    office = offices["accredited" if clean == "涉密通知" else "none"]
    assert check(write(clean), office, "register") == []


def test_every_rule_has_three_faulty_papers_and_one_that_only_looks_so():
    ids = {entry.id for entry in catalogue()}
    faulty = {id: sum(rule == id and is_faulty(rule, case) for rule, case in CASES) for id in ids}
    silent = {id: sum(rule == id and not is_faulty(rule, case) for rule, case in CASES) for id in ids}
    assert {id: count for id, count in faulty.items() if count < 3} == {}
    assert {id for id, count in silent.items() if not count} == set()


def test_the_sheet_lists_every_rule_as_strict_as_the_clause():
    listed = {line.id: line.severity for line in every_rule()}
    strict = {"block": BLOCK, "override": OVERRIDE, "warn": WARN, "info": INFO}
    assert listed == {id: severity for severity, ids in strict.items() for id in ids.split()}
    assert len([id for id in listed if id[0] == "R"]) == 63


def test_the_sheet_says_of_every_rule_what_it_asks_why_and_where_it_is_held():
    assert [line.id for line in every_rule() if not (all(line.texts) and line.basis and all(line.where))] == []


def test_no_rule_is_stricter_than_its_line_in_the_sheet():
    order = ("block", "override", "warn", "info")
    strictest = {line.id: order.index(line.severity) for line in every_rule()}
    found = [finding.split() for _rule, case in CASES for finding in case["found"]]
    assert [one for one in found if order.index(one[1]) < strictest[one[0]]] == []
