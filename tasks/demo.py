"""A score of tasks of the demo office, in every state, each brought there by the deeds themselves."""

from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from documents.models import Incoming
from officehub.workdays.arithmetic import Unit
from tasks import accept, assign, cancelling, chasing, extending, reporting, stock, verify
from tasks.limits import Limit
from tasks.models import Task

DAY = timedelta(days=1)
WORKED = Unit.WORKING_DAYS


def fill(office, now: datetime, scale: str) -> None:
    """The tasks, oldest first, so that the numbers of the year follow the days."""
    stock.extension_route(now)
    makers = (
        closed, reopened, overdue, cancelled, split, extended, extension_asked, returned, submitted, in_progress,
        assisted, allocated, sent_back, assigned, instructed, drafted,
    )  # fmt: skip
    ages = (28, 24, 20, 18, 15, 12, 9, 8, 6, 5, 4, 3, 2, 2, 1, 0)
    for make, days in zip(makers, ages, strict=True):
        make(office.people, office.departments, _morning(now - days * DAY), now)


def _morning(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(hour=9, minute=10, second=0, microsecond=0)


def _file(name: str, text: str) -> ContentFile:
    return ContentFile(text.encode(), name)


def give(by, at: datetime, title: str, days: int, **more) -> Task:
    """Write a task and give it at once."""
    made = assign.write(by=by, now=at, title=title, limit=Limit(days, WORKED), **more)
    return assign.assign(made, by=by, now=at)


def take(task: Task, head, doer, at: datetime) -> Task:
    """The unit's head names who does it, and they take it (a head may name themselves)."""
    task = accept.allocate(task, doer, by=head, now=at)
    return task if head == doer else accept.accept(task, by=doer, now=at + timedelta(hours=1))


def say(task: Task, doer, at: datetime, percent: int, text: str, **more) -> None:
    reporting.report(task, by=doer, now=at, percent=percent, text=text, **more)


def closed(people, places, at, now) -> None:
    task = give(
        people["zhoumin"], at, "报送全市冬春水利建设进展情况", 8, lead_unit=places["市水利局"],
        details="汇总各县区冬春水利工程开工、投资、形象进度，附台账。", source=Task.Source.MEETING,
        source_text="市政府第21次常务会议", evidence_asked="工程进度台账", evidence_file=True,
    )  # fmt: skip
    take(task, people["shuiqing"], people["wangjing"], at)
    say(task, people["wangjing"], at + 2 * DAY, 60, "已收到8个县区数据，正在核对。")
    proof = _file("冬春水利建设台账.txt", "县区,项目数,完成投资（万元）\n松岭县,12,3600\n临湖县,9,2850\n")
    text = "全市共实施冬春水利工程46项，完成投资1.32亿元，占年度计划的78%，台账附后。"
    verify.submit(task, by=people["wangjing"], now=at + 5 * DAY, text=text, files=[proof])
    verify.close(task, by=people["zhoumin"], now=at + 6 * DAY, words="数据翔实，同意办结。")


def reopened(people, places, at, now) -> None:
    task = give(
        people["hejianping"], at, "清理机关办公用房超标问题", 10, lead_unit=places["应急综合科"],
        importance=Task.Importance.IMPORTANT,
    )  # fmt: skip
    take(task, people["lixiang"], people["chenxi"], at)
    verify.submit(task, by=people["chenxi"], now=at + 4 * DAY, text="已对照标准逐间核查，腾退3间。")
    verify.close(task, by=people["hejianping"], now=at + 5 * DAY)
    day = timezone.localdate(now + 8 * DAY)
    reason = "省里抽查又发现2间超标，请重新核查并报结果。"
    verify.reopen(task, by=people["hejianping"], now=at + 18 * DAY, reason=reason, day=day)


def overdue(people, places, at, now) -> None:
    task = give(
        people["zhoumin"], at, "完成城区危旧管网排查并报整治方案", 9, lead_unit=places["市住建局"], urgency="加急",
        importance=Task.Importance.MAJOR, source=Task.Source.INSTRUCTION, source_text="周敏副市长批示",
        source_sentence="请住建局牵头，逐条街巷过一遍，方案要细、时限要明。",
        milestones=[("完成排查", timezone.localdate(at + 6 * DAY))],
    )  # fmt: skip
    take(task, people["shilei"], people["shilei"], at)
    say(task, people["shilei"], at + 8 * DAY, 55, "主城区排查已完成，正在汇总老旧小区数据。")
    chasing.chase(task, by=people["dingyi"], now=now - 2 * DAY, words="已过办理时限，请抓紧。")


def cancelled(people, places, at, now) -> None:
    task = give(people["hejianping"], at, "筹备全市政务公开培训班", 12, lead_unit=places["秘书一科"])
    take(task, people["jiangyue"], people["suqing"], at)
    reason = "与省里培训班合并举办，不再单独组织。"
    cancelling.cancel(task, by=people["hejianping"], now=at + 4 * DAY, reason=reason)


def split(people, places, at, now) -> None:
    whole = give(
        people["luoyuan"], at, "落实今冬明春能源保供", 25, lead_unit=places["市发展改革委"],
        importance=Task.Importance.MAJOR, source=Task.Source.MEETING, source_text="市政府第22次常务会议",
        source_sentence="由市发展改革委牵头，市住建局、市应急局配合，确保群众温暖过冬。",
        details="煤、电、气、热分项落实责任，每周报告一次。",
        milestones=[(name, timezone.localdate(at + days * DAY)) for name, days in (("签订合同", 10), ("储煤到位", 20))],
    )  # fmt: skip
    take(whole, people["gaolei"], people["gaolei"], at)
    first = give(people["gaolei"], at + DAY, "核实热电企业存煤", 6, lead_person=people["maoting"], parent=whole)
    accept.accept(first, by=people["maoting"], now=at + DAY)
    verify.submit(first, by=people["maoting"], now=at + 6 * DAY, text="6家热电企业存煤可用22天。")
    verify.close(first, by=people["gaolei"], now=at + 7 * DAY, words="属实。")
    second = give(people["gaolei"], at + DAY, "排查供热管网隐患", 15, lead_unit=places["市住建局"], parent=whole)
    take(second, people["shilei"], people["shilei"], at + 2 * DAY)
    say(second, people["shilei"], at + 8 * DAY, 70, "排查管网312公里，整改隐患47处。")
    say(whole, people["gaolei"], at + 9 * DAY, 50, "长协合同已签订90%，两项子任务一项办结。")
    reporting.tick(whole.milestones.first(), by=people["gaolei"], now=at + 9 * DAY)


def extended(people, places, at, now) -> None:
    task = give(people["zhoumin"], at, "提出水库除险加固资金筹措意见", 10, lead_unit=places["市财政局"])
    take(task, people["fangzhou"], people["qianduo"], at)
    say(task, people["qianduo"], at + 4 * DAY, 40, "已测算市级配套资金需求。")
    _ask(task, people["qianduo"], at + 5 * DAY, now + 6 * DAY, "省级专项资金指标尚未下达，无法确定缺口。")
    _agree(task, people["zhoumin"], at + 6 * DAY, "同意，抓紧与省厅衔接。")


def _ask(task: Task, by, at: datetime, until: datetime, reason: str):
    day = timezone.localdate(until)
    return extending.ask_extension(task, by=by, now=at, until=day, reason=reason)


def _agree(task: Task, by, at: datetime, words: str) -> None:
    found = task.extensions.get(state="asked")
    step = extending.step_of(found, by)
    extending.decide(found, step, by=by, now=at, seen=found.approval_hash(), agreed=True, words=words)


def extension_asked(people, places, at, now) -> None:
    task = give(people["zhoumin"], at, "汇总应急避难场所建设情况", 12, lead_unit=places["市应急局"])
    take(task, people["leiming"], people["yuxin"], at)
    say(task, people["yuxin"], at + 5 * DAY, 65, "尚缺青桥区数据。")
    _ask(task, people["yuxin"], now - timedelta(hours=3), now + 14 * DAY, "青桥区正在复核两处场所面积，下周方能报来。")


def returned(people, places, at, now) -> None:
    task = give(
        people["hejianping"], at, "起草全市秸秆禁烧工作总结", 9, lead_unit=places["秘书一科"],
        evidence_asked="分县区数据表",
    )  # fmt: skip
    take(task, people["jiangyue"], people["suqing"], at)
    verify.submit(task, by=people["suqing"], now=at + 4 * DAY, text="总结初稿已完成。")
    reason = "没有分县区数据，典型做法也不具体，请补充。"
    verify.return_(task, by=people["hejianping"], now=at + 5 * DAY, reason=reason)


def submitted(people, places, at, now) -> None:
    task = give(people["hejianping"], at, "梳理市长热线11月群众反映集中的问题", 7, lead_unit=places["督查室"])
    take(task, people["dingyi"], people["dingyi"], at)
    proof = _file("热线问题清单.txt", "供热不足 126件\n道路破损 48件\n噪声扰民 35件\n")
    text = "共受理2316件，供热、道路、噪声三类占61%，清单附后，建议专题研究供热问题。"
    verify.submit(task, by=people["dingyi"], now=now - timedelta(hours=5), text=text, files=[proof])


def in_progress(people, places, at, now) -> None:
    paper = Incoming.objects.filter(title__contains="疏浚").order_by("id").first()
    source = {"source": Task.Source.INCOMING, "incoming": paper} if paper else {}
    task = give(
        people["zhoumin"], at, "研究青溪水库下游河道应急疏浚事宜", 6, lead_unit=places["市水利局"], urgency="特急",
        details="会同市财政局提出资金安排和技术方案建议。", **source,
    )  # fmt: skip
    take(task, people["shuiqing"], people["wangjing"], at)
    say(task, people["wangjing"], at + 2 * DAY, 35, "已到现场踏勘，正在复核概算。")


def assisted(people, places, at, now) -> None:
    task = give(
        people["zhoumin"], at, "编制市区内涝治理三年行动方案", 20, lead_unit=places["市住建局"],
        assisting_units=[places["市水利局"], places["市财政局"]], responsible=people["shilei"],
        importance=Task.Importance.IMPORTANT,
    )  # fmt: skip
    take(task, people["shilei"], people["shilei"], at)
    part = task.participations.get(unit=places["市水利局"])
    text = "已提供近五年降雨和外河水位资料，建议新增2座泵站。"
    reporting.report_part(part, by=people["shuiqing"], now=at + 2 * DAY, text=text)


def allocated(people, places, at, now) -> None:
    task = give(people["hejianping"], at, "核对三季度绩效目标完成情况", 8, lead_unit=places["应急综合科"])
    accept.allocate(task, people["chenxi"], by=people["lixiang"], now=at + timedelta(hours=2))


def sent_back(people, places, at, now) -> None:
    task = give(people["hejianping"], at, "统计全市公共充电桩数量", 5, lead_unit=places["市应急局"])
    reason = "充电设施由市发展改革委统计，不属我局职责，建议改交。"
    accept.send_back(task, by=people["leiming"], now=at + timedelta(hours=6), reason=reason)


def assigned(people, places, at, now) -> None:
    give(
        people["zhoumin"], at, "报送安全生产专项整治阶段总结", 10, lead_unit=places["市应急局"],
        details="按省安委会要求的提纲报送，3000字以内。", evidence_asked="总结文稿", evidence_file=True,
    )  # fmt: skip


def instructed(people, places, at, now) -> None:
    said = {"title": "请财政局三个工作日内报送供暖补贴资金缺口", "limit": Limit(3, WORKED)}
    assign.instruct(by=people["luoyuan"], now=at, lead_unit=places["市财政局"], urgency="加急", **said)


def drafted(people, places, at, now) -> None:
    assign.write(
        by=people["hejianping"], now=now - timedelta(hours=1), title="整理明年重点工作任务分解表",
        limit=Limit(15, WORKED), lead_unit=places["秘书一科"], details="按政府工作报告初稿逐条分解。",
    )  # fmt: skip
