"""What the demo office keeps beside the system's own templates: one template for all, sentences of two people."""

from datetime import datetime

from documents.models import StockText, Template

DUTY = {
    "title": "〈机关〉关于做好××期间值班工作的通知",
    "primary_recipients": "各县（区）人民政府，市政府各部门",
    "body": "为做好××期间值班工作，现将有关事项通知如下。\n"
    "一、严格值班制度\n实行领导带班和24小时值班，值班人员须在岗在位。\n"
    "二、及时报告情况\n遇有突发事件，须在事发后××分钟内电话报告市政府总值班室。\n"
    "三、报送值班安排\n请于×月×日前报送值班表。",
    "disclosure": "不予公开",
    "disclosure_reason": "内部事务信息",
}


def fill(people: dict, now: datetime) -> None:
    """`people` are those of the demo office, by login."""
    Template.objects.create(kind="通知", name="节假日值班", fields=DUTY, updated_at=now)
    StockText.objects.create(kind="通知", place="closing", text="工作中遇到的问题，请及时与市政府办公室联系。")
    StockText.objects.create(owner=people["chenxi"], kind="", place="middle", text="坚持问题导向，注重工作实效。")
