"""A paper gets its place in the archive: 档号, period, and the list of what the item consists of."""

from datetime import datetime

from django.conf import settings
from django.db.models import Max

from documents.keeping import retention as periods
from documents.models import ArchivalItem
from officehub.people.models import Department, Organ

MOST_PAGES = 32_767  # what the column holds


def lacking(organ: Organ, department: Department | None) -> list[str]:
    """What must be settled by the administrators before anything of theirs can have a 档号."""
    missing = []
    if not organ.fonds_number:
        missing.append(f"{organ}没有全宗号，请系统管理员在“机关”中填写。")
    if department is None:
        missing.append("登记人已没有所在部门，定不了机构代码，请系统管理员在“人员”中核对。")
    elif not department.code:
        missing.append(f"{department}没有机构代码，请系统管理员在“部门”中填写。")
    return missing


def shelve(
    *, organ: Organ, department: Department, year: int, retention: str, deviation: str, manifest: dict, pages: int,
    by, now: datetime, **paper,
) -> ArchivalItem:  # fmt: skip
    """The next item of its class, inside the deed's transaction. `paper` is `document=` or `incoming=`."""
    place = {
        "fonds_number": organ.fonds_number,
        "year": year,
        "retention": retention,
        "office_code": department.code,
    }
    Organ.objects.select_for_update(no_key=True).get(pk=organ.pk)  # item numbers are given one by one
    last = ArchivalItem.objects.filter(**place).aggregate(last=Max("item_number"))["last"] or 0
    return ArchivalItem.objects.create(
        item_number=last + 1,
        reference_code=reference_code(**place, item_number=last + 1),
        manifest=manifest,
        pages=min(pages, MOST_PAGES),
        reason=deviation.strip(),
        expires_on=periods.expiry(year, retention),
        by=by,
        at=now,
        **place,
        **paper,
    )


def reference_code(*, fonds_number: str, year: int, retention: str, office_code: str, item_number: int) -> str:
    """档号 (DA/T 13-2022), its parts and separators as the office's settings have them."""
    return settings.ARCHIVE_CODE.format(
        fonds=fonds_number,
        category=settings.ARCHIVE_CATEGORY,
        year=year,
        retention=retention,
        office=office_code,
        number=f"{item_number:0{settings.ARCHIVE_ITEM_DIGITS}d}",
    )
