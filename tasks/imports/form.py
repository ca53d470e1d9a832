"""The workbook to fill in: headed columns, drop-downs where the list is closed, an example, and the names there are."""

from io import BytesIO

import xlsxwriter
from django.utils.translation import gettext as _

from officehub.web.workbook import HEAD, SAFE
from tasks.imports.columns import COLUMNS, EXAMPLE_MARK, NAMES_SHEET, Column
from tasks.imports.names import Directory

ROWS_PREPARED = 2_000  # rows with drop-downs
REQUIRED = {**HEAD, "font_color": "#B3261E"}
FAINT = {"font_color": "#8D897E", "italic": True}


def form(known: Directory) -> bytes:
    """The workbook, for the people and units of a directory."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {**SAFE, "in_memory": True})
    sheet = book.add_worksheet("任务")
    units, people = _names(book, known)
    for place, column in enumerate(COLUMNS):
        _column(book, sheet, place, column, {"lead_unit": units, "lead_person": people, "responsible": people})
    _example(book, sheet, known)
    sheet.freeze_panes(1, 1)
    book.close()
    return out.getvalue()


def _column(book, sheet, place: int, column: Column, listed: dict[str, str]) -> None:
    """One column: its head with a note, the format of its cells, and its drop-down."""
    day = column.key == "due_on"
    sheet.set_column(place, place, column.width, book.add_format({"num_format": "yyyy-mm-dd" if day else "@"}))
    sheet.write_string(0, place, column.head, book.add_format(REQUIRED if column.required else HEAD))
    sheet.write_comment(0, place, column.help, {"x_scale": 1.6, "y_scale": 0.6})
    wanted = {"validate": "list", "error_title": column.head}
    if column.choices:
        sheet.data_validation(1, place, ROWS_PREPARED, place, {**wanted, "source": list(column.choices)})
    elif source := listed.get(column.key):  # several units may bear one name, so another writing is only warned of
        more = {"source": source, "error_type": "warning", "error_message": _("名单里没有，确定这样写吗？")}
        sheet.data_validation(1, place, ROWS_PREPARED, place, {**wanted, **more})


def _example(book, sheet, known: Directory) -> None:
    faint = book.add_format(FAINT)
    for place, column in enumerate(COLUMNS):
        text = f"{EXAMPLE_MARK}{column.example}" if column.key == "title" else column.example
        if column.key == "lead_unit":
            text = next(iter(known.units.by_name), "")
        sheet.write_string(1, place, text, faint)


def _names(book, known: Directory) -> tuple[str, str]:
    """The sheet of names, each as it is to be written; and where it has its units and its people."""
    sheet, head = book.add_worksheet(NAMES_SHEET), book.add_format(HEAD)
    sheet.set_column(0, 0, 30)
    sheet.set_column(2, 3, 20)
    for column, title in ((0, _("单位")), (2, _("人员")), (3, _("所在单位"))):
        sheet.write_string(0, column, title, head)
    named = known.units.by_name.items()
    units = [_written(name, known.units.said[row.pk], rows) for name, rows in named for row in rows]
    people = [
        (_written(name, known.people.said[row.pk], rows), row.department.name if row.department else "")
        for name, rows in known.people.by_name.items()
        for row in rows
    ]
    for at, text in enumerate(units, 1):
        sheet.write_string(at, 0, text)
    for at, (text, place) in enumerate(people, 1):
        sheet.write_string(at, 2, text)
        sheet.write_string(at, 3, place)
    sheet.freeze_panes(1, 0)
    return _range("A", len(units)), _range("C", len(people))


def _written(name: str, said: str, rows: list) -> str:
    """The name alone, where it stands for one."""
    return name if len(rows) == 1 else said


def _range(column: str, count: int) -> str:
    return f"='{NAMES_SHEET}'!${column}$2:${column}${max(count, 1) + 1}"
