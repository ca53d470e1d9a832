"""The walk over a Word document: insertions accepted, deletions dropped, numbers rendered, tables as bars."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from documents import body as body_text
from documents.docx.numbering import Numbering, integer, read_numbering, value
from documents.docx.package import MAIN, WORD, NotADocx, Package, UnsafeFile
from documents.docx.styles import Look, Styles
from documents.docx.title import Line, split_title
from documents.interchange import Block

COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
DROPPED = ("del", "moveFrom")
THROUGH = (
    "ins",
    "moveTo",
    "hyperlink",
    "smartTag",
    "sdt",
    "sdtContent",
    "fldSimple",
    "customXml",
    "ruby",
    "rubyBase",
    "r",
)
SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
LOST = {  # what is left out, and what the reader is told
    "deleted": "有{}处修订删除的文字未取入",
    "inserted": "有{}处修订插入的文字已取入，请核对修订是否定稿",
    "hidden": "有{}处隐藏文字未取入",
    "comment": "有{}条批注未取入",
    "note": "有{}处脚注、尾注未取入",
    "picture": "有{}张图片未取入",
    "object": "有{}个嵌入对象未取入",
    "formula": "有{}个公式只取入了文字",
    "symbol": "有{}个特殊符号未能识别",
    "nested": "有{}个表中表已并入单元格文字",
}
COUNTED = {
    "commentReference": "comment",
    "footnoteReference": "note",
    "endnoteReference": "note",
    "object": "object",
    "sym": "symbol",
}
WIDEST_SPAN = 64  # columns; a file may claim any number


@dataclass(frozen=True)
class Draft:
    """A draft read from Word: `lines` are the body as typed, without the title; `notes` say what was left out."""

    title: str
    lines: tuple[str, ...]
    notes: tuple[str, ...] = ()
    head: tuple[str, ...] = ()  # what stood above the title: masthead, number


@dataclass
class Walk:
    """One pass over one document."""

    styles: Styles
    numbering: Numbering
    lines: list[Line] = field(default_factory=list)
    lost: Counter = field(default_factory=Counter)
    boxes: list[Element] = field(default_factory=list)
    carried: str = ""  # text of a paragraph whose end was deleted: it runs on into the next

    def blocks(self, parent: Element) -> None:
        for node in parent:
            name = plain(node)
            if name == "p":
                self.paragraph(node)
            elif name == "tbl":
                self.table(node)
            elif name not in DROPPED:
                self.blocks(chosen(node))

    def paragraph(self, node: Element) -> None:
        look = self.styles.look(node)
        text = self.carried + self.words(node)
        if node.find(f"{WORD}pPr/{WORD}rPr/{WORD}del") is not None:
            self.carried = text
        else:
            self.carried = ""
            self.add(text, look)
        while self.boxes:
            self.blocks(self.boxes.pop(0))

    def add(self, text: str, look: Look) -> None:
        number = self.numbering.next(look.list_id, look.depth) if text.strip() else ""
        for at, line in enumerate(text.split("\n")):
            bare = tidy(line if at else number + line.strip())
            if bare:
                self.lines.append(Line(bare, look.centred, look.size))

    def words(self, node: Element) -> str:
        return "".join(self.piece(child) for child in node)

    def piece(self, node: Element) -> str:
        name = plain(node)
        if name == "t":
            return node.text or ""
        if name in SIGNS:
            return "" if node.get(WORD + "type") == "page" else SIGNS[name]
        if name in DROPPED:
            self.lost["deleted"] += 1
            return ""
        if name == "r" and is_hidden(node):
            self.lost["hidden"] += 1
            return ""
        if name == "ins":
            self.lost["inserted"] += 1
        if name in THROUGH:
            return self.words(node)
        return self.other(node, name)

    def other(self, node: Element, name: str) -> str:
        """What is no plain text: text boxes, pictures, formulas, notes."""
        if node.tag == COMPATIBILITY + "AlternateContent":
            return self.words(chosen(node))
        if name in ("drawing", "pict"):
            self.picture(node)
        elif node.tag in (FORMULA + "oMath", FORMULA + "oMathPara"):
            self.lost["formula"] += 1
            return "".join(part.text or "" for part in node.iter(FORMULA + "t"))
        elif name in COUNTED:
            self.lost[COUNTED[name]] += 1
        return ""

    def picture(self, node: Element) -> None:
        boxes = list(node.iter(WORD + "txbxContent"))
        self.boxes += boxes
        self.lost["picture"] += not boxes

    def table(self, node: Element) -> None:
        own = [row for row in direct(node, "tr") if row.find(f"{WORD}trPr/{WORD}del") is None]
        self.lost["nested"] += len(list(node.iter(WORD + "tbl"))) - 1
        cells = [self.row(row) for row in own]
        if not cells:
            return
        width = max(len(row) for row in cells)
        filled = tuple((*row, *("",) * (width - len(row))) for row in cells)
        header = len(filled) > 1 and own[0].find(f"{WORD}trPr/{WORD}tblHeader") is not None
        self.lines.append(
            Line(body_text.block_text(Block("table", rows=filled, header=header)).strip("\n"), is_table=True)
        )

    def row(self, node: Element) -> tuple[str, ...]:
        cells: list[str] = []
        for cell in direct(node, "tc"):
            merged = cell.find(f"{WORD}tcPr/{WORD}vMerge")
            continued = merged is not None and value(merged) != "restart"
            span = min(max(integer(value(cell.find(f"{WORD}tcPr/{WORD}gridSpan")), 1), 1), WIDEST_SPAN)
            cells += ["" if continued else self.cell(cell), *("",) * (span - 1)]
        return tuple(cells)

    def cell(self, node: Element) -> str:
        words = [tidy(self.words(paragraph)) for paragraph in node.iter(WORD + "p")]
        self.boxes.clear()
        return " ".join(word for word in words if word).replace("\n", " ")


def chosen(node: Element) -> Element:
    """Of alternative contents the first; any other node is itself."""
    if node.tag == COMPATIBILITY + "AlternateContent":
        first = node.find(COMPATIBILITY + "Choice")
        return first if first is not None else node
    return node


def direct(node: Element, name: str) -> Iterator[Element]:
    """A table's own rows or a row's own cells, in order, also inside content controls."""
    for child in node:
        if plain(child) == name:
            yield child
        elif plain(child) in ("sdt", "sdtContent", "ins"):
            yield from direct(child, name)


def plain(node: Element) -> str:
    """A Word element's name without its namespace; empty for others."""
    return node.tag.removeprefix(WORD) if node.tag.startswith(WORD) else ""


