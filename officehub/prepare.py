"""Makes a machine that has only python3 ready to run OfficeHub: system libraries, `.venv`, pinned packages, fonts.

It uses the standard library alone, installs where it may, and otherwise names the exact command and stops. It does
not start anything and knows nothing of Django; `manage.py` loads it by its path.

Environment: OFFICEHUB_VAR (where fonts and stamps are kept, default `.var`), OFFICEHUB_NO_INSTALL=1 (look, name the
commands, change nothing), OFFICEHUB_WHEELS=DIR (an intranet's folder of wheels, and of the texlive-lang-chinese deb).
"""

from __future__ import annotations

import fcntl
import glob
import gzip
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import Path

PYTHON = (3, 11)
LIBRARIES = {  # Debian package -> the library WeasyPrint opens
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
FONTS = {  # Debian package -> a file of it
    "fonts-noto-cjk": "NotoSerifCJK-Regular.*",
    "fonts-arphic-gkai00mp": "gkai00mp.*",
}
FONT_ROOTS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FANDOL_PACKAGE = "texlive-lang-chinese"  # 49 MB, of which the five faces and their licence are kept
FANDOL = [f"Fandol{face}.otf" for face in ("Fang-Regular", "Song-Bold", "Song-Regular", "Hei-Regular", "Kai-Regular")]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = ("apt-get", "install", "-y", "--no-install-recommends")
NEEDS_TESTS = {"test", "rehearse"}  # commands that also want tests/requirements.txt and a browser
PREPARES = {"serve"} | NEEDS_TESTS


class NotReady(Exception):
    """Something is missing that may not be installed here; `commands` would put it right."""

    def __init__(self, says: str, *commands: str):
        super().__init__(says)
        self.commands = commands


def enter(root: Path, argv: list[str]) -> None:
    """Return in the prepared environment, replace this process by one in it, or say what is missing and exit 1."""
    command = argv[1] if len(argv) > 1 else ""
    place = Place(root, for_tests=command in NEEDS_TESTS)
    try:
        if command in PREPARES:
            prepare(place)
        elif not place.python.exists():
            raise NotReady("这里还没有准备好运行环境。先运行：", "python3 manage.py serve")
    except NotReady as missing:
        sys.exit("\n".join(["", str(missing), *(f"    {command}" for command in missing.commands)]))
    if Path(sys.prefix) != place.venv:
        os.execv(str(place.python), [str(place.python), *argv])  # noqa: S606 - our own interpreter, no shell


class Place:
    """Where things are in one checkout, and the key that says for which needs it was last found ready."""

    def __init__(self, root: Path, for_tests: bool = False):
        self.root = root
        self.for_tests = for_tests
        self.var = Path(os.environ.get("OFFICEHUB_VAR") or root / ".var").absolute()
        self.venv = root / ".venv"
        self.python = self.venv / "bin" / "python"
        self.fandol = self.var / "fonts" / "fandol"
        self.requirements = root / ("tests/requirements.txt" if for_tests else "requirements.txt")
        self.stamp = self.var / ("prepared-test" if for_tests else "prepared-serve")

    def key(self) -> str:
        """Everything that, when it changes, makes another look necessary: pins, this file, the interpreter."""
        parts = [self.root / "requirements.txt", self.requirements, Path(__file__), self.venv / "pyvenv.cfg"]
        digest = hashlib.sha256(str(self.venv).encode())
        for part in parts:
            digest.update(part.read_bytes())
        return digest.hexdigest()

    def is_ready(self) -> bool:
        """A few stats and small reads, no process started."""
        if not (self.python.exists() and self.stamp.exists() and has_fandol(self)):
            return False
        return self.stamp.read_text() == self.key()


def prepare(place: Place) -> None:
    """Take the steps that are missing, in order; the stamp comes last, so an interrupted run is simply repeated."""
    if sys.version_info < PYTHON:
        raise NotReady(
            f"需要 Python 3.11 或更高版本，本机是 {sys.version.split()[0]}。", "sudo apt-get install python3"
        )
    if place.is_ready():
        return
    place.var.mkdir(parents=True, exist_ok=True)
    with alone(place.var / "prepare.lock"):
        if place.is_ready():  # whoever held the lock has done it
            return
        steps = [system_packages, virtual_environment, python_packages, fandol_fonts]
        steps += [browser] if place.for_tests else []
        lacking = []
        for number, step in enumerate(steps, start=1):
            say(f"[{number}/{len(steps)}] {step.__doc__}")
            lacking += attempt(step, place)
        if lacking:
            raise NotReady("设置了不得安装（OFFICEHUB_NO_INSTALL），还缺这些步骤。请依次执行：", *lacking)
        write_whole(place.stamp, place.key())


def attempt(step, place: Place) -> list[str]:
    """Take the step. Where nothing may be installed, go on to the next one and collect the commands of all."""
    try:
        step(place)
    except NotReady as missing:
        if may_install():
            raise
        return list(missing.commands)
    return []


@contextmanager
def alone(path: Path):
    """Hold the lock; a second run waits, and says so."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("另一个进程正在准备环境，等它完成……")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# --- the steps; the docstring is the line shown ----------------------------------------------------------------
def system_packages(place: Place) -> None:
    """系统库与字体"""
    missing = missing_packages(place)
    if not missing:
        return
    apt_install(missing)
    if still := missing_packages(place):
        raise NotReady(f"装过之后仍然缺少：{'、'.join(still)}。请看上面的安装输出。", apt_command(still))


def virtual_environment(place: Place) -> None:
    """虚拟环境 .venv"""
    if place.python.exists() and succeeds([place.python, "-m", "pip", "--version"]):
        return
    base = getattr(sys, "_base_executable", sys.executable)  # not the half-made .venv we may be running in
    run([base, "-m", "venv", "--clear", place.venv])


def python_packages(place: Place) -> None:
    """Python 依赖包"""
    pip = [place.python, "-m", "pip"]
    satisfied = [*pip, "--isolated", "install", "--dry-run", "--no-index", "-q", "-r", place.requirements]
    if succeeds(satisfied):
        return
    say("      正在安装，首次约需两分钟……")
    run([*pip, "install", "--disable-pip-version-check", "--no-input", "-q", *wheels(), "-r", place.requirements])


def fandol_fonts(place: Place) -> None:
    """公文字体（Fandol 仿宋、小标宋、黑体、楷体）"""
    if has_fandol(place):
        return
    with tempfile.TemporaryDirectory(dir=place.var, prefix="fandol-") as scratch:
        faces = Path(scratch) / "faces"
        faces.mkdir()
        unpack_fandol(fandol_deb(Path(scratch)), faces)
        place.fandol.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(place.fandol, ignore_errors=True)
        faces.replace(place.fandol)


def browser(place: Place) -> None:
    """浏览器测试用的 Chromium（没有则跳过浏览器测试）"""
    if os.environ.get("CHROMIUM") or any(map(shutil.which, BROWSERS)):
        return
    release = Path("/etc/os-release")
    if not shutil.which("apt-get") or "ID=ubuntu" in (release.read_text() if release.exists() else ""):
        say("      没有找到 Chromium，浏览器测试将跳过；装好后设环境变量 CHROMIUM=程序路径 即可。")
        return
    try:
        apt_install(["chromium"])
    except NotReady as missing:
        say(f"      {missing} 浏览器测试将跳过；要跑请执行：{' '.join(missing.commands)}")


# --- what is there ---------------------------------------------------------------------------------------------
def missing_packages(place: Place) -> list[str]:
    """Debian packages whose library, font or module is not found on this machine (however it may have come)."""
    missing = [] if place.python.exists() or importlib.util.find_spec("ensurepip") else ["python3-venv"]
    missing += [package for package, library in LIBRARIES.items() if not opens(library)]
    missing += [] if shutil.which("fc-list") else ["fontconfig"]
    return missing + [package for package, font in FONTS.items() if not has_font(font)]


def opens(library: str) -> bool:
    """In a process of its own: the loader's answer after an installation is not the one cached here before it."""
    return succeeds([sys.executable, "-c", f"import ctypes; ctypes.CDLL({library!r})"])


def has_font(pattern: str) -> bool:
    roots = (os.path.expanduser(root) for root in FONT_ROOTS)
    return any(glob.glob(os.path.join(root, "**", pattern), recursive=True) for root in roots)


def has_fandol(place: Place) -> bool:
    return all((place.fandol / face).exists() for face in FANDOL)


def wheels() -> list[str]:
    folder = os.environ.get("OFFICEHUB_WHEELS")
    return ["--no-index", "--find-links", folder] if folder else []


# --- the Fandol package ----------------------------------------------------------------------------------------
def fandol_deb(scratch: Path) -> Path:
    """The package file: one that is there already, else fetched by apt (needs no root, only its lists)."""
    for folder in (os.environ.get("OFFICEHUB_WHEELS"), scratch.parent):  # the latter: fetched by hand as told below
        if folder and (kept := sorted(Path(folder).glob(f"{FANDOL_PACKAGE}_*.deb"))):
            return kept[-1]
    fetch = ["apt-get", "download", FANDOL_PACKAGE]
    by_hand = f"sudo apt-get update && cd {shlex.quote(str(scratch.parent))} && {' '.join(fetch)}"
    if not shutil.which("apt-get"):
        raise NotReady(f"没有 apt-get：请把 {'、'.join(FANDOL)} 放到 {scratch.parent / 'fonts' / 'fandol'}。")
    if not may_install():
        raise NotReady("缺少 Fandol 字体，且设置了不得安装（OFFICEHUB_NO_INSTALL）。请执行：", by_hand)
    say("      正在下载（约 49 MB，只留其中五个字体）……")
    update_if_empty()
    if not succeeds(fetch, cwd=scratch) and not (update() and succeeds(fetch, cwd=scratch)):
        raise NotReady("下载 Fandol 字体失败。请检查软件源，然后重试：", by_hand)
    return next(scratch.glob(f"{FANDOL_PACKAGE}_*.deb"))


def unpack_fandol(deb: Path, faces: Path) -> None:
    """Stream the package and keep five files and the licence; 49 MB never become 150 MB on the disk."""
    unpack = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(deb)], stdout=subprocess.PIPE)  # noqa: S603, S607
    with unpack, tarfile.open(fileobj=unpack.stdout, mode="r|") as archive:
        for member in filter(tarfile.TarInfo.isreg, archive):
            name = os.path.basename(member.name)
            if name in FANDOL:
                (faces / name).write_bytes(content(archive, member))
            elif member.name.endswith("fonts/fandol/COPYING.gz"):
                (faces / "COPYING").write_bytes(gzip.decompress(content(archive, member)))


