"""The preparation of a machine: standard library alone, once, in order, and honest where it may not install."""

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "officehub" / "prepare.py"
APT = "sudo apt-get update && sudo apt-get install -y --no-install-recommends"


@pytest.fixture
def prepare():
    spec = importlib.util.spec_from_file_location("officehub_prepare_tested", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def place(prepare, tmp_path, monkeypatch):
    """A checkout of its own, with an environment and fonts that look finished but no stamp yet."""
    monkeypatch.delenv("OFFICEHUB_VAR", raising=False)
    monkeypatch.delenv("OFFICEHUB_WHEELS", raising=False)
    monkeypatch.delenv("OFFICEHUB_NO_INSTALL", raising=False)
    (tmp_path / "requirements.txt").write_text("django==5.2\n")
    place = prepare.Place(tmp_path)
    place.python.parent.mkdir(parents=True)
    place.python.touch()
    (place.venv / "pyvenv.cfg").write_text("version = 3.11.2\n")
    place.fandol.mkdir(parents=True)
    for face in prepare.FANDOL:
        (place.fandol / face).touch()
    return place


def steps_are(prepare, monkeypatch, *steps):
    names = ("system_packages", "virtual_environment", "python_packages", "fandol_fonts")
    for name, step in zip(names, steps, strict=True):
        monkeypatch.setattr(prepare, name, step)


def nothing(place):
    """a step with nothing to do"""


def test_the_preparation_and_the_door_import_the_standard_library_alone():
    imported = set()
    for source in (SOURCE, ROOT / "manage.py"):
        for node in ast.parse(source.read_text()).body:
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module.partition(".")[0])
    assert imported - sys.stdlib_module_names == set()


