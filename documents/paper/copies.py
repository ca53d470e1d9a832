"""Numbered copies (编号印件): one template drawn once, and for each copy a few hundred bytes that follow it.

A copy is the template with an incremental update (ISO 32000-1, 7.5.6) in which one small object, empty in the template,
draws the 份号 (GB/T 9704 7.2.1, first line of the type area, six digits) and the addressee. The addressee stands in
small type (小五) at the foot of the first page, left, outside the type area, so that the paper itself is unchanged. The
fonts of the template already hold every glyph the copies need; a glyph that no font of the machine has is refused.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from html import escape
from typing import Any

from documents.elements import Paper
from documents.interchange import dump
from documents.paper import back, fonts, grid, layout
from documents.paper.compose import ROLES, joined, tokenise
from documents.paper.markup import plain_html
from documents.paper.process import WALL_SECONDS, Desk, RenderFailed, desk

DIGITS = "0123456789"
NUMBER_LENGTH = 6  # GB/T 9704 7.2.1
NUMBER_MARK, NAME_MARK = "#010203", "#010204"  # colours that nothing else in a paper has
MARKS = {b"0.003922 0.007843 0.011765 rg": "number", b"0.003922 0.007843 0.015686 rg": "name"}
NAME_SIZE = 9.0  # points, 小五
NAME_TOP = grid.PAGE[1] - 25.3  # mm, of its em: under the type area, beside and not level with the page number
LETTER_NAME_TOP = NAME_TOP - 1.5  # clear of the lower double rule; its first page bears no number (10.1)
NAME_ROOM = 128.0  # mm: the page number is at the right
NARROWEST = 0.45  # how far a very long name may be condensed
GLYPHS = re.compile(rb"<([0-9a-f]*)>")


class CannotPrint(ValueError):
    """No font of this machine has a character of a name; the message names it."""


@dataclass(frozen=True)
class Template:
    """A paper with room for a number and an addressee, and what is needed to fill them in."""

    pdf: bytes
    slot: dict[str, Any]  # plain JSON

    def base(self) -> "Base":
        return Base(self.pdf, self.slot)


def lacking(text: str) -> str:
    """The characters of a name that no font of the machine can print."""
    known = [fonts.face(role) for role in (ROLES["f"], ROLES["n"], fonts.FALLBACK)]
    return "".join(dict.fromkeys(c for c in text if not c.isspace() and not any(face.width(c) for face in known)))


# --- the template, drawn in the worker -----------------------------------------------------------------------------


def template(paper: Paper, names: Iterable[str]) -> Template:
    """Draw the paper once, with every character of `names` in its fonts. Raises CannotPrint, ValueError."""
    from documents.paper.render import assets, laid_out

    letters = "".join(sorted({char for name in names for char in name if not char.isspace()} | set(DIGITS)))
    if missing := lacking(letters):
        raise CannotPrint(f"名称中的“{'、'.join(missing)}”没有可用的字体，不能印在分送件上；请系统管理员安装字体。")
    html = with_marks(paper, letters)
    document = laid_out(html, assets(paper, {}))
    reverse = layout.back_html(paper)
    document = back.even(document, lambda: laid_out(reverse, {})) if reverse else document
    return written(document, letters, hashlib.sha256(html.encode()).digest()[:16])


def with_marks(paper: Paper, letters: str) -> str:
    """The page flow with the number and all the letters of the names in colours of their own, to be found again."""
    plain = layout.html(paper)
    holder = next(str(number) for number in range(909_090, 1_000_000) if str(number) not in plain)
    html = layout.html(replace(paper, copy_number=holder))
    if html.count(holder) != 1:
        raise ValueError("版头上找不到份号的位置，不能编份号；请联系系统管理员。")
    html = html.replace(holder, f'<span style="color:{NUMBER_MARK}">{holder}</span>')
    top = (LETTER_NAME_TOP if paper.layout == "letter" else NAME_TOP) - grid.FRAME_TOP
    style = f"top:{top:.3f}mm;left:0;color:{NAME_MARK};font-size:{NAME_SIZE}pt;line-height:1;letter-spacing:0;"
    style += "font-variant-ligatures:none"
    name = f'<div class="line" style="{style}">{plain_html(letters)}</div>'
    opened = f'<body class="{escape(paper.layout)}">'
    if html.count(opened) != 1:
        raise ValueError("版面结构已变，不能编份号；请联系系统管理员。")
    return html.replace(opened, opened + name)


def written(document: Any, letters: str, identifier: bytes) -> Template:
    """The PDF with a classic cross-reference table, the marks taken out of its first page, and an empty object."""
    import io

    import pydyf
    from weasyprint import DEFAULT_OPTIONS
    from weasyprint.pdf import generate_pdf

    pdf = generate_pdf(document, None, 1, **{**DEFAULT_OPTIONS, "pdf_identifier": identifier})
    page = pdf.objects[int(pdf.pages["Kids"][0])]
    text = pdf.objects[int(page["Contents"].split()[0])]
    text.stream, found = unmarked([line if isinstance(line, bytes) else str(line).encode() for line in text.stream])
    empty = pydyf.Stream([], compress=False)
    pdf.add_object(empty)
    page["Contents"] = pydyf.Array([text.reference, empty.reference])
    out = io.BytesIO()
    pdf.write(out, b"1.7", identifier, compress=False)
    slot = {
        "object": empty.number,
        "size": len(pdf.objects),
        "root": pdf.catalog.reference.decode(),
        "info": pdf.info.reference.decode(),
        "id": identifier.hex(),
        "scale": found["scale"],
        "number": number_slot(found["number"]),
        "name": name_slot(found["name"], letters),
    }
    return Template(out.getvalue(), slot)


def unmarked(lines: list[bytes]) -> tuple[list[bytes], dict[str, Any]]:
    """The page's operators without the marked text, and that text: lists of (place, font, glyphs)."""
    found: dict[str, Any] = {"number": [], "name": [], "scale": lines[2].decode()}
    kept, seen = [], Seen()
    for line in lines:
        operator = line.rsplit(b" ", 1)[-1]
        mark = MARKS.get(seen.colours[-1]) if operator == b"TJ" else None
        if mark is None:
            seen.follow(operator, line)
            kept.append(line)
            continue
        if seen.moved[-1] != 2:  # the page turned upside down and scaled, as a copy's addition expects it
            raise ValueError("版面结构已变，不能编份号；请联系系统管理员。")
        found[mark].append((seen.place, seen.font, line))
    if not found["number"] or not found["name"]:
        raise ValueError("版面上找不到份号或受文对象的位置，不能编份号；请联系系统管理员。")
    return kept, found


