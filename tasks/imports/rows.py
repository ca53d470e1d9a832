"""What each row of the workbook says: its fields, or what is wrong cell by cell and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from documents.strict import unprintable
from officehub.people.models import Person
from officehub.secrecy import is_refused
from officehub.workdays.arithmetic import FURTHEST
from tasks.imports.columns import BY_KEY, COLUMNS, EXAMPLE_MARK, HEADS, IMPORTANCE, MOST_NAMES, UNITS, Column
from tasks.imports.dates import read_day
from tasks.imports.names import Directory, Named, NotFound, several

HEAD_WITHIN = 10  # rows in which the heads are looked for: a title may stand above them
TYPED = dict.fromkeys(map(ord, "\r\n\t"))


class WrongTable(Exception):
    """The workbook is not of this form; the message says what is lacking."""


@dataclass
class Row:
    """`number` is the row's in the sheet, from 1; `cells` what is written there; `faults` by the field, `""` of the row
    as a whole; `fields` what a task is made of, as plain JSON (units and people by their ids)."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)


def read_rows(table: dict[str, Any], known: Directory, by: Person, today: date) -> list[Row]:
    """Every row that says something, below the heads. `table` is what `documents.apart` read; `by` is who gives the
    tasks. Raises WrongTable."""
    begins, places = _heads(table["rows"])
    odd = _odd_cells(table)
    rows = []
    for at, cells in enumerate(table["rows"][begins + 1 :], begins + 1):
        if not any(_said(cells, place) for place in places.values()):
            continue
        row = Row(at + 1)
        for key, place in places.items():
            row.cells[key] = _said(cells, place)
            if fault := odd.get((at, place)):
                row.faults[key] = fault
        if not row.cells["title"].startswith(EXAMPLE_MARK):
            _check(row, {key: _raw(cells, place) for key, place in places.items()}, known, today)
            _refuse_own(row, by)
            rows.append(row)
    _refuse_twins(rows)
    return rows


def _heads(rows: list[list]) -> tuple[int, dict[str, int]]:
    """Which row holds the heads, and where each column stands. Columns may be moved, and others stand between."""
    for at, cells in enumerate(rows[:HEAD_WITHIN]):
        written = [str(cell).strip().rstrip("*＊") if isinstance(cell, str) else "" for cell in cells]
        if BY_KEY["title"].head in written:
            return at, _placed(written)
    raise WrongTable(
        _("表格前 %(rows)s 行里没有“%(head)s”这一列，请下载模板填写。")
        % {"rows": HEAD_WITHIN, "head": BY_KEY["title"].head}
    )


def _placed(written: list[str]) -> dict[str, int]:
    if twice := [head for head in HEADS if written.count(head) > 1]:
        raise WrongTable(_("列名“%(head)s”出现了两次，请只留一列。") % {"head": twice[0]})
    if missing := [head for head in HEADS if head not in written]:
        raise WrongTable(_("缺少这些列：%(heads)s。请按模板的列名填写。") % {"heads": "、".join(missing)})
    return {column.key: written.index(column.head) for column in COLUMNS}


def _odd_cells(table: dict[str, Any]) -> dict[tuple[int, int], str]:
    """Cells that hold no plain value of their own, with what to do about them."""
    odd = {(row, column): _("此格是公式，请复制后“粘贴为数值”。") for row, column in table["formulas"]}
    for top, left, bottom, right in table["merged"]:
        for row in range(top, min(bottom, len(table["rows"])) + 1):
            for column in range(left, min(right, 100) + 1):
                odd[row, column] = _("此格是合并单元格，请取消合并，逐行填写。")
    for row, column, length in table["long"]:
        odd[row, column] = _("此格有 %(length)s 字，太长，请精简。") % {"length": length}
    return odd


def _raw(cells: list, place: int) -> Any:
    return cells[place] if place < len(cells) else ""


def _said(cells: list, place: int) -> str:
    """A cell as it is shown again: a whole number without its nought, a day as it is written here."""
    cell = _raw(cells, place)
    if isinstance(cell, dict):
        return cell["day"]
    if isinstance(cell, bool):
        return _("是") if cell else _("否")
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


# --- cell by cell -------------------------------------------------------------------------------------------------


def _check(row: Row, raw: dict[str, Any], known: Directory, today: date) -> None:
    for column in COLUMNS:
        if column.key not in row.faults and (fault := _fault_of_text(column, row.cells[column.key])):
            row.faults[column.key] = fault
    said = {key: "" if key in row.faults else text for key, text in row.cells.items()}
    plain = ("title", "details", "source_text", "evidence_asked")
    row.fields = {key: said[key] for key in plain} | {"urgency": said["urgency"]}
    row.fields["importance"] = IMPORTANCE.get(said["importance"], 0)
    _name_all(row, said, known)
    _limit(row, raw, said, today)


def _fault_of_text(column: Column, text: str) -> str:
    """What is wrong with a text whatever it names; empty when nothing is."""
    if not text:
        return _("必填。") if column.required else ""
    if len(text) > column.longest:
        return _("至多 %(most)s 字，现有 %(length)s 字。") % {"most": column.longest, "length": len(text)}
    if code := unprintable(text.translate(TYPED)):
        return _("含有不能印刷的字符 %(code)s，请删去。") % {"code": code}
    if is_refused(text):
        return _("有国家秘密标志，本系统为非涉密系统，不得录入；请删去并按保密规定办理。")
    if column.choices and text not in column.choices:
        return _("“%(text)s”不在可选项中，请填：%(choices)s。") % {
            "text": text[:20],
            "choices": "、".join(column.choices),
        }
    return ""


