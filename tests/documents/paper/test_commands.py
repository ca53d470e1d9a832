import json

import pytest
from django.core.management import CommandError, call_command

from documents.paper import fonts
from documents.paper.process import desk
from tests.documents.paper.samples import raw


@pytest.fixture(autouse=True)
def no_child_left():
    yield
    desk.close()


@pytest.fixture
def file(tmp_path):
    written = tmp_path / "paper.json"
    written.write_text(json.dumps(raw(), ensure_ascii=False), "utf-8")
    return written


def test_a_paper_is_rendered_and_measured_without_the_database(file, tmp_path, capsys):
    out = tmp_path / "out.pdf"
    call_command("render_document", str(file), "-o", str(out), "--json")
    assert json.loads(capsys.readouterr().out)["bytes"] == out.stat().st_size
    call_command("measure_pdf", str(out), "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["ok"], len(report["checks"])) == (True, 33)


def test_the_measures_are_told_line_by_line(file, tmp_path, capsys):
    out = tmp_path / "out.pdf"
    call_command("render_document", str(file), "-o", str(out))
    call_command("measure_pdf", str(out))
    assert capsys.readouterr().out.rstrip().endswith("33项，全部合格。")


def test_a_refused_paper_names_its_fields_and_writes_nothing(tmp_path):
    bad, out = tmp_path / "bad.json", tmp_path / "out.pdf"
    bad.write_text(json.dumps(raw(kind="便函", colour="红")), "utf-8")
    with pytest.raises(CommandError, match="colour") as failure:
        call_command("render_document", str(bad), "-o", str(out))
    assert (failure.value.returncode, out.exists()) == (2, False)


def test_a_print_without_the_prescribed_faces_is_written_and_owned_up_to(file, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(fonts, "missing", lambda: ["仿宋（正文）"])
    out = tmp_path / "out.pdf"
    with pytest.raises(SystemExit) as end:
        call_command("render_document", str(file), "-o", str(out), "--json")
    said = capsys.readouterr()
    assert (end.value.code, json.loads(said.out)["ok"], out.stat().st_size > 0) == (1, False, True)
    assert "仿宋" in said.err


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\0" * 5000, b"\xff" * 40])
def test_a_broken_pdf_is_a_misuse(content, tmp_path):
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(content)
    with pytest.raises(CommandError) as failure:
        call_command("measure_pdf", str(broken))
    assert failure.value.returncode == 2


def test_a_missing_file_is_a_misuse(tmp_path):
    with pytest.raises(CommandError) as failure:
        call_command("measure_pdf", str(tmp_path / "none.pdf"))
    assert failure.value.returncode == 2


def test_a_measured_fault_is_an_exit_code_of_one(file, tmp_path, capsys):
    out = tmp_path / "out.pdf"
    call_command("render_document", str(file), "-o", str(out))
    with pytest.raises(SystemExit) as end:
        call_command("measure_pdf", str(out), "--layout", "order")
    assert end.value.code == 1
    assert "不合格" in capsys.readouterr().out


def test_an_image_outside_the_folder_of_the_paper_is_not_read(tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    (tmp_path / "secret.png").write_bytes(b"secret")
    (folder / "map.png").symlink_to(tmp_path / "secret.png")
    written = folder / "paper.json"
    written.write_text(json.dumps(raw(body="![图](map.png)"), ensure_ascii=False), "utf-8")
    with pytest.raises(CommandError, match="缺少图片"):
        call_command("render_document", str(written), "-o", str(tmp_path / "out.pdf"))
