"""An uploaded workbook becomes a preview: every row checked, nothing made yet."""

from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.apart import Busy, Unreadable, ask
from officehub.files.check import check, clean_name
from officehub.files.keep import keeping
from tasks.imports.names import directory
from tasks.imports.rows import Row, WrongTable, read_rows
from tasks.models import ImportRow, TaskImport

MOST_COLUMNS = 60
LONGEST_CELL = 5_000  # characters read of one cell; the longest field is shorter


def take(upload, *, by, now: datetime) -> TaskImport:
    """Keep a workbook with what its rows say. Raises ValidationError, and then nothing is kept, for a file that is no
    such workbook, is damaged or dangerous, holds too much, or bears a mark of secrecy."""
    rows = read(upload, by, timezone.localdate(now))
    with keeping([upload], by=by, now=now) as kept, transaction.atomic():
        bad = sum(bool(row.faults) for row in rows)
        made = TaskImport.objects.create(stored=kept[0], by=by, at=now, good=len(rows) - bad, bad=bad)
        ImportRow.objects.bulk_create([ImportRow(workbook=made, **vars(row)) for row in rows], batch_size=500)
    return made


def read(upload, by, today: date) -> list[Row]:
    """The rows of a workbook, checked. Raises ValidationError."""
    most = settings.TASK_IMPORT_MOST_BYTES
    if upload.size > most:
        raise ValidationError(
            _("“%(name)s”超过 %(most)s MB，请拆分后上传。")
            % {"name": clean_name(upload.name), "most": most // 1024 // 1024}
        )
    if not clean_name(upload.name).lower().endswith(".xlsx"):
        raise ValidationError(_("请上传 .xlsx 工作簿；.xls、.et、.csv 请先另存为 .xlsx。"))
    check(upload)
    upload.seek(0)
    content = upload.read()
    upload.seek(0)
    try:
        table = ask("table", content, most_rows=_most_read(), most_columns=MOST_COLUMNS, longest=LONGEST_CELL)
        _refuse_too_long(table["total"])
        rows = read_rows(table, directory(today), by, today)
    except (Unreadable, Busy, WrongTable) as error:
        raise ValidationError(str(error)) from error
    _refuse_count(len(rows))
    return rows


def _most_read() -> int:
    """Rows read at all: those allowed, and some for what stands above the heads."""
    return settings.TASK_IMPORT_MOST_ROWS + 20


def _refuse_too_long(total: int) -> None:
    if total > _most_read():
        raise ValidationError(_too_many(total))


def _refuse_count(count: int) -> None:
    if count > settings.TASK_IMPORT_MOST_ROWS:
        raise ValidationError(_too_many(count))
    if not count:
        raise ValidationError(_("表格里没有任务，请从列名下面一行开始填写。"))


def _too_many(count: int) -> str:
    most = settings.TASK_IMPORT_MOST_ROWS
    return _("表格有 %(count)s 行，一次最多 %(most)s 行，请拆成几个文件分次上传。") % {"count": count, "most": most}


def same_before(workbook: TaskImport) -> TaskImport | None:
    """The last workbook with the very same bytes of which this person has had tasks made, or is having them made."""
    made = Q(done__gt=0) | Q(state__in=TaskImport.TO_DO)
    same = TaskImport.objects.filter(made, by=workbook.by_id, stored__sha256=workbook.stored.sha256)
    return same.exclude(pk=workbook.pk).order_by("-id").first()