def _name_all(row: Row, said: dict[str, str], known: Directory) -> None:
    unit = _one(row, "lead_unit", said["lead_unit"], known.units)
    if unit and unit.pk in known.unanswered:
        row.faults["lead_unit"] = _nobody(unit)
    person = _one(row, "lead_person", said["lead_person"], known.people)
    chief = _one(row, "responsible", said["responsible"], known.people)
    found = {"lead_unit": unit, "lead_person": person, "responsible": chief}
    row.fields |= {key: one.pk if one else None for key, one in found.items()}
    row.fields["assisting"] = _many(row, "assisting", said["assisting"], known.units, known.unanswered)
    row.fields["helpers"] = _many(row, "helpers", said["helpers"], known.people)
    if not row.cells["lead_unit"] and not row.cells["lead_person"]:
        row.faults["lead_unit"] = _("牵头单位、承办人至少填一项。")
    if unit and unit.pk in row.fields["assisting"]:
        row.faults["assisting"] = _("“%(name)s”已是牵头单位，请从协办单位中删去。") % {"name": unit.name}
    if person and person.pk in row.fields["helpers"]:
        row.faults["helpers"] = _("“%(name)s”已是承办人，请从协办人中删去。") % {"name": person.name}
    if unit and person and not (person.department and person.department.path.startswith(unit.path)):
        row.faults["lead_person"] = _("%(person)s不在“%(unit)s”，请核对牵头单位或者承办人。") % {
            "person": person.name,
            "unit": unit.name,
        }


def _nobody(unit) -> str:
    return _("%(unit)s没有负责人，也没有收发员，请系统管理员补充后再交办。") % {"unit": unit.name}


def _refuse_own(row: Row, by: Person) -> None:
    """Whoever gives a task verifies it, so another must do it."""
    if row.fields["lead_person"] == by.pk:
        row.faults["lead_person"] = _("交办人要核验，不能同时是承办人。")


def _one(row: Row, key: str, text: str, known: Named):
    if not text:
        return None
    try:
        return known.find(text)
    except NotFound as error:
        row.faults[key] = str(error)
        return None


def _many(row: Row, key: str, text: str, known: Named, unanswered: Iterable[int] = ()) -> list[int]:
    names = several(text)
    if len(names) > MOST_NAMES:
        row.faults[key] = _("至多 %(most)s 个，现有 %(count)s 个。") % {"most": MOST_NAMES, "count": len(names)}
        return []
    found, wrong = [], []
    for name in names:
        try:
            one = known.find(name)
            if key == "assisting" and one.pk in unanswered:
                raise NotFound(_nobody(one))
            found.append(one.pk)
        except NotFound as error:
            wrong.append(str(error))
    if wrong:
        row.faults[key] = "".join(wrong)
    return list(dict.fromkeys(found))


def _limit(row: Row, raw: dict[str, Any], said: dict[str, str], today: date) -> None:
    """A day, or a count with its unit; either is wanted, and not both."""
    row.fields |= {"due_on": None, "limit_value": None, "limit_unit": ""}
    if {"due_on", "limit_value", "limit_unit"} & row.faults.keys():
        return
    if said["due_on"] and (said["limit_value"] or said["limit_unit"]):
        row.faults["due_on"] = _("办结日期与时限只填一种。")
    elif said["due_on"]:
        _day(row, raw["due_on"], said["due_on"], today)
    elif said["limit_value"] or said["limit_unit"]:
        _count(row, said)
    else:
        row.faults["due_on"] = _("请填办结日期，或者填时限和时限单位。")


def _day(row: Row, cell: Any, text: str, today: date) -> None:
    if isinstance(cell, bool | int | float) and not 19_000_000 < cell < 99_990_000:
        row.faults["due_on"] = _("是数字 %(text)s，不是日期，请把单元格改为日期格式后重填。") % {"text": text[:20]}
        return
    day = read_day(text)
    if day is None:
        row.faults["due_on"] = _("“%(text)s”不是日期，应如 %(example)s。") % {
            "text": text[:20],
            "example": today.isoformat(),
        }
    elif day < today:
        row.faults["due_on"] = _("%(day)s已经过去，请核对年份。") % {"day": day.isoformat()}
    elif (day - today).days > FURTHEST:
        row.faults["due_on"] = _("%(day)s太远，请核对年份。") % {"day": day.isoformat()}
    else:
        row.fields["due_on"] = day.isoformat()


def _count(row: Row, said: dict[str, str]) -> None:
    digits = said["limit_value"]
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 4 and 1 <= int(digits) <= FURTHEST):
        row.faults["limit_value"] = _("时限应是 1 至 %(most)s 的整数。") % {"most": FURTHEST}
    elif not said["limit_unit"]:
        row.faults["limit_unit"] = _("请选时限单位：%(choices)s。") % {"choices": "、".join(UNITS)}
    else:
        row.fields |= {"limit_value": int(digits), "limit_unit": UNITS[said["limit_unit"]]}


def _refuse_twins(rows: Iterable[Row]) -> None:
    """The same row twice is a slip of copying."""
    first: dict[tuple, int] = {}
    for row in rows:
        same = first.setdefault(tuple(row.cells.values()), row.number)
        if same != row.number:
            row.faults[""] = _("与第 %(number)s 行完全相同，请删去一行。") % {"number": same}
