"""What of a Word draft was not understood, left out or changed, told to the one who brought it."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from documents.docx.package import WORD, Package

OWN = ("草稿",)  # what our own export writes there
SAMPLES, LONGEST = 30, 120  # of one note; characters of one sample
TOLD = {  # what happened, in the order it is told
    "deleted": "有{}处修订删除的文字未取入",
    "inserted": "有{}处修订插入的文字已取入，请核对修订是否定稿",
    "hidden": "有{}处隐藏文字未取入",
    "comment": "有{}条批注未取入",
    "note": "有{}处脚注、尾注未取入",
    "lost_picture": "有{}张图片未取入",
    "picture": "有{}张图片已另存取入",
    "box": "有{}个文本框，文字已放在所在段落之后，请核对位置",
    "lost_box": "有{}个表格内的文本框未取入",
    "object": "有{}个嵌入对象未取入",
    "formula": "有{}个公式只取入了文字",
    "symbol": "有{}个特殊符号未能识别",
    "nested": "有{}个表中表已并入单元格文字",
    "merged": "有{}处合并单元格已拆开，文字留在第一格",
    "field": "有{}处域（目录、页码、交叉引用等）只取入了当时显示的文字",
    "contents": "有{}行目录未取入",
    "numbered": "有{}处自动编号已转为文字",
    "faced": "有{}行用标题字体但没有序号，已按正文段落取入",
}
COUNTED = {  # by the element that stands for it in the text
    "commentReference": "comment",
    "footnoteReference": "note",
    "endnoteReference": "note",
    "object": "object",
    "sym": "symbol",
}
HARMLESS = frozenset(("numbered", "picture", "merged", "field"))  # changed in form only


@dataclass(frozen=True)
class Note:
    """One kind of thing to be told: how many, in a sentence, and the first of them in their own words."""

    name: str
    sentence: str
    samples: tuple[str, ...] = ()

    def plain(self) -> dict:
        return {"name": self.name, "sentence": self.sentence, "samples": list(self.samples)}


@dataclass
class Seen:
    """Counted while one walks through a document."""

    counts: Counter = field(default_factory=Counter)
    samples: defaultdict = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, sample: str = "", times: int = 1) -> None:
        self.counts[name] += times
        if sample and len(self.samples[name]) < SAMPLES:
            self.samples[name].append(sample[:LONGEST])

    def report(self, unknown: set[str], package: Package) -> tuple[Note, ...]:
        self.samples["comment"] = comments(package)
        self.samples["note"] = footnotes(package)
        found = [self.note(name) for name in TOLD if self.counts[name]]
        if unknown:
            names = "、".join(sorted(unknown))
            found.append(Note("numbering", f"有不认识的自动编号样式（{names}），已按阿拉伯数字取入。"))
        if edges := headers(package):
            found.append(Note("edge", "页眉、页脚未取入，页码由系统排印。", tuple(edges)))
        if package.has_external_links():
            found.append(Note("outside", "文档指向外部的模板、图片或对象，一律未读取。"))
        return tuple(found)

    def note(self, name: str) -> Note:
        return Note(name, TOLD[name].format(self.counts[name]) + "。", tuple(self.samples[name]))


def words(node: Element) -> str:
    return "".join(part.text or "" for part in node.iter(WORD + "t")).strip()


def comments(package: Package) -> list[str]:
    """Who remarked what."""
    root = package.part("word/comments.xml")
    found = root.iter(WORD + "comment") if root is not None else ()
    return [f"{node.get(WORD + 'author', '')}：{words(node)}"[:LONGEST] for node in found][:SAMPLES]


def footnotes(package: Package) -> list[str]:
    roots = [package.part(f"word/{name}.xml") for name in ("footnotes", "endnotes")]
    nodes = [node for root in roots if root is not None for node in root if not node.get(WORD + "type")]
    return [text[:LONGEST] for node in nodes if (text := words(node))][:SAMPLES]


def headers(package: Package) -> list[str]:
    """The words in headers and footers, without page numbers and without the mark of our own drafts."""
    names = sorted(name for name in package.names if name.startswith(("word/header", "word/footer")))
    roots = [root for name in names if name.endswith(".xml") and (root := package.part(name)) is not None]
    said = [words(root) for root in roots]
    texts = dict.fromkeys(text for text in said if text.strip("—- 0123456789第页共") and text not in OWN)
    return [text[:LONGEST] for text in texts][:SAMPLES]


def around(lines: list) -> str:
    """The end of what stands before a place, to find it by."""
    return lines[-1].text[-20:].replace("\n", " ") if lines else ""
