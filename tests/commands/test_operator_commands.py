"""What an operator asks the house by command: said in words or JSON, and by the exit code."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from documents import drafting
from documents.management.commands import import_documents
from documents.models import Document, NumberEntry, NumberYear, Series
from officehub.audit.models import Event
from officehub.audit.record import record, seal_events
from officehub.people.grants import Because, grant
from tests.cast import NOTICE


@pytest.fixture
def run(capsys):
    """Run a command: its exit code and what it said."""

    def asked(*argv):
        try:
            call_command(*[str(word) for word in argv])
            code = 0
        except SystemExit as left:
            code = left.code or 0
        except CommandError as refused:
            return refused.returncode, str(refused)
        return code, capsys.readouterr().out.strip()

    return asked


# --- workday ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["add", "2026-02-13", "5"], "2026-02-27"),
        (["add", "2026-12-25", "10"], "2027-01-08（按推算：途经的年份还没有确认的放假安排）"),
        (["add", "2026-02-24", "-1"], "2026-02-14"),
        (["between", "2025-12-31", "2026-12-31"], "248 个工作日"),
        (["between", "2026-12-31", "2027-01-05"], "3 个工作日（按推算：途经的年份还没有确认的放假安排）"),
    ],
)
def test_workdays_are_said_in_words(run, argv, said):
    assert run("workday", *argv) == (0, said)


@pytest.mark.django_db
def test_workdays_are_said_in_json(run):
    assert json.loads(run("workday", "add", "2026-09-18", "7", "--json")[1]) == {
        "start": "2026-09-18",
        "working_days": 7,
        "due": "2026-09-29",
        "provisional": False,
    }
    assert json.loads(run("workday", "between", "2026-12-31", "2027-01-05", "--json")[1]) == {
        "start": "2026-12-31",
        "end": "2027-01-05",
        "working_days": 3,
        "provisional": True,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["add", "2026-02-30", "5"], "不是日期"),
        (["add", "明天", "5"], "不是日期"),
        (["add", "2026-02-13", "五"], "N"),
        (["add", "2026-02-13", "4000"], "最多 3660 天"),
        (["add", "9999-12-31", "5"], "算不了"),
        (["between", "0001-01-01", "9999-12-31"], "至多"),
        (["add"], "DATE"),
        ([], "add|between"),
    ],
)
def test_wrong_dates_are_refused_clearly(run, argv, says):
    code, said = run("workday", *argv)
    assert says in said
    assert code in (1, 2)  # argparse leaves with 2; called from Python, Django makes it a CommandError


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["add", "2026-01-20", "30", "--unit", "natural_days"], "2026-02-24"),
        (["add", "2026-10-01T22:00", "5", "--unit", "hours"], "2026-10-02 03:00（Asia/Shanghai）"),
        (["add", "2026-11-26T12:30", "4", "--unit", "office_hours"], "2026-11-27 09:00（Asia/Shanghai）"),
        (["between", "2026-11-26T12:30", "2026-11-27T09:00", "--unit", "office_hours"], "4 个工作小时"),
        (["between", "2026-11-26", "2026-12-06", "--unit", "natural_days"], "10 日"),
        (["between", "2026-11-26T12:30", "2026-11-26T14:00", "--unit", "hours"], "1.5 小时"),
    ],
)
def test_other_units_are_counted_too(run, argv, said):
    assert run("workday", *argv) == (0, said)


@pytest.mark.django_db
def test_a_year_is_imported_by_command_whole_or_not_at_all(run, tmp_path):
    file = tmp_path / "2027.csv"
    file.write_text("2027-01-01,休,元旦,国办\n2027-01-02,歇,元旦,国办", "utf-8")
    code, said = run("workday", "import", file, "--year", "2027")
    assert (code, "第 2 行" in said) == (1, True)
    file.write_text("2027-01-01,休,元旦,国办", "utf-8")
    code, said = run("workday", "import", file, "--year", "2027", "--dry-run", "--json")
    assert (code, json.loads(said)["changed"], json.loads(said)["change"]) == (0, 365, None)
    code, said = run("workday", "import", file, "--year", "2027")
    assert (code, said) == (0, "2027 年：已确认 365 天，变更 365 天。时限由后台任务重算。")
    assert run("workday", "add", "2026-12-31", "1") == (0, "2027-01-04")
    assert Event.objects.get(verb="calendar_confirmed").actor is None
    assert run("workday", "import", tmp_path / "none", "--year", "2027")[0] == 2


# --- audit verify -------------------------------------------------------------------------------------------------


def test_an_untouched_record_is_said_to_be_whole(run, cast, now):
    record(cast.drafter, "tried", by=cast.clerk, now=now)
    seal_events(now)
    assert run("audit", "verify") == (0, "审计记录完好：事件 1 个，封存 1 次。")
    found = json.loads(run("audit", "verify", "--json")[1])
    assert found == {"ok": True, "events": 1, "seals": 1, "first": None, "faults": []}


def test_the_first_broken_row_is_named(run, cast, now):
    events = [record(cast.drafter, "tried", by=cast.clerk, now=now, facts={"n": n}) for n in range(3)]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_event SET verb = 'forged' WHERE id = %s", [events[1].pk])
    code, said = run("audit", "verify")
    assert (code, f"第一处：事件 {events[1].pk}" in said) == (1, True)
    code, said = run("audit", "verify", "--json")
    found = json.loads(said)
    assert (code, found["ok"], len(found["faults"])) == (1, False, 1)
    assert found["first"].startswith(f"事件 {events[1].pk}（")


# --- numbers check ------------------------------------------------------------------------------------------------


def test_numbers_in_order_are_said_to_be(run, cast, now):
    series = Series.objects.get(code="海政办发")
    NumberYear.objects.create(series=series, year=2026, last=2)
    for seq in (1, 2):
        NumberEntry.objects.create(series=series, year=2026, seq=seq, reason="作废", at=now)
    said = "海政办发〔2026〕1至2号：空号，作废\n核对 1 个年度系列，全部连续、无重号。"
    assert run("numbers", "check") == (0, said)


def test_a_gap_and_a_wrong_counter_are_named(run, cast, now):
    series = Series.objects.get(code="海政办发")
    NumberYear.objects.create(series=series, year=2026, last=5)
    for seq in (1, 4):
        NumberEntry.objects.create(series=series, year=2026, seq=seq, reason="作废", at=now)
    code, said = run("numbers", "check", "--json")
    assert code == 1
    assert [fault["message"] for fault in json.loads(said)["faults"]] == [
        "缺 2 至 3 号，没有登记。",
        "已用到 5 号，登记到 4 号。",
    ]


# --- explain_access -----------------------------------------------------------------------------------------------


@pytest.fixture
def paper(cast, now) -> Document:
    return drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)


def test_the_drafter_is_let_in_as_participant(run, cast, paper):
    code, said = run("explain_access", "drafter", f"documents.document:{paper.pk}")
    assert code == 0
    assert "看得到公文" in said
    assert "准：本人，参与办理" in said


def test_every_row_that_lets_in_is_named(run, cast, paper, now):
    grant(paper, [cast.section.group_direct], Because.RECIPIENT)
    found = json.loads(run("explain_access", "drafter", f"公文:{paper.pk}", "--json")[1])
    assert found["may_see"] is True
    assert [(row["via"], row["because"]) for row in found["because"]] == [
        ("本人", "参与办理"),
        ("综合科（本级）", "分送对象"),
    ]


def test_a_stranger_is_told_why_not(run, cast, paper, now):
    grant(paper, [cast.stranger], Because.EXCEPTION, now - timedelta(days=800))
    code, said = run("explain_access", "stranger", f"documents.document:{paper.pk}")
    assert code == 1
    assert "已过期：本人，专项授权" in said
    assert "不准：本人和所在的部门、角色（" in said


def test_somebody_who_has_left_is_kept_out_whatever_the_rows_say(run, cast, paper):
    cast.drafter.is_active = False
    cast.drafter.save()
    code, said = run("explain_access", "drafter", f"documents.document:{paper.pk}")
    assert (code, "账号已停用" in said) == (1, True)


def test_a_paper_is_found_by_its_number(run, cast, paper, now):
    signed = {"signed_by": cast.leader, "signed_at": now, "signed_hash": paper.content_hash()}
    Document.objects.filter(pk=paper.pk).update(state="numbered", document_number="海政办发〔2026〕3号", **signed)
    assert run("explain_access", "drafter", "海政办发〔2026〕3号")[0] == 0


@pytest.mark.parametrize(
    ("person", "thing"),
    [
        ("nobody", "documents.document:1"),
        ("drafter", "documents.document:999999"),
        ("drafter", "people.person:1"),
        ("drafter", "documents.document:" + "9" * 40),
        ("drafter", "海政办发〔1999〕1号"),
        ("drafter", ":"),
        ("drafter", ""),
    ],
)
def test_what_does_not_exist_is_said_not_to(run, cast, person, thing):
    code, said = run("explain_access", person, thing)
    assert (code, said[:2] in ("没有", "找不")) == (2, True)


# --- import_documents ---------------------------------------------------------------------------------------------


@pytest.fixture
def jsonl(tmp_path):
    def written(*lines) -> str:
        file = tmp_path / "papers.jsonl"
        file.write_bytes(b"\n".join(line if isinstance(line, bytes) else as_line(line) for line in lines))
        return str(file)

    return written


def as_line(raw) -> bytes:
    return json.dumps(raw, ensure_ascii=False).encode()


ISSUED = {
    **NOTICE,
    "document_number": "海政办发〔2025〕7号",
    "date_of_document": "2025-06-03",
    "attachments": [{"title": "任务清单", "body": "一、清单"}],
}


def test_papers_are_taken_as_drafts_with_what_they_came_with(run, cast, jsonl):
    code, said = run("import_documents", jsonl(ISSUED, b"", NOTICE), "--by", "drafter")
    assert (code, said) == (0, "收下 2 件，退回 0 件。")
    first = Document.objects.order_by("id").first()
    assert (first.state, first.drafter, first.organ, first.document_number) == (
        "drafting",
        cast.drafter,
        cast.office,
        None,
    )
    assert [attached.title for attached in first.attached.all()] == ["任务清单"]
    came_with = Event.objects.get(subject_id=first.pk, verb="create").facts["came_with"]
    assert came_with == {"document_number": "海政办发〔2025〕7号", "date_of_document": "2025-06-03"}


def test_a_broken_line_is_refused_by_field_and_the_others_are_taken(run, cast, jsonl):
    lines = [
        NOTICE,
        b'{"kind": "\xcd\xa8"}',
        b"{",
        b"[1, 2]",
        {**NOTICE, "kind": "便条", "colour": "红"},
        {**NOTICE, "title": "a\x00b"},
        {**NOTICE, "issuers": ["不认识的机关"]},
        {**NOTICE, "title": "长" * 10_000_000},
        {**NOTICE, "title": None},
        b"null",
        b'{"kind": "\\ud800"}',
        NOTICE,
    ]
    lines[-1] = {**NOTICE, "title": "关于另一件事的通知"}
    code, said = run("import_documents", jsonl(*lines), "--by", "drafter", "--json")
    found = json.loads(said)
    assert (code, [row["line"] for row in found["taken"]]) == (1, [1, 12])
    assert [row["line"] for row in found["refused"]] == [*range(2, 12)]
    fields = {row["line"]: {error["field"] for error in row["errors"]} for row in found["refused"]}
    assert fields[5] == {"kind", "colour"}
    assert fields[6] == {"title"}
    assert fields[7] == {"issuers"}
    assert "第3行" in found["refused"][1]["errors"][0]["message"]
    assert "4 MB" in found["refused"][6]["errors"][0]["message"]
    assert Document.objects.count() == 2


def test_faults_of_form_and_of_issuer_are_told_together(run, cast, jsonl):
    line = {**NOTICE, "colour": "红", "issuers": ["不认识的机关"]}
    _, said = run("import_documents", jsonl(line), "--by", "drafter", "--json")
    (row,) = json.loads(said)["refused"]
    assert [error["field"] for error in row["errors"]] == ["colour", "issuers"]


def test_the_same_paper_is_taken_once_unless_asked_for_again(run, cast, jsonl):
    other = {**ISSUED, "document_number": "海政办发〔2025〕8号"}
    code, said = run("import_documents", jsonl(ISSUED, other, ISSUED), "--by", "drafter")
    assert (code, "与第 1 行是同一件" in said, Document.objects.count()) == (1, True, 2)
    code, said = run("import_documents", jsonl(ISSUED), "--by", "drafter")
    assert (code, "已经导入过" in said, Document.objects.count()) == (1, True, 2)
    assert run("import_documents", jsonl(ISSUED), "--by", "drafter", "--again") == (0, "收下 1 件，退回 0 件。")
    assert run("import_documents", jsonl(ISSUED), "--by", "reader", "--organ", "市政府办公室")[0] == 0


def test_a_paper_written_here_does_not_count_as_imported(run, cast, jsonl, paper):
    assert run("import_documents", jsonl(NOTICE), "--by", "drafter")[0] == 0


def test_whose_drafts_they_become_must_be_said(capsys):
    command = import_documents.Command()
    command._called_from_command_line = True  # from Python, Django makes a CommandError of it
    with pytest.raises(SystemExit) as left:
        command.create_parser("manage.py", "import_documents").parse_args(["papers.jsonl"])
    assert (left.value.code, "--by" in capsys.readouterr().err) == (2, True)


def test_a_rehearsal_leaves_nothing(run, cast, jsonl):
    code, said = run("import_documents", jsonl(NOTICE), "--by", "drafter", "--dry-run")
    assert (code, said, Document.objects.count(), Event.objects.count()) == (0, "可以收下 1 件，退回 0 件。", 0, 0)


def test_papers_of_others_are_taken_under_a_named_organ(run, cast, jsonl):
    path = jsonl({**NOTICE, "issuers": ["别处人民政府"]})
    assert run("import_documents", path, "--by", "reader", "--organ", "市政府办公室")[0] == 0
    taken = Document.objects.get()
    assert (taken.organ, taken.drafter.username) == (cast.office, "reader")


@pytest.mark.parametrize(
    ("options", "says"),
    [(["--by", "nobody"], "没有登录名为“nobody”"), (["--organ", "别处"], "没有名为“别处”的发文机关")],
)
def test_a_wrong_person_or_organ_is_misuse(run, cast, jsonl, options, says):
    code, said = run("import_documents", jsonl(NOTICE), "--by", "drafter", *options)
    assert (code, says in said) == (2, True)


def test_a_file_that_is_not_there_is_misuse(run, cast, tmp_path):
    code, said = run("import_documents", tmp_path / "none.jsonl", "--by", "drafter")
    assert (code, "读不了文件" in said) == (2, True)
