"""The walk over a Word document: insertions accepted, deletions dropped, numbers rendered, tables as bars."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from documents import body as body_text
from documents.docx.annexes import Annex, cut_annexes
from documents.docx.media import Media, Picture
from documents.docx.names import CONTENTS, MARK
from documents.docx.notes import COUNTED, HARMLESS, Note, Seen, around
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
FIELDS = ("instrText", "fldSimple")
SIMPLE_LINE = 30  # characters; a longer paragraph is no heading, whatever its face
WIDEST_SPAN = 64  # columns; a file may claim any number


@dataclass(frozen=True)
class Draft:
    """A draft read from Word: `lines` are the body as typed, without the title; `report` says what was left out."""

    title: str
    lines: tuple[str, ...]
    report: tuple[Note, ...] = ()
    head: tuple[str, ...] = ()  # what stood above the title: masthead, number
    annexes: tuple[Annex, ...] = ()
    styled: tuple[Line, ...] = ()  # every line, when their styles say which part of a paper each is
    properties: dict[str, str] = field(default_factory=dict)  # what our own export says of the paper besides
    pictures: tuple[Picture, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What was lost, in sentences."""
        return tuple(note.sentence for note in self.report if note.name not in HARMLESS)


@dataclass
class Walk:
    """One pass over one document."""

    styles: Styles
    numbering: Numbering
    lines: list[Line] = field(default_factory=list)
    seen: Seen = field(default_factory=Seen)
    media: Media | None = None  # without it, pictures are only counted
    boxes: list[Element] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)  # pictures of the paragraph, to stand below it
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
        self.lines += [Line(shown, is_table=True, style=look.style) for shown in self.shown]
        self.shown.clear()
        self.put_boxes()

    def put_boxes(self) -> None:
        """Text boxes stand below the paragraph that holds them."""
        while self.boxes:
            box, at, before = self.boxes.pop(0), len(self.lines), around(self.lines)
            self.blocks(box)
            inside = "".join(line.text for line in self.lines[at:])
            self.seen.add("box", f"“{inside[:40]}”，放在“{before}”之后" if before else f"“{inside[:40]}”，放在最前")

    def add(self, text: str, look: Look) -> None:
        number = self.numbering.next(look.list_id, look.depth) if text.strip() else ""
        for at, line in enumerate(text.split("\n")):
            bare = tidy(line if at else number + line.strip())
            if look.style == CONTENTS:
                self.seen.add("contents")
            if not bare or look.style == CONTENTS:
                continue
            self.lines.append(Line(bare, look.centred, look.size, style=look.style, face=look.face))
            if number and not at:
                self.seen.add("numbered", bare[:40])

    def words(self, node: Element) -> str:
        return "".join(self.piece(child) for child in node)

    def piece(self, node: Element) -> str:
        name = plain(node)
        if name == "t":
            return node.text or ""
        if name in SIGNS:
            return "" if node.get(WORD + "type") == "page" else SIGNS[name]
        if name in DROPPED:
            self.seen.add("deleted", said(node, "delText") or said(node, "t"))
            return ""
        if name == "r" and is_hidden(node):
            self.seen.add("hidden", said(node, "t"))
            return ""
        if name == "ins":
            self.seen.add("inserted", said(node, "t"))
        if name in FIELDS:
            self.seen.add("field", (node.text or node.get(WORD + "instr") or "").strip()[:40])
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
            words = "".join(part.text or "" for part in node.iter(FORMULA + "t"))
            self.seen.add("formula", words[:40])
            return words
        elif name in COUNTED:
            self.seen.add(COUNTED[name], node.get(WORD + "id", ""))
        return ""

    def picture(self, node: Element) -> None:
        boxes = list(node.iter(WORD + "txbxContent"))
        self.boxes += boxes
        if boxes:
            return
        shown = self.media.take(node) if self.media else ""
        if shown:
            self.shown.append(shown)
        self.seen.add("picture" if shown else "lost_picture", around(self.lines))

    def table(self, node: Element) -> None:
        own = [row for row in direct(node, "tr") if row.find(f"{WORD}trPr/{WORD}del") is None]
        if marks := self.masthead(own):
            self.lines += marks
            return
        self.seen.add("nested", times=len(list(node.iter(WORD + "tbl"))) - 1)
        cells = [self.row(row) for row in own]
        if not cells:
            return
        width = max(len(row) for row in cells)
        filled = tuple((*row, *("",) * (width - len(row))) for row in cells)
        header = len(filled) > 1 and own[0].find(f"{WORD}trPr/{WORD}tblHeader") is not None
        text = body_text.block_text(Block("table", rows=filled, header=header)).strip("\n")
        self.lines.append(Line(text, is_table=True))
        self.lines += [Line(shown, is_table=True) for shown in self.shown]
        self.shown.clear()

    def masthead(self, rows: list[Element]) -> list[Line]:
        """The names in a table that is a joint masthead of our own export; none for other tables."""
        paragraphs = [paragraph for row in rows for paragraph in row.iter(WORD + "p")]
        if not paragraphs or any(self.styles.look(paragraph).style != MARK for paragraph in paragraphs):
            return []
        return [Line(text, style=MARK) for paragraph in paragraphs if (text := tidy(self.words(paragraph)))]

    def row(self, node: Element) -> tuple[str, ...]:
        cells: list[str] = []
        for cell in direct(node, "tc"):
            merged = cell.find(f"{WORD}tcPr/{WORD}vMerge")
            continued = merged is not None and value(merged) != "restart"
            span = min(max(integer(value(cell.find(f"{WORD}tcPr/{WORD}gridSpan")), 1), 1), WIDEST_SPAN)
            cells += ["" if continued else self.cell(cell), *("",) * (span - 1)]
            if continued or span > 1:
                self.seen.add("merged", "" if continued else cells[-span][:20])
        return tuple(cells)

    def cell(self, node: Element) -> str:
        words = [tidy(self.words(paragraph)) for paragraph in node.iter(WORD + "p")]
        for box in self.boxes:
            self.seen.add("lost_box", said(box, "t")[:40])
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


