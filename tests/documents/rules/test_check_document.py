"""The command: what it prints and the code it leaves with."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

CLEAN = {
    "kind": "通知",
    "issuers": ["云岭市人民政府办公室"],
    "title": "关于做好防汛工作的通知",
    "document_number": "云政办发〔2026〕12号",
    "primary_recipients": "各县（市、区）人民政府",
    "body": "现通知如下。",
    "date_of_document": "2026-06-01",
}


@pytest.fixture
def run(tmp_path):
    """Exit code, standard output and standard error for a paper given as JSON text or an object."""

    def command(paper, *options):
        file = tmp_path / "paper.json"
        file.write_text(paper if isinstance(paper, str) else json.dumps(paper, ensure_ascii=False), encoding="utf-8")
        out, err = StringIO(), StringIO()
        try:
            call_command("check_document", str(file), *options, stdout=out, stderr=err)
        except SystemExit as left:
            return left.code, out.getvalue(), err.getvalue()
        return 0, out.getvalue(), err.getvalue()

    return command


def test_a_clean_paper_leaves_with_zero(run):
    code, out, _ = run(CLEAN, "--json")
    assert (code, json.loads(out)) == (0, {"findings": [], "ok": True})


def test_a_warning_leaves_with_one_and_may_go_on(run):
    code, out, _ = run({**CLEAN, "signers": ["周明远"]}, "--json")
    result = json.loads(out)
    assert (code, [item["rule"] for item in result["findings"]], result["ok"]) == (1, ["R05"], True)


def test_a_blocking_fault_may_not_go_on(run):
    code, out, _ = run({**CLEAN, "document_number": "云政办发〔2026〕012号"}, "--json")
    (item,) = json.loads(out)["findings"]
    assert (code, item["rule"], item["severity"], item["fix"]["value"]) == (1, "R19", "block", "云政办发〔2026〕12号")


def test_the_plain_text_groups_by_severity_and_names_the_clause(run):
    code, out, _ = run({**CLEAN, "signers": ["周明远"], "document_number": "云政办发〔2026〕012号"})
    assert code == 1
    assert out.index("必须改正") < out.index("R19") < out.index("建议改正") < out.index("R05")
    assert "（条例 第九条(六)）" in out
    assert "结论：不能继续，共2处。" in out


def test_a_refused_paper_names_every_field_and_leaves_with_two(run):
    code, out, err = run({**CLEAN, "urgency": "很急", "备注": "无"})
    assert (code, out) == (2, "")
    assert [line.split("：")[0].strip() for line in err.splitlines()[1:]] == ["备注", "urgency"]


def test_a_refused_paper_is_json_when_json_is_asked_for(run):
    code, out, _ = run({**CLEAN, "urgency": "很急"}, "--json")
    result = json.loads(out)
    assert (code, result["ok"], [item["rule"] for item in result["findings"]]) == (2, False, ["R42"])


@pytest.mark.parametrize("number", ["云政办发[2026]12号", "云政办发（２０２６）12号", "云政办发 〔2026〕 12号"])
def test_a_number_in_a_wrong_form_does_not_silence_the_rest(run, number):
    code, out, _ = run({**CLEAN, "document_number": number, "signers": ["周明远"]}, "--json")
    found = json.loads(out)["findings"]
    assert (code, [item["rule"] for item in found]) == (1, ["R19", "R05"])
    assert found[0]["fix"]["value"] == "云政办发〔2026〕12号"


def test_broken_json_leaves_with_two(run):
    assert run("{", "--json")[0] == 2


def test_disclosure_is_asked_for_only_at_a_moment_that_was_named(run):
    assert run(CLEAN)[0] == 0
    code, out, _ = run(CLEAN, "--moment", "sign", "--json")
    assert (code, [item["rule"] for item in json.loads(out)["findings"]]) == (1, ["R48"])


def test_a_paper_without_number_and_date_is_checked_as_a_draft(run):
    draft = {name: value for name, value in CLEAN.items() if name not in ("document_number", "date_of_document")}
    assert run(draft)[0] == 0


@pytest.mark.parametrize("name", ["missing.json", "paper.txt"])
def test_a_file_that_cannot_be_read_leaves_with_two(name, tmp_path):
    with pytest.raises(CommandError) as caught:
        call_command("check_document", str(tmp_path / name))
    assert caught.value.returncode == 2
