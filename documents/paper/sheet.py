"""What a measured PDF is judged by: its pages with their format, and the lines of the report."""

import re
from dataclasses import asdict, dataclass
from typing import Any

from documents.paper import grid
from documents.paper.seen import Box, Page, Row

NUMBER = re.compile(r"[\u4e00-\u9fffA-Za-z]*〔\d{4}〕\d+号|^第\d+[号期]$")
DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
ANNEX = re.compile(r"附件\d*")
NONE = "不适用"


@dataclass(frozen=True)
class Check:
    """One line of the report; `applicable` is false when the file has no such element."""

    id: str
    expected: str
    measured: str
    tolerance: float
    ok: bool
    applicable: bool = True


@dataclass(frozen=True)
class Report:
    pages: int
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)

    def plain(self) -> dict[str, Any]:
        return {"pages": self.pages, "checks": [asdict(check) for check in self.checks], "ok": self.ok}


@dataclass(frozen=True)
class Sheet:
    """The pages and the format they are measured by."""

    pages: list[Page]
    layout: str

    @property
    def first(self) -> Page:
        return self.pages[0]

    @property
    def body(self) -> list[Row]:
        return [row for page in self.pages for row in page.body]

    @property
    def mark(self) -> list[Row]:
        """发文机关标志: large red characters on the first page."""
        return [row for row in self.first.rows if row.red and row.size >= 20]

    @property
    def number(self) -> Row | None:
        floor = max((row.bottom for row in self.mark), default=0.0)
        until = self.title[0].top if self.title else floor + 60
        rows = [row for row in self.first.body if floor < row.top < until and NUMBER.search(row.text)]
        return rows[0] if rows else None

    @property
    def title(self) -> list[Row]:
        """The rows of large black type below the masthead."""
        floor = max((row.bottom for row in self.mark), default=0.0)
        return [row for row in self.first.rows if not row.red and row.top > floor and row.size > 17]

    @property
    def dated(self) -> tuple[Page, Row] | None:
        """The page and row of the date of the document, the last row that is nothing but a date."""
        found = [(page, row) for page in self.pages for row in page.body if DAY.fullmatch(row.text.replace(" ", ""))]
        return found[-1] if found else None


def near(name: str, values: list[float], wanted: float, tolerance: float, unit: str = "mm") -> Check:
    """A check that every value is within the tolerance; shows the one furthest off."""
    expected = f"{wanted:g} {unit}"
    if not values:
        return absent(name, expected, tolerance)
    worst = max(values, key=lambda value: abs(value - wanted))
    return Check(name, expected, f"{worst:.2f} {unit}", tolerance, abs(worst - wanted) <= tolerance)


def absent(name: str, expected: str, tolerance: float = 0.0) -> Check:
    return Check(name, expected, NONE, tolerance, True, False)


def lacking(name: str, expected: str, tolerance: float = 0.0) -> Check:
    """A thing that every paper of this format must have is not there."""
    return Check(name, expected, "未找到", tolerance, False)


def in_right_half(row: Row) -> bool:
    return row.middle > grid.AREA_LEFT + grid.AREA_WIDTH / 2


def last_seal(seals: list[Box]) -> Box:
    """The one that presses the date: of several the last in the lowest row."""
    return max(seals, key=lambda box: (round(box.top / 10), box.left))
