"""A ledger as an Excel workbook: text is written as text, so that no content becomes a formula; dates as dates."""

from collections.abc import Iterable, Mapping
from io import BytesIO

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header

SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def workbook(title: str, columns: Mapping[str, int], rows: Iterable[Iterable]) -> bytes:
    """One sheet: its head stays in sight, every column can be filtered. `columns` are names and widths in characters;
    a cell is text, a number, a date, or None for nothing."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, SAFE)
    sheet, head = book.add_worksheet(title), book.add_format({"bold": True, "bottom": 1, "bg_color": "#F2F2F2"})
    day = book.add_format({"num_format": 'yyyy"年"m"月"d"日"', "align": "left"})
    for column, (name, width) in enumerate(columns.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, head)
    last = 0
    for last, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells):
            _write(sheet, last, column, cell, day)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
    book.close()
    return out.getvalue()


def _write(sheet, row: int, column: int, cell, day) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell)
    elif cell:
        sheet.write_datetime(row, column, cell, day)


def as_excel(name: str, content: bytes) -> HttpResponse:
    """The workbook, to be saved under a name."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(content, content_type=kind, headers=headers)