def said(node: Element, name: str) -> str:
    """The words under a node, of runs of one kind."""
    return "".join(part.text or "" for part in node.iter(WORD + name))[:60]


def read_draft(content: bytes, *, pictures: bool = False) -> Draft:
    """The draft in a .docx, with its pictures if they are asked for.

    Raises `NotADocx` or `UnsafeFile`, whose messages are for the sender.
    """
    package = Package(content)
    main = package.part(MAIN)
    body = main.find(WORD + "body") if main is not None else None
    if body is None:
        raise NotADocx("不是 .docx 文件：没有正文。")
    walk = Walk(Styles(package.part("word/styles.xml")), read_numbering(package.part("word/numbering.xml")))
    walk.media = Media(package) if pictures else None
    try:
        walk.blocks(body)
    except RecursionError as error:
        raise UnsafeFile("文档嵌套过深，不予打开。") from error
    styled = tuple(walk.lines) if any(line.style for line in walk.lines) else ()
    main_lines, annexes = cut_annexes(walk.lines)
    head, title, rest = split_title(main_lines)
    hint_headings(walk, styled)
    return Draft(
        title,
        tuple(rest),
        walk.seen.report(walk.numbering.unknown, package),
        tuple(head),
        annexes,
        styled,
        package.properties() if styled else {},
        tuple(walk.media.taken) if walk.media else (),
    )


def hint_headings(walk: Walk, styled: tuple[Line, ...]) -> None:
    """Short lines in the faces of headings that bear no number: they come over as plain text."""
    for line in walk.lines if not styled else ():
        plain_line = not line.centred and not line.is_table and len(line.text) <= SIMPLE_LINE and line.text[-1] != "。"
        if plain_line and ("黑" in line.face or "楷" in line.face) and not body_text.number_level(line.text):
            walk.seen.add("faced", f"{line.text[:40]}（{line.face}）")
