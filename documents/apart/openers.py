"""What may be asked of a foreign file: the draft in it, its lines, its rows, a page of it as a picture."""

import base64
import io
from dataclasses import asdict
from typing import Any

from documents.docx import Draft, NotADocx, UnsafeFile, as_raw, read_draft
from documents.docx.media import encoded

MOST_LINES, LONGEST_LINE = 400, 2_000
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 8, 200, 30, 300
MAX_DPI, MAX_SIDE = 110, 1_800  # pixels


class Refused(Exception):
    """The file cannot be shown or taken; the message is for the person who sent it."""


def read(content: bytes, **wishes: bool) -> Draft:
    try:
        return read_draft(content, **wishes)
    except (NotADocx, UnsafeFile) as error:
        raise Refused(str(error)) from error


def draft(content: bytes) -> dict[str, Any]:
    """A Word draft: the paper as far as it can be told, what was not understood, its pictures."""
    found = read(content, pictures=True)
    pictures = [{"name": one.name, "content": base64.b64encode(one.content).decode()} for one in found.pictures]
    return {"raw": as_raw(found), "notes": [note.plain() for note in found.report], "pictures": pictures}


def text(content: bytes) -> dict[str, Any]:
    """The words of a Word file from first to last, and which of them are its title; without its annexes."""
    found = read(content)
    return {"title": found.title, "lines": [*found.head, found.title, *found.lines]}


def lines(content: bytes) -> dict[str, Any]:
    """The text of a Word file, for a look at it: title first, tables as rows."""
    from documents.body import recognise

    found = read(content)
    annexed = [text for annex in found.annexes for text in ("附件", annex.title, *annex.lines)]
    texts = [*found.head, found.title, *found.lines, *annexed]
    shown = [text[: LONGEST_LINE * 10] for text in texts[:MOST_LINES] if text]
    blocks = [asdict(block) for text in shown for block in recognise(text)]
    for block in blocks:
        block["text"] = block["text"][:LONGEST_LINE]
        block["rows"] = [[cell[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]] for row in block["rows"][:MOST_ROWS]]
    return {"blocks": blocks, "more": len(texts) > MOST_LINES}


def rows(content: bytes) -> dict[str, Any]:
    """The first rows of each sheet of a spreadsheet, as text; formulas show what they last came to."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = book.sheet_names[:MOST_SHEETS]
        sheets = [{"name": name[:40], **sheet_rows(book.get_sheet_by_name(name))} for name in names]
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise Refused("表格已损坏或加密，无法预览；请下载后打开。") from error
    return {"sheets": sheets, "more": len(book.sheet_names) > MOST_SHEETS}


def sheet_rows(sheet: Any) -> dict[str, Any]:
    """Without the empty edge; `more` when there is more than is shown."""
    found = sheet.to_python(nrows=MOST_ROWS + 1)
    shown = [[cell_text(cell) for cell in row[:MOST_COLUMNS]] for row in found[:MOST_ROWS]]
    return {"rows": shown, "more": len(found) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in found[:1])}


def cell_text(cell: Any) -> str:
    """A whole number without its nought behind the point."""
    whole = isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15
    return str(int(cell) if whole else cell)[:LONGEST_CELL]


def count(content: bytes) -> int:
    """How many pages a PDF has."""
    with opened(content) as pdf:
        return len(pdf)


def page(content: bytes, number: int, width: int = 0, side: int = MAX_SIDE) -> str:
    """One page of a PDF, from 1, as a PNG in base64: `width` pixels wide, else at `MAX_DPI`; no side above `side`."""
    with opened(content) as pdf:
        if not 1 <= number <= len(pdf):
            raise Refused("没有这一页。")
        wanted = pdf[number - 1]
        size = [max(points, 1.0) for points in wanted.get_size()]
        scale = min(width / size[0] if width else MAX_DPI / 72, side / max(size))
        out = io.BytesIO()
        wanted.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB").save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def opened(content: bytes) -> Any:
    """A PDF in PDFium, which runs no script here and fetches nothing."""
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Refused("PDF 已损坏或加密，无法预览；请下载后打开。") from error


def picture(content: bytes) -> str:
    """A picture's pixels, encoded anew, in base64."""
    found = encoded(content)
    if found is None:
        raise Refused("图片已损坏或过大，无法预览；请下载后打开。")
    return base64.b64encode(found.content).decode()