def test_an_unprepared_checkout_names_the_first_command_and_stops(tmp_path):
    (tmp_path / "officehub").mkdir()
    shutil.copy(ROOT / "manage.py", tmp_path)
    shutil.copy(SOURCE, tmp_path / "officehub")
    ran = subprocess.run([sys.executable, "manage.py", "migrate"], cwd=tmp_path, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.split("\n")[-2:] == ["    python3 manage.py serve", ""]


def test_a_prepared_checkout_starts_no_process_and_says_nothing(prepare, place, monkeypatch, capsys):
    steps_are(prepare, monkeypatch, nothing, nothing, nothing, nothing)
    prepare.prepare(place)
    capsys.readouterr()
    monkeypatch.setattr(subprocess, "run", None)  # calling it would be a TypeError
    monkeypatch.setattr(subprocess, "Popen", None)
    prepare.prepare(place)
    assert capsys.readouterr().out == ""


def test_a_changed_pin_makes_another_look_necessary(prepare, place, monkeypatch):
    steps_are(prepare, monkeypatch, nothing, nothing, nothing, nothing)
    prepare.prepare(place)
    before = place.is_ready()
    (place.root / "requirements.txt").write_text("django==5.2.1\n")
    assert (before, place.is_ready()) == (True, False)


def test_an_interrupted_preparation_leaves_no_stamp_and_is_repeated(prepare, place, monkeypatch):
    def interrupted(place):
        """a step at which somebody presses Ctrl-C"""
        raise KeyboardInterrupt

    steps_are(prepare, monkeypatch, nothing, interrupted, nothing, nothing)
    with pytest.raises(KeyboardInterrupt):
        prepare.prepare(place)
    after_interruption = place.is_ready()
    steps_are(prepare, monkeypatch, nothing, nothing, nothing, nothing)
    prepare.prepare(place)
    assert (after_interruption, place.is_ready()) == (False, True)


def test_a_missing_library_stops_with_the_exact_command(prepare, place, monkeypatch):
    monkeypatch.setattr(prepare, "opens", lambda library: library != "libpango-1.0.so.0")
    monkeypatch.setattr(prepare, "has_font", lambda pattern: pattern != "gkai00mp.*")
    monkeypatch.setattr(prepare.shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(prepare, "privilege", lambda: None)  # neither root nor sudo
    with pytest.raises(prepare.NotReady) as stopped:
        prepare.prepare(place)
    assert stopped.value.commands == (f"{APT} libpango-1.0-0 fonts-arphic-gkai00mp",)
    assert not place.stamp.exists()


def test_where_nothing_may_be_installed_every_missing_step_is_named_at_once(prepare, place, monkeypatch):
    def lacks(command):
        def step(place):
            """a step with something missing"""
            raise prepare.NotReady("缺", command)

        return step

    monkeypatch.setenv("OFFICEHUB_NO_INSTALL", "1")
    steps_are(prepare, monkeypatch, lacks("apt"), nothing, lacks("pip"), lacks("fonts"))
    with pytest.raises(prepare.NotReady) as stopped:
        prepare.prepare(place)
    assert stopped.value.commands == ("apt", "pip", "fonts")


def test_no_installer_is_started_where_nothing_may_be_installed(prepare, place, monkeypatch):
    monkeypatch.setenv("OFFICEHUB_NO_INSTALL", "1")
    monkeypatch.setattr(prepare, "succeeds", lambda argv, **_: pytest.fail(f"started {argv}"))
    monkeypatch.setattr(prepare, "privilege", lambda: [])
    with pytest.raises(prepare.NotReady) as stopped:
        prepare.apt_install(["fontconfig"])
    assert stopped.value.commands == (f"{APT} fontconfig",)


def test_a_wheels_folder_keeps_pip_off_the_network(prepare, monkeypatch):
    monkeypatch.setenv("OFFICEHUB_WHEELS", "/srv/wheels")
    assert prepare.wheels() == ["--no-index", "--find-links", "/srv/wheels"]


@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="needs dpkg-deb to build a small package")
def test_the_five_faces_and_their_licence_come_out_of_a_package_in_the_wheels_folder(
    prepare, place, tmp_path, monkeypatch
):
    shutil.rmtree(place.fandol)
    monkeypatch.setenv("OFFICEHUB_WHEELS", str(package_with_fonts(tmp_path, prepare.FANDOL)))
    prepare.fandol_fonts(place)
    kept = {path.name: path.read_bytes() for path in place.fandol.iterdir()}
    assert kept == {**{face: face.encode() for face in prepare.FANDOL}, "COPYING": b"GPL"}
    assert [path.name for path in place.var.iterdir()] == ["fonts"]


def package_with_fonts(folder, faces):
    tree = folder / "tree"
    fonts, licence = tree / "usr/share/fonts/fandol", tree / "usr/share/doc/texlive-doc/fonts/fandol"
    for path in (fonts, licence, tree / "DEBIAN", folder / "wheels"):
        path.mkdir(parents=True)
    for face in [*faces, "FandolBraille-Regular.otf"]:
        (fonts / face).write_bytes(face.encode())
    (fonts / "linked").symlink_to(faces[0])  # the real package has links too
    (licence / "COPYING").write_bytes(b"GPL")
    subprocess.run(["gzip", "-n", licence / "COPYING"], check=True)
    control = "Package: texlive-lang-chinese\nVersion: 1\nArchitecture: all\nMaintainer: x <x@x>\nDescription: x\n"
    (tree / "DEBIAN" / "control").write_text(control)
    deb = folder / "wheels" / "texlive-lang-chinese_1_all.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "--build", tree, deb], check=True, stdout=subprocess.DEVNULL)
    return deb.parent


def test_a_second_preparation_waits_for_the_first(prepare, tmp_path):
    lock = tmp_path / "lock"
    second = f"""
import importlib.util, pathlib
spec = importlib.util.spec_from_file_location("p", {str(SOURCE)!r})
p = importlib.util.module_from_spec(spec); spec.loader.exec_module(p)
with p.alone(pathlib.Path({str(lock)!r})): p.say("my turn")
"""
    with prepare.alone(lock):
        waiting = subprocess.Popen([sys.executable, "-c", second], stdout=subprocess.PIPE, text=True)
        first_line = waiting.stdout.readline()
    rest, _ = waiting.communicate(timeout=30)
    assert (first_line, rest) == ("另一个进程正在准备环境，等它完成……\n", "my turn\n")


def test_fonts_and_stamps_go_where_the_office_keeps_its_files(prepare, tmp_path, monkeypatch):
    monkeypatch.setenv("OFFICEHUB_VAR", str(tmp_path / "kept"))
    place = prepare.Place(tmp_path)
    assert (place.fandol, place.stamp) == (tmp_path / "kept/fonts/fandol", tmp_path / "kept/prepared-serve")
    assert os.path.isabs(place.var)
