"""What surrounds the tasks of the demo office: requests, templates, what recurs, a workbook to be confirmed."""

from datetime import datetime, timedelta
from io import BytesIO

import xlsxwriter
from django.core.files.base import ContentFile
from django.utils import timezone

from tasks import demo
from tasks.imports.columns import HEADS
from tasks.imports.take import take
from tasks.recurring import make, templates
from tasks.serving import deeds

DAY = timedelta(days=1)
WORKING = {"limit_value": 5, "limit_unit": "working_days"}


def fill(office, now: datetime, scale: str) -> None:
    demo.fill(office, now, scale)
    _requests(office, now)
    _templates(office, now)
    _workbook(office, now)


def _requests(office, now: datetime) -> None:
    people, organ = office.people, office.organs["云溪市人民政府办公室"]

    def ask(who: str, title: str, days: int, **more):
        kept = {"contact": f"{people[who].name} {people[who].phone}", "kind": "departments", **more}
        return deeds.ask(organ=organ, by=people[who], now=now - days * DAY, title=title, **kept)

    by = {"by": people["xiaonan"]}
    done = ask("qianduo", "请协调市政府第三会议室开预算座谈会", 9, details="二十人左右，需投影。")
    deeds.answer(done, "已预定第三会议室，投影已备好。", now=now - 8 * DAY, **by)
    deeds.rate(done, "satisfied", by=people["qianduo"], now=now - 7 * DAY)
    again = ask("songlin", "请明确冬春水利资金拨付的时间", 8, kind="grass_roots")
    deeds.answer(again, "请与市财政局联系。", now=now - 6 * DAY, **by)
    deeds.rate(again, "dissatisfied", by=people["songlin"], now=now - 5 * DAY, words="已联系多次，没有结果。")
    fields = {**WORKING, "title": "答复松岭县冬春水利资金拨付时间", "lead_unit": office.departments["市财政局"].pk}
    deeds.take_up(again, fields, now=now - 4 * DAY, **by)
    answered = ask("yuxin", "请提供历年防汛会议材料", 3)
    deeds.answer(answered, "近三年材料已发内网邮箱。", now=now - DAY, **by)
    ask("linhu", "请协调市住建局派员指导农房抗震改造", 1, kind="grass_roots", details="拟安排两个乡镇。")


def _templates(office, now: datetime) -> None:
    people, places = office.people, office.departments
    monthly = {**WORKING, "title": "报送{年}年{月}月财政收支情况", "lead_unit": places["市财政局"].pk,
               "details": "按月度报表口径，附简要分析。", "evidence_asked": "月度收支分析"}  # fmt: skip
    kept = templates.keep(by=people["hejianping"], now=now, name="财政收支月报", fields=monthly, shared=True)
    since = timezone.localdate(now)
    make.start(kept, by=people["hejianping"], now=now, every="month", day_by="workday", day=5, starts_on=since)
    weekly = {**WORKING, "title": "报送一周应急值守情况", "lead_unit": places["市应急局"].pk}
    watch = templates.keep(by=people["hejianping"], now=now, name="值守周报", fields=weekly, shared=False)
    make.start(watch, by=people["hejianping"], now=now, every="week", weekday=0, lead_days=2, starts_on=since)
    letter = {**WORKING, "title": "就【事项】答复【单位】", "lead_unit": places["秘书一科"].pk}
    templates.keep(by=people["hejianping"], now=now, name="答复来函", fields=letter, shared=True)


def _workbook(office, now: datetime) -> None:
    """Three rows: two good ones, and one whose unit nobody bears."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("任务")
    sheet.write_row(0, 0, HEADS)
    for at, (title, unit) in enumerate(
        [("摸排冬季取暖安全隐患", "市住建局"), ("检查矿山冬季停复工", "市应急局"), ("统计规上企业用电", "市统计局")], 1
    ):
        for head, text in {"任务名称": title, "牵头单位": unit, "时限": "10", "时限单位": "工作日"}.items():
            sheet.write_string(at, HEADS.index(head), text)
    book.close()
    take(ContentFile(out.getvalue(), "冬季安全任务分工.xlsx"), by=office.people["hejianping"], now=now)
