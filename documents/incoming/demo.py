"""A dozen incoming papers of the demo office, in every state, each brought there by the deeds themselves."""

from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from documents.incoming import assign, circulate, propose, register, reply, screen, uploads, work
from documents.incoming.screen import POINTS
from documents.interchange import parse
from documents.keeping import freeze, intake
from documents.models import Assignment, Hop, Incoming
from documents.paper.process import render_safely

CITY, OFFICE = "云溪市人民政府", "云溪市人民政府办公室"
ALL = list(POINTS)
WATER = """
我县农村饮水安全工程涉及12个乡镇、8.6万人，现已完成管网铺设76%。受材料价格上涨影响，工程资金缺口达1280万元，影响年内通水。
经县政府常务会议研究，拟由县级财政筹措480万元，尚缺800万元。恳请市人民政府从市级水利专项资金中予以支持。
妥否，请批示。
"""
DREDGING = """
受上游来水影响，青溪水库下游3.2公里河道淤积严重，行洪能力下降约四成，直接威胁两岸3个行政村的安全。
为确保明年汛期安全，拟实施应急疏浚，概算投资260万元。现恳请市人民政府安排应急度汛资金150万元，并请市水利局给予技术指导。
妥否，请批示。
"""
FLOOD = """
今年以来，全省上下众志成城、顽强拼搏，夺取了防汛抗旱工作的全面胜利，涌现出一批先进集体。为表彰先进、鼓舞士气，省人民政府决定，
对云溪市水利局等30个先进集体予以通报表扬。
希望受到表扬的集体珍惜荣誉、再接再厉。各地各部门要以先进为榜样，为全省高质量发展作出新的更大贡献。
"""
GRAIN = """
今年秋粮收购以来，各地各部门精心组织、通力协作，做到了应收尽收、随到随收，没有发生“卖粮难”和“打白条”。
为表扬先进，经省人民政府同意，决定对云溪市发展改革委等20个先进单位予以通报表扬。
希望受到表扬的单位再接再厉，全面做好粮食收储和市场保供工作。
"""
HOURS = timedelta(hours=1)


def fill(office, now: datetime) -> None:
    """The papers, oldest first, so that the register's numbers follow the days."""
    makers = (
        archived,
        filed,
        returned,
        voided,
        answered,
        handling,
        overdue,
        read,
        assigned,
        instructed,
        instructing,
        circulating,
    )
    ages = (26, 20, 16, 15, 12, 9, 8, 6, 3, 2, 2, 1)
    for make, days in zip(makers, ages, strict=True):
        make(office, _morning(now - timedelta(days=days)))
    proposed(office, now - timedelta(hours=9))
    for_action(office, now - timedelta(hours=5))
    registered(office, now - timedelta(hours=2))


