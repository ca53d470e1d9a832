"""Fill an empty database with a believable office."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from officehub.inbox.models import Reminder
from officehub.notifications.remind import remind, settle_some
from officehub.people.models import Person
from officehub.web import demo_office, hubs

PASSWORD = "officehub-demo"  # noqa: S105  the demo's own, refused in production
LOGINS = [
    ("chenxi", "陈曦，应急综合科拟稿人"),
    ("lixiang", "黎翔，应急综合科科长（审核）"),
    ("jiangyue", "蒋悦，秘书一科科长（核稿）"),
    ("tangwen", "唐雯，办公室副主任（签发）"),
    ("hejianping", "何建平，办公室主任（签发办公室的重要公文和上行文）"),
    ("luoyuan", "罗远，市长（签发市政府的重要公文和上行文）"),
    ("suqing", "苏青，秘书一科（复核、编号）"),
    ("panhong", "潘虹，机要文印科科长（用印）"),
    ("xiaonan", "肖楠，机要员（分发、归档）"),
    ("qianduo", "钱朵，市财政局文书（阅件）"),
    ("sysadmin", "系统管理员（后台 /admin/：人员、流程、日历）"),
    ("secadmin", "安全管理员（后台 /admin/：角色）"),
    ("auditadmin", "审计管理员（后台 /admin/：审计记录）"),
]


def _remind(now) -> None:
    """What is still open was reminded of when its moments came, in the office's invented past; nobody watched then."""
    due = Reminder.objects.due(now).order_by("moment")
    for moment in list(due.values_list("moment", flat=True).distinct()):
        while settle_some(moment):
            pass
    remind(now)


class Command(BaseCommand):
    help = "在空的数据库中建立演示单位：机构、人员、流程和各种状态的公文。"

    def add_arguments(self, parser):
        parser.add_argument("--scale", choices=["office", "city", "province"], default="office")

    def handle(self, *, scale, verbosity, **options):
        if settings.PRODUCTION:
            raise CommandError("生产环境（OFFICEHUB_PRODUCTION）不建立演示单位。", returncode=2)
        if Person.objects.exists():
            raise CommandError("数据库里已有人员，演示单位只建在空的数据库中。", returncode=2)
        now = timezone.now()
        office = demo_office.build(PASSWORD)
        for hub in hubs.all_hubs():
            if hub.demo:
                hub.demo(office, now, scale)
        _remind(now)
        self.stdout.write(f"演示单位已建立：{len(office.people)} 人。登录密码均为 {PASSWORD}")
        if not verbosity:  # `serve` names them itself, when there is something to log in to
            return
        for username, who in LOGINS:
            self.stdout.write(f"  {username:<12}{who}")
