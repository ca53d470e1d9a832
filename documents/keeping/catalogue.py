"""归档文件目录 (DA/T 22-2015): the items of a fonds in the order of their codes, for the screen and as .xlsx."""

from collections.abc import Iterable, Iterator
from typing import IO

from django.utils import timezone

from documents.models import ArchivalItem
from officehub.web.workbook import long_workbook

COLUMNS = {"序号": 7, "档号": 30, "文号": 22, "责任者": 30, "题名": 60, "日期": 11, "密级": 8, "页数": 7, "备注": 12}
IN_ORDER = ("fonds_number", "year", "retention", "office_code", "item_number")
FACTS = (
    "reference_code", "document__document_number", "document__content__issuers", "document__title",
    "document__signed_at", "document__content__security_classification", "pages", "state",
    "incoming__document_number", "incoming__sender_name", "incoming__title", "incoming__dated",
    "incoming__received_at",
)  # fmt: skip


def chosen(fonds: Iterable[str], *, year: int | None = None, retention: str = "", office: str = ""):
    """The items of these fonds, narrowed."""
    narrowed = {"year": year, "retention": retention, "office_code": office}
    return ArchivalItem.objects.filter(
        fonds_number__in=list(fonds), **{name: value for name, value in narrowed.items() if value}
    )


def lines(items) -> Iterator[list]:
    """One row an item, read in pieces, whatever their number."""
    rows = items.order_by(*IN_ORDER).values_list(*FACTS).iterator(chunk_size=2000)
    for place, (code, number, issuers, title, signed, level, pages, state, *received) in enumerate(rows, 1):
        remark = "" if state == ArchivalItem.State.KEPT else ArchivalItem.State(state).label
        if title is None:
            number, whose, title, dated, at = received
            day = dated or timezone.localdate(at)
        else:
            whose, day = "、".join(issuers or ()), timezone.localdate(signed)
        yield [place, code, number or "", whose, title, f"{day:%Y%m%d}", level or "", pages or "", remark]


def as_workbook(items) -> IO[bytes]:
    return long_workbook("归档文件目录", COLUMNS, lines(items))