class Seen:
    """What holds at a place of a page's operators; by depth of q, the colour that fills and how often the origin was
    moved."""

    def __init__(self) -> None:
        self.colours, self.moved = [b""], [0]
        self.place = self.font = b""

    def follow(self, operator: bytes, line: bytes) -> None:
        match operator:
            case b"q":
                self.colours.append(self.colours[-1])
                self.moved.append(self.moved[-1])
            case b"Q":
                self.colours.pop()
                self.moved.pop()
            case b"cm":
                self.moved[-1] += 1
            case b"rg":
                self.colours[-1] = line
            case b"Tm":
                self.place = line
            case b"Tf":
                self.font = line


def number_slot(found: list[tuple[bytes, bytes, bytes]]) -> dict[str, str]:
    place, font, glyphs = found[0]
    if len(found) != 1:
        raise ValueError("份号没有排在一起，不能编份号；请联系系统管理员。")
    return {"place": place.decode(), "font": font.decode(), "spacing": spacing(glyphs)}


def spacing(glyphs: bytes) -> str:
    """The glyphs of six digits as a pattern with a gap for each, the spacing between them as it was set."""
    digits = iter("%s" for _ in range(NUMBER_LENGTH))
    pattern = GLYPHS.sub(lambda run: b"<" + b"".join(next(digits).encode() for _ in run[1][::4]) + b">", glyphs)
    return pattern.decode()


