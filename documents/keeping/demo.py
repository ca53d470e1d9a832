"""What the demo office keeps: papers public, waiting, overdue and not public, and old ones whose period is over."""

from datetime import date, timedelta

from django.utils import timezone

from documents import demo, receive
from documents.archive import archive
from documents.keeping import disclosure, freeze
from documents.keeping.grounds import joined
from documents.models import ArchivalItem, Receipt

RULES = """
为规范机关公务接待管理，经研究，现将有关事项通知如下。
一、严格审批
公务接待实行事前审批，未经审批不得安排。
二、严格标准
接待标准按省有关规定执行，不得超标准安排食宿。
"""
HR = """
根据工作需要，现将办公室内设机构人员分工调整情况通知如下。
应急综合科增加一名工作人员，负责值班值守；机要文印科负责档案移交工作。
"""


def fill(office, now) -> None:
    for make in (published, overdue, kept_from_the_public, old):
        make(office, now)


def sent(office, subject: str, body: str, at, **more):
    fields = demo.paper(subject, body, **more)
    document = demo.until_distributed(office, fields, at, ("市发展改革委", "市财政局"))
    for receipt in Receipt.objects.filter(document=document):
        receive.acknowledge(document, receipt.reader, at + timedelta(days=1))
    return document


def published(office, now) -> None:
    document = sent(
        office, "公布市政府规范性文件清理结果的通知", demo.DATA.split("| 数据类别")[0], now - timedelta(days=20)
    )
    day = timezone.localdate(now) - timedelta(days=14)
    place = "https://www.yunxi.example/zfgb/2026/11.html"
    deed = {"by": office.people["suqing"], "now": now - timedelta(days=14)}
    disclosure.publish(document.disclosure, day=day, channel="site", place=place, **deed)


def overdue(office, now) -> None:
    """Nobody has published it in its twenty working days."""
    sent(office, "加强公共机构节能管理的通知", RULES.replace("公务接待", "用能"), now - timedelta(days=45))


def kept_from_the_public(office, now) -> None:
    """An internal matter of more than a year ago, due for its review."""
    reason = joined("internal", "涉及机关内部人员分工")
    exempt = {"disclosure": "不予公开", "disclosure_reason": reason}
    document = sent(office, "调整办公室内设机构人员分工的通知", HR, now - timedelta(days=375), **exempt)
    filed(document, office, now - timedelta(days=370))


def old(office, now) -> None:
    """One whose ten years are over. Nobody of the office was there so long ago, so only its last day is set back."""
    document = sent(office, "规范公务接待管理的通知", RULES, now - timedelta(days=400))
    item = filed(document, office, now - timedelta(days=390))
    ended = date(timezone.localdate(now).year - 1, 12, 31)
    ArchivalItem.objects.filter(pk=item.pk).update(expires_on=ended)


def filed(document, office, at) -> ArchivalItem:
    item = archive(document, retention="D10", by=office.people["xiaonan"], now=at)
    freeze.freeze_item(item.pk, at)
    return item
