"""A package checks itself without the system, any touched part is named, and a killed worker costs one piece."""

import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from defusedxml import ElementTree as ET
from django.urls import reverse

from documents.keeping import appraisal, verify_package
from documents.keeping import package as packing
from documents.models import ArchivalItem, DestructionRegister, Package
from officehub.approvals.decide import DecisionRefused
from officehub.moves import TooLate, events_of
from tests.documents.keeping.test_appraisal import LATER


@pytest.fixture
def order(cast, now, monkeypatch):
    """A package ordered, however lately the same was."""
    monkeypatch.setattr(packing, "TWICE", timedelta(0))

    def made() -> Package:
        ordered = packing.order(fonds="0102", years=(2026, 2026), retention="", by=cast.archivist, now=now)
        ordered.refresh_from_db()
        return ordered

    return made


@pytest.fixture
def packed(order, now):
    """A package of the items there are, whole."""

    def made() -> Package:
        ordered = order()
        pack(ordered, now)
        return ordered

    return made


def pack(ordered: Package, now) -> int:
    runs = 0
    while packing.pack(ordered.pk, now + timedelta(seconds=runs)):
        runs += 1
    ordered.refresh_from_db()
    return runs


def check(path, *more) -> tuple[int, str]:
    """The script as its user runs it, with nothing but Python: isolated, so that it finds no package of ours."""
    script = Path(verify_package.__file__)
    argv = [sys.executable, "-I", str(script), str(path), *more]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def rewritten(path: Path, target: Path, change) -> Path:
    """The package with `change(name, content)` made to each member; None leaves one out."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in source.infolist():
            content = change(entry.filename, source.read(entry))
            if content is not None:
                made.writestr(entry.filename, content)
    return target


def test_a_package_holds_what_an_archive_asks_for_and_passes_its_own_check(filed, packed, tmp_path, cast):
    item, other = filed(), filed()
    ordered = packed()
    assert (ordered.state, ordered.done, ordered.total) == ("done", 2, 2)
    path = Path(ordered.file.path)
    assert check(path) == (0, f"检验合格：2 件，链首 {ordered.head}。\n")
    assert check(path, "--head", ordered.head)[0] == 0
    assert check(path, "--head", "0" * 64)[0] == 1
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "out")
        root = ET.fromstring(archive.read(f"items/{item.reference_code}/metadata.xml"))
    assert {"README.txt", "verify_package.py", "package.json", "归档文件目录.xlsx"} <= set(names)
    assert f"items/{other.reference_code}/files/01-正本.pdf" in names
    assert root.findtext("entity/identifier") == item.reference_code
    assert root.findtext("entity/retention") == "10年"
    verbs = [one.get("verb") for one in root.iterfind("activities/activity")]
    assert verbs[0] == "create"
    assert {"sign_off", "seal", "archive", "frozen"} <= set(verbs)
    assert [one.get("stage") for one in root.iterfind("opinions/opinion")] == ["部门审核", "核稿", "签发"]
    inside = tmp_path / "out" / "verify_package.py"
    done = subprocess.run([sys.executable, "-I", str(inside), str(tmp_path / "out")], capture_output=True, check=False)
    assert done.returncode == 0  # its own copy, on the unpacked folder
    assert not list(path.parent.glob("*.part"))
    assert not list(path.parent.glob("*.tail*"))


def test_every_touched_part_is_named_first(filed, packed, tmp_path):
    item = filed()
    path = Path(packed().file.path)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    for place, name in enumerate(names):
        change = lambda at, content, name=name: content[:-1] + bytes([content[-1] ^ 1]) if at == name else content  # noqa: E731
        code, said = check(rewritten(path, tmp_path / f"{place}.zip", change))
        if name == "package.json":
            assert code in (1, 2), said
        else:
            assert (code, said.partition("：")[0]) == (1, name), said
    assert len(names) == 4 + 2 + item.files.count()


@pytest.mark.parametrize("part", ["metadata.xml", "hashes.txt", "files/01-正本.pdf", "verify_package.py"])
def test_a_missing_part_is_named(filed, packed, tmp_path, part):
    filed()
    change = lambda at, content: None if at.endswith(part) else content  # noqa: E731
    code, said = check(rewritten(Path(packed().file.path), tmp_path / "x.zip", change))
    assert code == 1
    assert part in said.splitlines()[0]
    assert "缺失" in said


def test_something_slipped_in_or_swapped_is_seen(filed, packed, tmp_path):
    filed(), filed()
    path = Path(packed().file.path)
    more = rewritten(path, tmp_path / "more.zip", lambda at, content: content)
    with zipfile.ZipFile(more, "a") as archive:
        archive.writestr("items/另加.txt", b"x")
    assert check(more) == (1, "items/另加.txt：不在清单中\n检验不合格：1 处。\n")

    def swapped(at, content):
        if at != "package.json":
            return content
        said = json.loads(content)
        said["chain"].reverse()
        del said["self"]
        said["self"] = verify_package.hashlib.sha256(verify_package.canonical(said)).hexdigest()
        return json.dumps(said, ensure_ascii=False).encode()

    code, said = check(rewritten(path, tmp_path / "swapped.zip", swapped))
    assert code == 1
    assert "校验链在此断开" in said


@pytest.mark.parametrize("content", [b"", b"no zip at all", None])
def test_what_is_no_package_is_misuse(tmp_path, content):
    path = tmp_path / "none.zip"
    if content is None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.txt", "a")
    else:
        path.write_bytes(content)
    assert check(path)[0] == 2
    assert check(tmp_path / "nowhere.zip")[0] == 2


def test_a_fault_of_ours_is_said_and_not_tried_for_ever(filed, order, now, monkeypatch):
    filed()
    ordered = order()
    monkeypatch.setattr(packing, "_piece", lambda *args: 1 / 0)
    assert packing.pack(ordered.pk, now) is False
    ordered.refresh_from_db()
    assert (ordered.state, "意外错误" in ordered.error) == ("failed", True)
    assert not packing.waiting(now + timedelta(days=1)).exists()


def test_a_worker_killed_at_any_stroke_costs_one_piece(filed, order, now, monkeypatch):
    """Each stroke of a run may be its last; whoever comes after makes the package whole."""
    for _ in range(3):
        filed()
    monkeypatch.setattr(packing, "PIECE", 1)

    class Killed(BaseException):
        pass

    def dies(*args, **kwargs):
        raise Killed

    for stroke in ("_put", "_keep_tail", "_described", "_settle"):
        ordered = order()
        for run in range(8):  # every piece, and the finish, is killed once and then made
            at = now + timedelta(hours=2 * run)
            with monkeypatch.context() as patched:
                patched.setattr(packing, stroke, dies)
                try:
                    packing.pack(ordered.pk, at)
                except Killed:
                    with packing._part(ordered).open("ab") as file:
                        file.write(b"half an item")
            packing.pack(ordered.pk, at + timedelta(hours=1))
        ordered.refresh_from_db()
        assert (ordered.state, ordered.done) == ("done", 3), stroke
        code, said = check(ordered.file.path)
        assert code == 0, said


def test_a_kept_file_that_was_touched_is_not_handed_over(filed, order, now):
    item = filed()
    file = item.files.get(part="original")
    path = Path(file.file.path)
    path.write_bytes(path.read_bytes() + b"x")
    ordered = order()
    for turn in range(3):
        packing.pack(ordered.pk, now + timedelta(hours=turn))
    ordered.refresh_from_db()
    assert ordered.state == "failed"
    assert "校验值不符" in ordered.error


def test_nothing_and_the_unfrozen_are_refused(filed, order, now):
    with pytest.raises(DecisionRefused, match="没有可移交"):
        order()
    item = filed()
    ArchivalItem.objects.filter(pk=item.pk).update(frozen_at=None, digest="")
    with pytest.raises(DecisionRefused, match="还没有封存好"):
        order()


def test_the_archivist_orders_fetches_and_hands_over_once(filed, cast, client, now):
    item = filed()
    client.force_login(cast.archivist)
    given = {"fonds": "0102", "year_from": 2026, "year_to": 2026, "retention": ""}
    answer = client.post(reverse("documents:order_package"), given)
    ordered = Package.objects.get()
    assert answer.url == reverse("documents:package", args=[ordered.pk])
    assert "等待打包" in client.get(answer.url).content.decode()
    pack(ordered, now)
    fetched = client.get(reverse("documents:package_file", args=[ordered.pk]))
    assert len(b"".join(fetched.streaming_content)) == ordered.size
    given = {"day": "2026-11-23", "receiver": "海青市档案馆"}
    assert client.post(reverse("documents:hand_over_package", args=[ordered.pk]), given).status_code == 302
    item.refresh_from_db()
    assert item.state == "transferred"
    assert events_of(ordered).filter(verb="hand_over_package").exists()
    with pytest.raises(TooLate):
        packing.hand_over(ordered, day=now.date(), receiver="海青市档案馆", by=cast.archivist, now=now)
    client.force_login(cast.drafter)
    assert client.get(reverse("documents:package_file", args=[ordered.pk])).status_code == 404


# --- what is to be destroyed is not handed over ---------------------------------------------------------------------


@pytest.fixture
def condemned(filed, cast):
    """An item that stands in a register of destruction."""

    def made(item: ArchivalItem | None = None) -> tuple[ArchivalItem, DestructionRegister]:
        found = item or filed()
        return found, appraisal.propose([found], reason="已无保存价值", by=cast.archivist, now=LATER)

    return made


def test_an_item_of_an_open_register_is_not_packed(condemned, order, cast, filed):
    filed()
    _item, register = condemned()
    with pytest.raises(DecisionRefused, match=rf"有 1 件列入销毁清册（{register}），请待清册办结"):
        order()
    assert Package.objects.count() == 0
    appraisal.answer(register, agreed=False, words="仍须保存", by=cast.clerk, now=LATER)
    assert order().total == 2


def test_a_package_made_before_is_not_handed_over_while_the_register_is_open(condemned, packed, filed, cast, now):
    item = filed()
    ordered = packed()
    _item, register = condemned(item)
    deed = {"day": now.date(), "receiver": "市档案馆", "by": cast.archivist, "now": now}
    with pytest.raises(DecisionRefused, match="请待清册办结后再登记移交"):
        packing.hand_over(ordered, **deed)
    item.refresh_from_db()
    assert (item.state, Package.objects.get().handed_on) == ("kept", None)
    appraisal.answer(register, agreed=True, words="", by=cast.clerk, now=LATER)
    with pytest.raises(DecisionRefused, match=str(register)):
        packing.hand_over(ordered, **deed)
    assert appraisal.destroy(register, by=cast.archivist, now=LATER) == 1  # it was not left stuck
    with pytest.raises(TooLate):
        packing.hand_over(ordered, **deed)  # the package is void


def test_what_waited_for_a_package_waits_no_more_once_it_is_handed_over(packed, filed, cast, now):
    item = filed()
    appraisal.mark_for_transfer(item, reason="应进馆", by=cast.archivist, now=LATER)
    packing.hand_over(packed(), day=now.date(), receiver="市档案馆", by=cast.archivist, now=now)
    item.refresh_from_db()
    assert (item.state, item.appraisals.get().open) == ("transferred", False)


def test_a_register_lists_no_more_than_can_be_read(filed, cast, monkeypatch):
    monkeypatch.setattr(appraisal, "MOST", 1)
    items = [filed(), filed()]
    with pytest.raises(DecisionRefused, match="最多列 1 件"):
        appraisal.propose(items, reason="已无保存价值", by=cast.archivist, now=LATER)
    assert DestructionRegister.objects.count() == 0
