"""A ledger as an Excel workbook: text is written as text, so that no content becomes a formula; dates as dates."""

import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from io import BytesIO
from typing import IO

import xlsxwriter
from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_000_000  # of one sheet; the format ends at 1,048,576
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
HEAD = {"bold": True, "bottom": 1, "bg_color": "#F2F2F2"}
DAY = {"num_format": 'yyyy"年"m"月"d"日"', "align": "left"}
WRAPPED = {"text_wrap": True, "valign": "top"}
A4 = 9
LONGEST = 32_767  # characters of one cell, by the format; what is longer is cut and says so
CUT = "……（过长，未全部导出）"

Columns = Mapping[str, int]  # names and widths in characters
Rows = Iterable[Iterable]  # a cell is text, a number, a date, or None for nothing


def assumed(provisional: bool) -> str:
    """Beside a limit: whether it is only reckoned, because nobody has confirmed the holidays on its way."""
    return "按推算" if provisional else ""


def workbook(title: str, columns: Columns, rows: Rows, *, wrapped: bool = False) -> bytes:
    """One sheet: its head stays in sight, every column can be filtered, printed it is as wide as the page. `wrapped`
    keeps long texts within their columns."""
    out = BytesIO()
    _fill(xlsxwriter.Workbook(out, {**SAFE, "in_memory": True}), title, columns, rows, wrapped)
    return out.getvalue()


def long_workbook(title: str, columns: Columns, rows: Rows) -> IO[bytes]:
    """The same of any length, on as many sheets as it takes: written row by row to a temporary file, which is open at
    its beginning."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  whoever asked for it closes it
    _fill(xlsxwriter.Workbook(file, {**SAFE, "constant_memory": True}), title, columns, rows, wrapped=False)
    file.seek(0)
    return file


def _fill(book, title: str, columns: Columns, rows: Rows, wrapped: bool) -> None:
    head, more = book.add_format(HEAD), WRAPPED if wrapped else {}
    plain, day = book.add_format(more), book.add_format({**DAY, **more})
    sheet, place = _begun(book, title, columns, head), 0
    for cells in rows:
        if place == MOST_ROWS:
            _filtered(sheet, place, columns)
            sheet, place = _begun(book, f"{title}{len(book.worksheets()) + 1}", columns, head), 0
        place += 1
        for column, cell in enumerate(cells):
            _write(sheet, place, column, cell, plain, day)
    _filtered(sheet, place, columns)
    book.close()


def _begun(book, title: str, columns: Columns, head):
    sheet = book.add_worksheet(title[:31])
    for column, (name, width) in enumerate(columns.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, head)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    return sheet


def _filtered(sheet, last: int, columns: Columns) -> None:
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)


def _write(sheet, row: int, column: int, cell, plain, day) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell, plain)
    elif cell:
        text = str(cell)
        sheet.write_string(row, column, text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT, plain)


def as_excel(name: str, content: bytes | IO[bytes]) -> HttpResponse | FileResponse:
    """The workbook, to be saved under a name."""
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    if isinstance(content, bytes):
        return HttpResponse(content, content_type=KIND, headers=headers)
    return FileResponse(content, content_type=KIND, headers=headers)
