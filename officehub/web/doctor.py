"""What an operator would check by hand, as a list of findings: green, worth knowing, or red with its remedy.

It repairs nothing. A room adds its own checks through `Hub.doctor_checks`; each takes nothing and returns a list.
"""

import ctypes
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from celery import current_app
from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from kombu.exceptions import OperationalError

from officehub.inbox.models import Reminder, WorkItem
from officehub.notifications.models import Message, Outlet
from officehub.notifications.remind import LATE
from officehub.web import hubs
from officehub.workdays.arithmetic import is_provisional_year, years_lacking
from officehub.workdays.models import CalendarChange

GIGABYTE = 1024**3
RECOUNTED_WITHIN = timedelta(minutes=30)
CLOCK_TOLERANCE = timedelta(seconds=5)
OLDEST_POSTGRESQL = 14_00_00  # Django 5.2
OLDEST_PANGO = 14_400  # 1.44, WeasyPrint 70
WAITS_SECONDS = 3
COUNTED = 1_000  # waiting reminders are counted no further
APT = "sudo apt-get install --no-install-recommends"


@dataclass(frozen=True)
class Check:
    """One finding. Something that only `warns` is worth knowing but does not make the page red."""

    name: str
    ok: bool
    says: str
    remedy: str = ""
    warns: bool = False

    @property
    def state(self) -> str:
        return "ok" if self.ok else "warning" if self.warns else "bad"


def checks(now: datetime) -> Iterator[Check]:
    """The floor's own findings, then those of every room."""
    yield from (python(), pango(), subsetter(), time_zone(), secret_key(), disk(), mail(), database())
    structure = migrations()
    yield structure
    if structure.ok:  # else the tables that are asked may not be there
        yield from (calendar(now), recounting(now), clock(now), left_behind(), reminders(now), outside(now))
    yield from (queue(), worker())
    for hub in hubs.all_hubs():
        for room in hub.doctor_checks:
            yield from room()


def python() -> Check:
    return Check("Python", sys.version_info >= (3, 11), sys.version.split()[0], "需要 3.11 或更高版本")


def pango() -> Check:
    try:
        version = ctypes.CDLL("libpango-1.0.so.0").pango_version()
    except OSError as missing:
        return Check("Pango", False, str(missing), f"{APT} libpango-1.0-0 libpangoft2-1.0-0")
    says = f"{version // 10000}.{version // 100 % 100}.{version % 100}"
    return Check("Pango", version >= OLDEST_PANGO, says, "排版需要 Pango 1.44 或更高版本")


def subsetter() -> Check:
    """Without it fontTools cuts the fonts, some forty times slower."""
    try:
        ctypes.CDLL("libharfbuzz-subset.so.0")
    except OSError as missing:
        return Check("HarfBuzz 字体裁剪", False, str(missing), f"{APT} libharfbuzz-subset0")
    return Check("HarfBuzz 字体裁剪", True, "libharfbuzz-subset.so.0")


def time_zone() -> Check:
    known = ZoneInfo(settings.TIME_ZONE)  # settings would not have loaded with a zone that does not exist
    return Check("时区", settings.USE_TZ, known.key, "USE_TZ 必须打开")


def secret_key() -> Check:
    kept = settings.VAR / "secret_key"
    if kept.exists() and kept.stat().st_mode & 0o077:
        return Check("密钥", False, f"{kept} 别人也能读", f"chmod 600 {kept}")
    return Check(
        "密钥", len(settings.SECRET_KEY) >= 50, f"{len(settings.SECRET_KEY)} 个字符", "SECRET_KEY 至少 50 个字符"
    )


def disk() -> Check:
    free = shutil.disk_usage(settings.VAR).free / GIGABYTE
    return Check("磁盘", free >= 5, f"{settings.VAR} 尚余 {free:.1f} GB", "清理磁盘或换到更大的盘", warns=free >= 1)


def mail() -> Check:
    backend = settings.EMAIL_BACKEND.rpartition(".")[0].rpartition(".")[2]
    if backend != "smtp":
        return Check("邮件", False, f"没有配置发信服务器（{backend}）", "设置 EMAIL_URL，例如 smtp+tls://…", warns=True)
    server = get_connection(timeout=WAITS_SECONDS)
    try:
        server.open()
    except OSError as refused:
        return Check("邮件", False, f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} {refused}", "核对 EMAIL_URL")
    server.close()
    return Check("邮件", True, f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}")


def database() -> Check:
    """SQLite must be in WAL and take its lock at BEGIN; PostgreSQL must be one that Django still supports."""
    ours: Any = connection  # what follows differs by vendor
    with ours.cursor() as cursor:
        if ours.vendor == "postgresql":
            version = ours.pg_version
            return Check(
                "数据库", version >= OLDEST_POSTGRESQL, f"PostgreSQL {version // 10000}", "升级到 14 或更高版本"
            )
        cursor.execute("PRAGMA journal_mode")
        journal = cursor.fetchone()[0]
    mode = ours.transaction_mode
    right = (journal, mode) == ("wal", "IMMEDIATE") or ours.is_in_memory_db()
    return Check("数据库", right, f"SQLite（{journal}，{mode}）", "不要改动 settings.py 中 SQLite 的选项")