def content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    if file is None:
        raise NotReady(f"字体包里的 {member.name} 读不出来。请删去已下载的包后重试。")
    return file.read()


# --- apt -------------------------------------------------------------------------------------------------------
def may_install() -> bool:
    return os.environ.get("OFFICEHUB_NO_INSTALL", "") in ("", "0")


def apt_command(packages: list[str]) -> str:
    return "sudo apt-get update && sudo " + " ".join([*INSTALL, *packages])


def apt_install(packages: list[str]) -> None:
    """Install, or raise NotReady with the command for somebody who may."""
    prefix = privilege()
    if prefix is None or not shutil.which("apt-get") or not may_install():
        raise NotReady(f"缺少 {'、'.join(packages)}，这里不能自动安装。请执行：", apt_command(packages))
    say(f"      正在安装 {' '.join(packages)} ……")
    install = [*prefix, *INSTALL, "-o", "DPkg::Lock::Timeout=300", *packages]
    update_if_empty()
    if not succeeds(install) and not (update() and succeeds(install, show=True)):
        raise NotReady("安装没有成功（原因见上）。请执行：", apt_command(packages))


def privilege() -> list[str] | None:
    """What to write before apt-get: nothing for root, sudo where it asks no password, None where neither."""
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if shutil.which("sudo") and succeeds(["sudo", "-n", "true"]) else None