def _morning(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(hour=9, minute=5, second=0, microsecond=0)


def enter(
    office, at: datetime, sender: str, number: str, title: str, kind: str, organ: str = CITY, text: str = "", **more
) -> Incoming:
    """A paper as 肖楠 enters it; with its scan when there is a `text`."""
    clerk = office.people["xiaonan"]
    files = [scan(clerk, at, sender, number, title, kind, organ, text)] if text else []
    fields = {
        "sender_name": sender, "document_number": number, "title": title, "kind": kind,
        "dated": timezone.localdate(at) - timedelta(days=2), "urgency": "", "important": False, "recipients": organ,
        "cc": "", "contact": "", "asked_due": None, "remarks": "", "received_at": at - timedelta(minutes=20),
        "receiver": clerk.name, "source": Incoming.Source.EXCHANGE, "copies": 1, "pages": 3, **more,
    }  # fmt: skip
    return register.register(organ=office.organs[organ], by=clerk, now=at, fields=fields, files=files)


def scan(clerk, at: datetime, sender: str, number: str, title: str, kind: str, organ: str, text: str):
    """The paper as its sender printed it, uploaded."""
    day = (timezone.localdate(at) - timedelta(days=2)).isoformat()
    raw = {
        "kind": kind, "issuers": [sender], "title": title, "document_number": number, "primary_recipients": organ,
        "body": text, "date_of_document": day, "printing_office": f"{sender}办公室", "printing_date": day,
    }  # fmt: skip
    pdf = ContentFile(render_safely(parse(raw)), f"{title}.pdf")
    return uploads.take(pdf, by=clerk, now=at)


def screened(office, incoming: Incoming, at: datetime, nature: str = Incoming.Nature.ACTION) -> Incoming:
    screen.screen(incoming, by=office.people["jiangyue"], now=at, nature=nature, points=ALL)
    return incoming


def put(office, incoming: Incoming, at: datetime, words: str, leaders=("zhoumin",), lead="", **more) -> Incoming:
    """拟办意见 by 蒋悦."""
    people = [office.people[name] for name in leaders]
    lead_department = office.departments[lead] if lead else None
    propose.propose(
        incoming, by=office.people["jiangyue"], now=at, words=words, leaders=people, mode=circulate.IN_ORDER,
        lead=lead_department, **more,
    )  # fmt: skip
    return incoming


def settled(office, incoming: Incoming, at: datetime) -> Incoming:
    propose.settle(incoming, by=office.people["hejianping"], now=at, agreed=True, words="同意拟办意见。")
    return incoming


def signed(office, incoming: Incoming, who: str, at: datetime, words: str = "") -> None:
    hop = Hop.objects.get(circulation__incoming=incoming, state=Hop.State.OPEN, asked=office.people[who])
    circulate.sign(hop, by=office.people[who], now=at, seen=incoming.entry_hash(), words=words)
    incoming.refresh_from_db()


def given(office, incoming: Incoming, at: datetime, lead: str, assisting=(), **more) -> Incoming:
    departments = [office.departments[name] for name in assisting]
    assign.assign(
        incoming, by=office.people["jiangyue"], now=at, lead=office.departments[lead], assisting=departments, **more
    )
    return incoming


def taken(office, incoming: Incoming, department: str, handler: str, at: datetime) -> Assignment:
    part = incoming.assignments.get(department=office.departments[department], state=Assignment.State.ASKED)
    assign.allocate(part, office.people[handler], by=office.people[handler], now=at)
    incoming.refresh_from_db()
    part.refresh_from_db()
    return part


# --- the papers -----------------------------------------------------------------------------------------------------


def registered(office, at):
    title = "临湖县人民政府关于将环湖公路纳入全市重点工程的请示"
    enter(
        office, at, "临湖县人民政府", "临政〔2026〕61号", title, "请示", urgency="加急", contact="林湖生 0700-6600102"
    )


def for_action(office, at):
    title = "江岭省人民政府办公厅关于做好今冬明春农田水利建设工作的通知"
    paper = enter(office, at, "江岭省人民政府办公厅", "江政办发〔2026〕118号", title, "通知", cc="省水利厅")
    screened(office, paper, at + HOURS)


def proposed(office, at):
    title = "青桥区人民政府关于调整城区公交线路票价的请示"
    paper = enter(office, at, "青桥区人民政府", "青政〔2026〕44号", title, "请示", contact="乔安 0700-6600103")
    screened(office, paper, at + HOURS)
    put(office, paper, at + 2 * HOURS, "涉及价格调整，拟请市发展改革委牵头研究提出意见，报周敏同志阅示。",
        lead="市发展改革委", assisting=[office.departments["市财政局"]])  # fmt: skip


def instructing(office, at):
    title = "松岭县人民政府关于解决农村饮水安全工程资金缺口的请示"
    paper = enter(office, at, "松岭县人民政府", "松政〔2026〕52号", title, "请示", text=WATER, important=True)
    screened(office, paper, at + HOURS)
    words = "拟请市财政局会同市水利局研究，提出资金安排意见，报周敏、罗远同志批示。"
    put(office, paper, at + 2 * HOURS, words, leaders=("zhoumin", "luoyuan"), lead="市财政局",
        assisting=[office.departments["市水利局"]])  # fmt: skip
    settled(office, paper, at + 3 * HOURS)
    signed(office, paper, "zhoumin", at + 6 * HOURS, "同意。请财政局抓紧测算，确保春节前群众用上安全水。")


def instructed(office, at):
    title = "江岭省应急管理厅关于开展矿山安全生产专项检查的函"
    paper = enter(office, at, "江岭省应急管理厅", "江应急函〔2026〕203号", title, "函", urgency="特急")
    screened(office, paper, at + HOURS)
    put(office, paper, at + 2 * HOURS, "拟请市应急局牵头落实，报周敏同志阅示。", lead="市应急局")
    settled(office, paper, at + 3 * HOURS)
    signed(office, paper, "zhoumin", at + 4 * HOURS)  # a circle alone: consent


def assigned(office, at):
    title = "江岭省住房和城乡建设厅关于报送老旧小区改造计划的通知"
    paper = enter(office, at, "江岭省住房和城乡建设厅", "江建城〔2026〕77号", title, "通知")
    screened(office, paper, at + HOURS)
    put(office, paper, at + 2 * HOURS, "拟转市住建局按要求办理，市财政局配合。", leaders=(), lead="市住建局",
        assisting=[office.departments["市财政局"]])  # fmt: skip
    settled(office, paper, at + 3 * HOURS)
    due = timezone.localdate(at) + timedelta(days=12)
    given(office, paper, at + 4 * HOURS, "市住建局", ["市财政局"], due_on=due)


def handling(office, at):
    title = "松岭县人民政府关于申请青溪水库下游应急疏浚的请示"
    paper = enter(office, at, "松岭县人民政府", "松政〔2026〕49号", title, "请示", text=DREDGING, urgency="加急")
    screened(office, paper, at + HOURS)
    put(office, paper, at + 2 * HOURS, "拟请市水利局牵头、市财政局配合，三个工作日内提出意见。", lead="市水利局")
    settled(office, paper, at + 3 * HOURS)
    signed(office, paper, "zhoumin", at + 4 * HOURS, "请水利局速办。")
    due = timezone.localdate(at) + timedelta(days=14)
    given(office, paper, at + 5 * HOURS, "市水利局", ["市财政局"], due_on=due, chaser=office.people["dingyi"])
    part = taken(office, paper, "市水利局", "wangjing", at + 7 * HOURS)
    taken(office, paper, "市财政局", "qianduo", at + 8 * HOURS)
    work.note(paper, part, by=office.people["wangjing"], now=at + 30 * HOURS, words="已实地查勘，正在编制疏浚方案。")


def overdue(office, at):
    title = "青桥区人民政府关于历史文化街区保护规划修编的请示"
    paper = enter(office, at, "青桥区人民政府", "青政〔2026〕40号", title, "请示", important=True)
    screened(office, paper, at + HOURS)
    put(office, paper, at + 2 * HOURS, "拟请市住建局研究办理。", lead="市住建局")
    settled(office, paper, at + 3 * HOURS)
    signed(office, paper, "zhoumin", at + 4 * HOURS, "请住建局研究提出意见。")
    due = timezone.localdate(at) + timedelta(days=5)
    given(office, paper, at + 5 * HOURS, "市住建局", due_on=due, chaser=office.people["dingyi"])
    taken(office, paper, "市住建局", "shilei", at + 8 * HOURS)


def answered(office, at):
    title = "临湖县人民政府关于核定县城新区道路命名的请示"
    paper = enter(office, at, "临湖县人民政府", "临政〔2026〕55号", title, "请示")
    screened(office, paper, at + HOURS)
    put(office, paper, at + 2 * HOURS, "拟请市住建局核定后直接答复。", leaders=(), lead="市住建局")
    settled(office, paper, at + 3 * HOURS)
    given(office, paper, at + 4 * HOURS, "市住建局")
    taken(office, paper, "市住建局", "shilei", at + 5 * HOURS)
    reply.answer(
        paper, by=office.people["shilei"], now=at + timedelta(days=3), manner="phone", whom="林湖生 0700-6600102",
        result="经核，八条道路命名符合规定。", words="已电话告知同意命名方案，标准地名按程序公布。",
    )  # fmt: skip


def filed(office, at):
    title = "松岭县人民政府关于申报省级森林城市的请示"
    paper = enter(office, at, "松岭县人民政府", "松政〔2026〕38号", title, "请示")
    screened(office, paper, at + HOURS)
    put(office, paper, at + 2 * HOURS, "拟请市发展改革委研究办理。", leaders=(), lead="市发展改革委")
    settled(office, paper, at + 3 * HOURS)
    given(office, paper, at + 4 * HOURS, "市发展改革委")
    taken(office, paper, "市发展改革委", "maoting", at + 5 * HOURS)
    reply.answer(
        paper, by=office.people["maoting"], now=at + timedelta(days=2), manner="letter", whom="松岭县人民政府",
        result="已汇总上报省林业局。", words="已书面告知：申报材料已报省林业局。",
    )  # fmt: skip
    reply.close(paper, by=office.people["xiaonan"], now=at + timedelta(days=3), retention="D10")


def archived(office, at):
    """Read by the leaders, closed, and in the archive with its scan."""
    title = "江岭省人民政府办公厅关于表扬全省秋粮收购工作先进单位的通报"
    paper = enter(office, at, "江岭省人民政府办公厅", "江政办发〔2026〕96号", title, "通报", text=GRAIN)
    screened(office, paper, at + HOURS, Incoming.Nature.INFORMATION)
    people = [office.people[name] for name in ("zhoumin", "luoyuan")]
    circulate.start_reading(paper, by=office.people["xiaonan"], now=at + 2 * HOURS, people=people, mode="in_order")
    signed(office, paper, "zhoumin", at + 3 * HOURS)
    signed(office, paper, "luoyuan", at + 26 * HOURS, "成绩来之不易，望再接再厉。")
    reply.close(paper, by=office.people["xiaonan"], now=at + 28 * HOURS, retention="D10")
    paper.refresh_from_db()
    item = intake.archive(paper, retention="D10", by=office.people["xiaonan"], now=at + 30 * HOURS)
    freeze.freeze_item(item.pk, at + 30 * HOURS)


def returned(office, at):
    title = "临湖县人民政府办公室关于解决办公用房维修经费的报告"
    paper = enter(office, at, "临湖县人民政府", "临政办〔2026〕29号", title, "报告")
    reason = "报告中夹带请示事项，不符合《条例》第十五条第（四）项，请以“请示”另行报送。"
    points = [point for point in ALL if point not in ("form", "rules")]
    screen.return_(paper, by=office.people["jiangyue"], now=at + HOURS, reason=reason, points=points)


def voided(office, at):
    paper = enter(office, at, "云溪市文学艺术界联合会", "", "关于举办书画展的邀请函", "函", organ=OFFICE)
    register.void(paper, by=office.people["xiaonan"], now=at + HOURS, reason="系私人信件，不属公文，误登。")


def read(office, at):
    title = "国务院办公厅关于2027年部分节假日安排的通知"
    paper = enter(office, at, "国务院办公厅", "国办发明电〔2026〕7号", title, "通知", organ=OFFICE)
    screened(office, paper, at + HOURS, Incoming.Nature.INFORMATION)
    people = [office.people[name] for name in ("tangwen", "hejianping")]
    circulate.start_reading(paper, by=office.people["xiaonan"], now=at + 2 * HOURS, people=people, mode="in_order")
    for hours, name in ((4, "tangwen"), (6, "hejianping")):
        signed(office, paper, name, at + hours * HOURS, "请各科室据此排好值班。" if name == "hejianping" else "")


def circulating(office, at):
    title = "江岭省人民政府关于表彰全省防汛抗旱先进集体的通报"
    paper = enter(office, at, "江岭省人民政府", "江政发〔2026〕31号", title, "通报", text=FLOOD)
    screened(office, paper, at + HOURS / 2, Incoming.Nature.INFORMATION)
    names = ("zhoumin", "luoyuan", "hejianping", "tangwen", "shuiqing")
    people = [office.people[name] for name in names]
    circulate.start_reading(paper, by=office.people["xiaonan"], now=at + HOURS, people=people, mode="in_order")
    signed(office, paper, "zhoumin", at + 2 * HOURS)