def migrations() -> Check:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    says = f"{len(waiting)} 个未执行" if waiting else "全部执行"
    return Check("数据库结构", not waiting, says, "python3 manage.py migrate")


def calendar(now: datetime) -> Check:
    """Years whose holidays nobody has confirmed are reckoned by weekday (按推算); this year must be confirmed."""
    year = now.astimezone(ZoneInfo(settings.TIME_ZONE)).year
    lacking = years_lacking(now)
    last = year if is_provisional_year(year + 1) else year + 1
    says = f"{'、'.join(map(str, lacking))} 年放假安排尚未录入，期限按推算" if lacking else f"已录入至 {last} 年"
    return Check("工作日历", not lacking, says, "国务院办公厅发文后，在后台“工作日历”中录入", warns=year not in lacking)


def recounting(now: datetime) -> Check:
    """Limits are counted anew within minutes of a change of the calendar."""
    waiting = CalendarChange.objects.filter(done_at=None, at__lt=now - RECOUNTED_WITHIN).count()
    says = f"{waiting} 次日历变更后时限尚未重算完" if waiting else "没有待重算的时限"
    return Check("时限重算", not waiting, says, "看后台任务是否在运行：python3 manage.py serve，或启动 worker 和 beat")


def clock(now: datetime) -> Check:
    """Ours against the database's, and never earlier than the last change of its structure."""
    sql = "SELECT now()" if connection.vendor == "postgresql" else "SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        answer = cursor.fetchone()[0]
    theirs = answer if isinstance(answer, datetime) else datetime.fromisoformat(answer)
    last = MigrationRecorder.Migration.objects.order_by("-applied").values_list("applied", flat=True).first()
    apart = abs(theirs - now)
    sane = apart <= CLOCK_TOLERANCE and (last is None or last <= now)
    return Check("时钟", sane, f"与数据库相差 {apart.total_seconds():.1f} 秒", "打开时间同步：timedatectl set-ntp true")


def left_behind() -> Check:
    """Nothing may wait for somebody who is no longer here (R60): an errand given while they were leaving would."""
    count = WorkItem.objects.filter(done_at=None, assignee__is_active=False).count()
    says = f"{count} 项等着已离岗的人" if count else "没有"
    return Check("离岗人员待办", not count, says, "在后台“人员”中再次办理“离岗移交”")


def reminders(now: datetime) -> Check:
    """What is due is sent within a minute; when it waits longer, nobody sweeps."""
    waiting = Reminder.objects.due(now - LATE)
    count, first = len(waiting.values_list("pk")[:COUNTED]), waiting.first()
    if first is None:
        return Check("到期提醒", True, "没有积压")
    more = "以上" if count == COUNTED else ""
    says = f"{count} 条{more}应发未发，最早的是 {timezone.localtime(first.moment):%Y-%m-%d %H:%M}"
    return Check("到期提醒", False, says, "启动后台任务（beat 和 worker）；恢复后会补发并注明")


def outside(now: datetime) -> Check:
    """Ways out of the house that rest after failing, and messages that were given up."""
    resting = [str(outlet) for outlet in Outlet.objects.filter(rests_until__gt=now).select_related("robot")]
    lost = Message.objects.filter(state=Message.State.FAILED).count()
    says = [f"{'、'.join(resting)} 暂停中"] if resting else []
    says += [f"{lost} 条未发出"] if lost else []
    return Check("外发渠道", not says, "，".join(says) or "正常", "在后台“外发渠道”中查看原因，再重发", warns=True)


def queue() -> Check:
    name = settings.CELERY_BROKER_URL.partition("://")[0]
    if name == "memory":
        return Check("队列", False, "系统没有运行", "python3 manage.py serve")
    with current_app.connection_for_write(connect_timeout=WAITS_SECONDS) as line:
        try:
            line.ensure_connection(max_retries=1, timeout=WAITS_SECONDS)
        except (*line.connection_errors, OperationalError) as refused:
            return Check("队列", False, f"{name} 连不上：{refused}", "python3 manage.py serve，或核对 REDIS_URL")
    return Check("队列", True, name)


def worker() -> Check:
    """Whether a worker answers; asked only of a queue that is reached, since Celery would retry for long."""
    nobody = Check("后台任务", False, "没有进程应答", "python3 manage.py serve，或启动 worker 服务")
    if not queue().ok:
        return nobody
    with current_app.connection_for_write(connect_timeout=WAITS_SECONDS) as line:
        try:
            answers = current_app.control.ping(timeout=WAITS_SECONDS, connection=line)
        except line.connection_errors:  # the queue went away while we listened
            return nobody
    names = "、".join(name for answer in answers for name in answer)
    return Check("后台任务", True, names) if names else nobody