def is_hidden(run: Element) -> bool:
    mark = run.find(f"{WORD}rPr/{WORD}vanish")
    return mark is not None and value(mark) not in ("0", "false")


def tidy(text: str) -> str:
    """Without indent typed in blanks, and with ordinary blanks for the others."""
    return text.replace("\xa0", " ").replace("\u2002", " ").replace("\u2003", " ").strip(" \t\u3000\u200b\ufeff")


def read_draft(content: bytes) -> Draft:
    """The draft in a .docx. Raises `NotADocx` or `UnsafeFile`, whose messages are for the sender."""
    package = Package(content)
    main = package.part(MAIN)
    body = main.find(WORD + "body") if main is not None else None
    if body is None:
        raise NotADocx("不是 .docx 文件：没有正文。")
    walk = Walk(Styles(package.part("word/styles.xml")), read_numbering(package.part("word/numbering.xml")))
    try:
        walk.blocks(body)
    except RecursionError as error:
        raise UnsafeFile("文档嵌套过深，不予打开。") from error
    head, title, rest = split_title(walk.lines)
    return Draft(title, tuple(rest), tuple(notes(walk, package)), tuple(head))


def notes(walk: Walk, package: Package) -> list[str]:
    found = [sentence.format(walk.lost[name]) + "。" for name, sentence in LOST.items() if walk.lost[name]]
    if walk.numbering.unknown:
        found.append(f"有不认识的自动编号样式（{'、'.join(sorted(walk.numbering.unknown))}），已按阿拉伯数字取入。")
    if package.has_external_links():
        found.append("文档指向外部的模板、图片或对象，一律未读取。")
    return found
