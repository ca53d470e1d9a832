"""The five faces of an official document, found by an own fontconfig file so that every machine agrees.

An office's own fonts (dropped into `<var>/fonts`) win over the free ones; this module installs nothing.
"""

import functools
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from fontTools.ttLib import TTFont

REPOSITORY = Path(__file__).resolve().parents[2]
LAST_RESORT = "Noto Serif CJK SC"
FALLBACK = "GW Fallback"

# Role → the families that may play it, best first: an office's licensed fonts, then free ones.
CHAINS = {
    "GW FangSong": (
        *("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "方正仿宋_GBK", "FZFangSong-Z02", "STFangsong"),
        *("Zhuque Fangsong (technical preview)", "Zhuque Fangsong", "FandolFang R"),
    ),
    "GW Kai": (
        *("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "方正楷体_GBK", "FZKai-Z03", "STKaiti"),
        *("AR PL KaitiM GB", "FandolKai", "AR PL UKai CN"),
    ),
    "GW Hei": ("SimHei", "黑体", "方正黑体_GBK", "FZHei-B01", "STHeiti", "FandolHei", "Noto Sans CJK SC"),
    "GW Song": ("SimSun", "宋体", "NSimSun", "方正书宋_GBK", "FZShuSong-Z01", "STSong", "FandolSong", LAST_RESORT),
    "GW Number": (  # FandolFang's own figures are sans-serif
        *("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "Times New Roman", "Liberation Serif", "FandolSong"),
        LAST_RESORT,
    ),
    "GW XiaoBiaoSong": (
        *("FZXiaoBiaoSong-B05S", "方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05", "FZXBSJW--GB1-0"),
        *("FandolSong Bold",),
    ),
}
# Role → what the name of such a face has in it where a PDF gives it, in small letters and without marks.
PRINTED_AS = {
    "GW FangSong": ("fangsong", "仿宋", "fzfs", "fandolfang"),
    "GW Kai": ("kai", "楷"),
    "GW Hei": ("hei", "黑", "fzht", "notosanscjk"),
    "GW XiaoBiaoSong": ("xiaobiaosong", "小标宋", "fzxbs", "fandolsongbold"),
}
ADVICE = {
    "GW FangSong": "仿宋（正文）",
    "GW Kai": "楷体（二级标题、签发人姓名）",
    "GW Hei": "黑体（一级标题、密级和紧急程度）",
    "GW Song": "宋体（页码）",
    "GW Number": "正文中的数字和字母",
    "GW XiaoBiaoSong": "小标宋（标题、发文机关标志）",
}
FETCHED = "fandol"  # the folder of the free fonts that set-up fetches
SYSTEM_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")


@dataclass(frozen=True)
class Face:
    """The font file that plays a role, and what the line composer needs of it (widths in em)."""

    role: str
    family: str
    file: str
    index: int
    revision: str
    widths: dict[int, float]

    def width(self, char: str) -> float | None:
        """The advance of a character in em; None when the font lacks it."""
        return self.widths.get(ord(char))


def var_folder() -> Path:
    """Where the running system keeps its files: OFFICEHUB_VAR, else `.var` in the repository."""
    return Path(os.environ.get("OFFICEHUB_VAR") or REPOSITORY / ".var")


def use() -> Path:
    """Point fontconfig at the office's fonts; must come before WeasyPrint is imported. Returns the file."""
    var = var_folder().resolve()
    target = var / "fontconfig" / "fonts.conf"
    if "weasyprint" in sys.modules and os.environ.get("FONTCONFIG_FILE") != str(target):
        raise RuntimeError("fonts.use() 必须在导入 weasyprint 之前调用，否则会用错字体。")
    target.parent.mkdir(parents=True, exist_ok=True)
    (var / "fonts").mkdir(exist_ok=True)
    write_once(target, configuration(var))
    os.environ["FONTCONFIG_FILE"] = str(target)
    return target


def write_once(target: Path, text: str) -> None:
    """Several workers may start together, so the file appears whole or not at all."""
    if target.exists() and target.read_text("utf-8") == text:
        return
    draft = target.with_suffix(f".{os.getpid()}")
    draft.write_text(text, "utf-8")
    draft.replace(target)


def configuration(var: Path) -> str:
    folders = [str(var / "fonts"), *SYSTEM_FOLDERS]
    aliases = [alias(role, chain) for role, chain in {**CHAINS, FALLBACK: ()}.items()]
    return "\n".join(
        [
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
            "<fontconfig>",
            *(f"<dir>{escape(folder)}</dir>" for folder in folders),
            f"<cachedir>{escape(str(var / 'fontconfig' / 'cache'))}</cachedir>",
            "<config><rescan><int>0</int></rescan></config>",
            # FandolSong-Bold declares weight 400 and would clash with FandolSong-Regular, silently.
            '<match target="scan"><test name="file" compare="contains"><string>FandolSong-Bold.</string></test>'
            '<edit name="family" mode="assign_replace"><string>FandolSong Bold</string></edit></match>',
            *aliases,
            "</fontconfig>\n",
        ]
    )


def alias(role: str, chain: tuple[str, ...]) -> str:
    families = "".join(f"<family>{escape(family)}</family>" for family in (*chain, LAST_RESORT))
    return f'<alias binding="same"><family>{role}</family><prefer>{families}</prefer></alias>'


@functools.lru_cache(maxsize=16)
def face(role: str) -> Face:
    """The font that plays `role` on this machine. Raises `RuntimeError` when fontconfig finds none at all."""
    use()
    # S603, S607: fc-match comes with fontconfig, and its only argument is one of our own role names
    answer = subprocess.run(  # noqa: S603
        ["fc-match", "-f", "%{file}|%{index}|%{family}", role],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    parts = answer.stdout.split("|")
    if answer.returncode or len(parts) != 3 or not Path(parts[0]).is_file():
        raise RuntimeError(f"找不到字体（{role}）：请运行 python3 manage.py doctor 查看缺少什么。{answer.stderr[:200]}")
    return measured_face(role, parts[0], int(parts[1]), parts[2])


def measured_face(role: str, file: str, index: int, family: str) -> Face:
    with TTFont(file, fontNumber=index & 0xFFFF, lazy=True) as font:
        unit = font["head"].unitsPerEm
        advances = font["hmtx"].metrics
        widths = {code: advances[name][0] / unit for code, name in font.getBestCmap().items() if code < 0x40000}
        return Face(role, family.split(",")[0], file, index, f"{font['head'].fontRevision:.3f}", widths)


def is_own(used: Face) -> bool:
    """Whether a face comes from the office's own folder rather than from what set-up fetched or the system has."""
    folder = (var_folder() / "fonts").resolve()
    inside = Path(used.file).resolve().is_relative_to(folder)
    return inside and not Path(used.file).resolve().is_relative_to((folder / FETCHED).resolve())


def is_face(role: str, printed: str) -> bool:
    """Whether a font of this name in a PDF may play the role; true of every family of its chain."""
    name = re.sub(r"[\W_]", "", printed).lower()
    return any(hint in name for hint in PRINTED_AS[role])


def missing() -> list[str]:
    """Faces for which only the last resort was found, named for an administrator; empty when all is well."""
    return [ADVICE[role] for role, chain in CHAINS.items() if not plays(role, chain)]


def plays(role: str, chain: tuple[str, ...]) -> bool:
    found = face(role)
    with TTFont(found.file, fontNumber=found.index & 0xFFFF, lazy=True) as font:
        names = {str(record) for record in font["name"].names if record.nameID in (1, 4, 16)}
    return bool(names.union({found.family}).intersection(chain))