def update_if_empty() -> None:
    if not glob.glob("/var/lib/apt/lists/*Packages*"):
        update()


def update() -> bool:
    prefix = privilege()
    return prefix is not None and succeeds([*prefix, "apt-get", "update"], show=True)


# --- processes and words ---------------------------------------------------------------------------------------
def succeeds(argv, cwd: Path | None = None, show: bool = False) -> bool:
    """Whether the command ends well. Its output is shown only on request: a first try may fail and be repeated."""
    quiet = None if show else subprocess.DEVNULL
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    words = [str(word) for word in argv]
    try:
        done = subprocess.run(words, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=quiet, stderr=quiet)  # noqa: S603
    except FileNotFoundError:  # the program itself is not there
        return False
    return done.returncode == 0


def run(argv) -> None:
    """A step that may only succeed; otherwise its own output says why, and the command can be tried by hand."""
    by_hand = " ".join(shlex.quote(str(word)) for word in argv)
    if not may_install():
        raise NotReady("设置了不得安装（OFFICEHUB_NO_INSTALL）。请执行：", by_hand)
    if not succeeds(argv, show=True):
        raise NotReady("这一步没有成功（原因见上）。改好后重试，或手工执行：", by_hand)


def write_whole(path: Path, text: str) -> None:
    """Never half a file: written beside it, then renamed."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text)
    beside.replace(path)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
