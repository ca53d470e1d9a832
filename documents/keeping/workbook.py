"""Ledgers as .xlsx of any length: written row by row to a temporary file, text as text so that nothing is a formula."""

import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from typing import IO

import xlsxwriter

MOST_ROWS = 1_000_000  # of one sheet; the format ends at 1,048,576
PLAIN = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(title: str, columns: Mapping[str, int], rows: Iterable[Iterable]) -> IO[bytes]:
    """An open temporary file at its beginning; `columns` are the heads with their widths in characters."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  whoever asked for it closes it
    book = xlsxwriter.Workbook(file, PLAIN)
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F2F2F2"})
    day = book.add_format({"num_format": 'yyyy"年"m"月"d"日"', "align": "left"})
    sheet, place, sheets = None, MOST_ROWS, 0
    for row in rows:
        if place >= MOST_ROWS:
            sheets += 1
            sheet, place = _begun(book, title if sheets == 1 else f"{title}{sheets}", columns, head), 0
        place += 1
        _write(sheet, place, row, day)
    if sheet is None:
        _begun(book, title, columns, head)
    book.close()
    file.seek(0)
    return file


def _begun(book, title: str, columns: Mapping[str, int], head):
    sheet = book.add_worksheet(title[:31])
    for column, (name, width) in enumerate(columns.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, head)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    return sheet


def _write(sheet, place: int, row: Iterable, day) -> None:
    for column, value in enumerate(row):
        if isinstance(value, date):
            sheet.write_datetime(place, column, value, day)
        elif isinstance(value, int):
            sheet.write_number(place, column, value)
        elif value:
            sheet.write_string(place, column, str(value))
