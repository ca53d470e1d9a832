"""What the demo office has sent: lists at hand, a circular in numbered copies half read, a request, and a recall."""

from datetime import datetime, timedelta

from documents import distribute, receive
from documents.models import Addressee, Document
from documents.sending import certify, lists, number_copies, recalling, widen
from documents.sending.whom import Whom

BUREAUS = ("市发展改革委", "市财政局", "市住建局", "市水利局", "市应急局")
COUNTIES = ("松岭县政府", "临湖县政府", "青桥区政府")
NUMBERED = """
根据省防汛抗旱指挥部部署，现将今冬明春水库安全度汛工作有关要求通知如下。
一、落实巡查责任
各水库管理单位每日巡查不少于两次，巡查记录由县级水行政主管部门抽查。
二、备足抢险物资
各县（区）于11月底前完成物资清点，不足的立即补齐。
"""
RECALLED = """
为做好全市防灾减灾综合演练，现将有关安排通知如下。
一、演练时间
12月10日上午9时。
二、有关要求
各单位按方案组织实施，演练情况于12月15日前报市应急局。
"""


def fill(office, now: datetime, circular: Document, called_back: Document) -> None:
    """`circular` and `called_back` are sealed papers that nobody has sent out yet."""
    clerk = office.people["xiaonan"]
    _lists(office, clerk, now)
    _numbered(office, circular, clerk, now)
    _recalled(office, called_back, clerk, now)


def _departments(office, names) -> list:
    return [office.departments[name] for name in names]


def _lists(office, clerk, now: datetime) -> None:
    shared = {"organ": clerk.department.organ, "by": clerk, "now": now}
    lists.save(None, name="市直有关部门", whom=Whom(_departments(office, BUREAUS)), **shared)
    lists.save(None, name="各县（区）政府", whom=Whom(_departments(office, COUNTIES)), **shared)


def _numbered(office, document: Document, clerk, now: datetime) -> None:
    sent_at = now - timedelta(days=2)
    sent = distribute.distribute(
        document, departments=_departments(office, BUREAUS + COUNTIES), people=[office.people["tangwen"]], by=clerk,
        now=sent_at, first_number=1,
    )  # fmt: skip
    number_copies.make(sent.copy_run.pk, sent_at)
    distribute.deliver(sent.pk, sent_at)
    receive.acknowledge(document, office.people["qianduo"], now - timedelta(days=1))
    receive.note_opening(document, office.people["wangjing"], now - timedelta(hours=20))
    sent.refresh_from_db()
    certify.issue(sent, by=clerk, now=now - timedelta(hours=3))
    further = Whom([], [office.people["suqing"]])
    reason = "该同志负责水库安全督查，须知悉本件。"
    widen.ask(document, further, by=office.people["wangjing"], now=now - timedelta(hours=2), reason=reason)


def _recalled(office, document: Document, clerk, now: datetime) -> None:
    sent_at = now - timedelta(days=3)
    departments = _departments(office, ("市水利局", "市应急局", "松岭县政府"))
    sent = distribute.distribute(document, departments=departments, people=[], by=clerk, now=sent_at)
    distribute.deliver(sent.pk, sent_at)
    called = recalling.recall(
        document, None, by=clerk, now=now - timedelta(days=1), reason="演练时间有误，另行印发。",
        due_at=now + timedelta(days=3),
    )  # fmt: skip
    back = called.returns.get(addressee__in=Addressee.objects.filter(department__name="市水利局"))
    recalling.confirm(back, by=office.people["wangjing"], now=now - timedelta(hours=5), how="destroyed", note="已粉碎")