def name_slot(found: list[tuple[bytes, bytes, bytes]], letters: str) -> dict[str, Any]:
    """Where a name begins, and the font, the glyph and the width (em) of every letter."""
    glyphs = [
        (font.split()[0].decode(), number[at : at + 4].decode())
        for _, font, line in found
        for number in GLYPHS.findall(line)
        for at in range(0, len(number), 4)
    ]
    faces = [(char, ROLES[face]) for face, text in joined(tokenise([("f", letters)])) for char in text]
    if len(glyphs) != len(faces) or [char for char, _ in faces] != list(letters):
        raise ValueError("名称中的字没有逐字排出，不能编份号；请联系系统管理员。")
    known = {
        char: (*glyph, fonts.face(role).width(char) or 1.0) for glyph, (char, role) in zip(glyphs, faces, strict=True)
    }
    return {"place": found[0][0].decode(), "size": found[0][1].split()[1].decode(), "letters": known}


# --- the copies, made by the job -----------------------------------------------------------------------------------


class Base:
    """A template opened for filling: what all copies share is reckoned once."""

    def __init__(self, pdf: bytes, slot: Mapping[str, Any]):
        self.pdf, self.slot, self.length = pdf, slot, len(pdf)
        self.hashed = hashlib.sha256(pdf)
        self.previous = int(pdf[pdf.rindex(b"startxref") + 9 :].split()[0])

    def addition(self, number: int, name: str) -> bytes:
        """What follows the template in this copy. The same input gives the same bytes."""
        drawing = self.drawing(f"{number:0{NUMBER_LENGTH}d}", name)
        body = b"%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (
            self.slot["object"],
            len(drawing),
            drawing,
        )
        identifier = hashlib.sha256(self.hashed.digest() + drawing).hexdigest()[:32]
        tail = (
            f"xref\n{self.slot['object']} 1\n{self.length:010d} 00000 n \ntrailer\n<</Size {self.slot['size']}"
            f" /Root {self.slot['root']} /Info {self.slot['info']} /Prev {self.previous}"
            f" /ID [<{self.slot['id']}> <{identifier}>]>>\nstartxref\n{self.length + len(body)}\n%%EOF\n"
        )
        return body + tail.encode()

    def digest(self, addition: bytes) -> str:
        """SHA-256 of the whole copy."""
        whole = self.hashed.copy()
        whole.update(addition)
        return whole.hexdigest()

    def drawing(self, number: str, name: str) -> bytes:
        slot, letters = self.slot, self.slot["name"]["letters"]
        digits = slot["number"]["spacing"] % tuple(letters[digit][1] for digit in number)
        lines = ["q", slot["scale"], "0 0 0 rg", "BT", slot["number"]["place"], slot["number"]["font"], digits]
        lines += [slot["name"]["place"], f"{self.squeeze(name):.1f} Tz", *self.written(name), "ET", "Q"]
        return "\n".join(lines).encode()

    def squeeze(self, name: str) -> float:
        """Per cent of their width that the letters of a long name keep."""
        letters = self.slot["name"]["letters"]
        width = sum(letters[char][2] if char in letters else 0.5 for char in name) * NAME_SIZE * grid.POINT
        return 100 * max(NARROWEST, min(1.0, NAME_ROOM / width)) if width else 100.0

    def written(self, name: str) -> Iterator[str]:
        """The name in runs of one font; a space is half an em."""
        letters, size, font = self.slot["name"]["letters"], self.slot["name"]["size"], ""
        for char in name:
            if char.isspace():
                yield "[-500] TJ"
                continue
            if letters[char][0] != font:
                font = letters[char][0]
                yield f"{font} {size} Tf"
            yield f"<{letters[char][1]}> Tj"


def template_safely(paper: Paper, names: Iterable[str], *, seconds: float = WALL_SECONDS, at: Desk = desk) -> Template:
    """The template, drawn in the warm child of a desk. Raises `RenderFailed`."""
    letters = "".join(sorted({char for name in names for char in name}))
    message = json.dumps({"paper": dump(paper), "copies": letters}, ensure_ascii=False).encode()
    answer = at.draw(message, seconds)
    if answer[:1] != b"P":
        raise RenderFailed(f"份号印件无法排版：{answer[1:].decode(errors='replace')}")
    return opened(answer[1:])


def packed(made: Template) -> bytes:
    """A template as one run of bytes: its slot on the first line, then its PDF."""
    return json.dumps(asdict(made)["slot"]).encode() + b"\n" + made.pdf


def opened(kept: bytes) -> Template:
    slot, _, pdf = kept.partition(b"\n")
    return Template(pdf, json.loads(slot))
