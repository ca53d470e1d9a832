"""Workbooks as people send them, and as attackers do."""

import io
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

import python_calamine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from tasks.imports.columns import COLUMNS, HEADS

ROW = {"title": "报送冬季供暖保障情况", "lead_unit": "市财政局", "due_on": "2026-12-11"}
LASTING = {**ROW, "due_on": None, "limit_value": 10, "limit_unit": "工作日"}  # good on any day


def book(
    rows: Iterable[dict[str, Any]], *, heads: Iterable[str] = HEADS, more: Callable | None = None, **options
) -> bytes:
    """A workbook of tasks; `more(book, sheet)` adds what is odd about it."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, **options})
    sheet, day = made.add_worksheet("任务"), made.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, heads)
    for at, row in enumerate(rows, 1):
        for place, column in enumerate(COLUMNS):
            cell = row.get(column.key)
            if hasattr(cell, "year"):
                sheet.write_datetime(at, place, cell, day)
            elif cell is not None:
                sheet.write(at, place, cell)
    if more:
        more(made, sheet)
    made.close()
    return out.getvalue()


def upload(content: bytes, name: str = "任务.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            raw = old.read(entry)
            new.writestr(entry.filename, change(raw) if entry.filename == name else raw)
    return out.getvalue()


def read_book(content: bytes) -> list[list]:
    """The first sheet of an exported workbook, by another library than wrote it."""
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def streamed(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
