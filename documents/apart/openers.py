"""What may be asked of a foreign file: the draft in it, its lines, its rows, a page of it as a picture."""

import base64
import datetime
import io
import zipfile
from dataclasses import asdict
from typing import Any
from xml.etree.ElementTree import ParseError

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


def table(content: bytes, most_rows: int, most_columns: int, longest: int) -> dict[str, Any]:
    """The first sheet of an .xlsx that is not hidden, to be taken row by row. A cell is text, a number, a truth value
    or `{"day": "2026-11-30"}`; one longer than `longest` is cut there and noted in `long` with its true length.
    `formulas` and `merged` name the cells (row, column, from 0) that hold no plain value of their own. `total` counts
    the rows down to the last that says anything, whether or not they were all read."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        shown = [one.name for one in book.sheets_metadata if one.visible == python_calamine.SheetVisibleEnum.Visible]
        sheet = book.get_sheet_by_name(shown[0])
        found = sheet.to_python(skip_empty_area=False)
        merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or []][:most_rows]
        computed = formulas(content, book.sheet_names.index(shown[0]), most_rows, most_columns)
    except (python_calamine.CalamineError, ParseError, LookupError, ValueError, OSError) as error:
        raise Refused("表格已损坏或加密，无法读取；请用 Excel 或 WPS 另存为 .xlsx 后再上传。") from error
    while found and not any(cell not in ("", None) for cell in found[-1]):
        found.pop()
    long: list[list[int]] = []
    read = [
        [_plain(cell, [row, column], longest, long) for column, cell in enumerate(cells[:most_columns])]
        for row, cells in enumerate(found[:most_rows])
    ]
    return {"rows": read, "total": len(found), "long": long, "merged": merged, "formulas": computed}


def _plain(cell: Any, at: list[int], longest: int, long: list[list[int]]) -> Any:
    """A cell as JSON can carry it."""
    if isinstance(cell, datetime.date):
        return {"day": (cell.date() if isinstance(cell, datetime.datetime) else cell).isoformat()}
    if cell is None or isinstance(cell, bool | float | int):
        return cell
    text = str(cell)
    if len(text) > longest:
        long.append([*at, len(text)])
    return text[:longest]


def formulas(content: bytes, place: int, most_rows: int, most_columns: int) -> list[list[int]]:
    """The cells of a sheet that hold a formula, [row, column] from 0; `place` is the sheet's in the workbook."""
    from defusedxml.ElementTree import iterparse

    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(_part_of(archive, place)) as part:
        found, reference = [], ""
        for event, element in iterparse(part, events=("start", "end"), forbid_dtd=True):
            name = element.tag.rpartition("}")[2]
            if name == "c" and event == "start":
                reference = element.get("r", "")
            elif name == "f" and event == "end":
                row, column = _at(reference)
                if row < most_rows and column < most_columns:
                    found.append([row, column])
            elif name == "row" and event == "end":
                element.clear()
        return found


def _part_of(archive: zipfile.ZipFile, place: int) -> str:
    """Which part of the archive holds the sheet at a place, by the workbook's own relations."""
    from defusedxml.ElementTree import fromstring

    kin = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    book = fromstring(archive.read("xl/workbook.xml"), forbid_dtd=True)
    ties = fromstring(archive.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
    sheets = [one for one in book.iter() if one.tag.rpartition("}")[2] == "sheet"]
    wanted = sheets[place].get(kin)
    target = {one.get("Id"): one.get("Target", "") for one in ties}[wanted]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _at(reference: str) -> tuple[int, int]:
    """`B3` as (2, 1)."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    digits = reference[len(letters) :]
    return (int(digits) if digits else 0) - 1, column - 1


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
