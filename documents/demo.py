"""Papers of the demo office, in every state a paper can be in, each brought there by the deeds themselves."""

from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from documents import distribute, drafting, number, receive, review, seal, signing
from documents.archive import archive
from documents.consulting import demo as consulting_demo
from documents.incoming import demo as incoming
from documents.keeping import freeze
from documents.keeping.grounds import joined
from documents.models import Document, Receipt, Series
from documents.numbers.demo import gaps_in_the_numbers
from documents.printing import archive_copy_of, print_rendition
from documents.sending import demo as sending
from documents.stock import demo as stock_demo
from officehub.approvals import decide, hand_on
from officehub.approvals.models import Permit, Route, RouteVersion, Stage, Step
from officehub.approvals.models.routes import usual_permits
from officehub.people.models import Delegation, Post, Role

OFFICE = "云溪市人民政府办公室"
CITY = "云溪市人民政府"
TO_ALL = "各县（区）人民政府，市政府各部门"


def paper(subject: str, body: str, **more) -> dict:
    return {
        "kind": "通知",
        "issuers": [OFFICE],
        "title": f"{OFFICE}关于{subject}",
        "primary_recipients": TO_ALL,
        "body": body.strip(),
        "disclosure": "主动公开",
        "printing_office": OFFICE,
        **more,
    }


SNOW = """
据市气象台预报，11月下旬我市将有一次明显降温和雨雪过程。为切实做好防范应对工作，经市政府同意，现将有关事项通知如下。
一、加强监测预警
气象、水利、交通运输等部门要加密会商，及时发布预警信息，预警信息要直达乡镇、村组和重点单位。
二、突出重点防范
（一）保障道路畅通。交通运输、公安部门要备足除冰融雪物资，对桥梁、隧道、长下坡等易结冰路段逐段落实责任人。
（二）保障能源供应。供电、供水、供气单位要对老旧管线开展一次全面排查，发现隐患立即整改。
（三）保障群众生活。民政部门要逐户走访独居老人、困难家庭，落实取暖保暖措施。
三、严格值班值守
各县（区）、各部门要落实领导带班和24小时值班制度，重要情况第一时间报告市政府办公室。
"""
HEATING = """
入冬以来，全市供热运行总体平稳，但部分小区仍有温度不达标的情况。为提高供热质量，现将有关事项通知如下。
一、限时整改不热小区
供热企业要建立台账，逐户入户测温，11月底前完成整改。
二、公开服务承诺
各供热企业要公布服务电话，接到报修后两小时内到场处置。
三、加强督促检查
市住建局每周通报一次整改进度，对工作不力的予以约谈。
"""
DATA = """
为规范全市政务数据共享，提高办事效率，现就有关工作通知如下。
一、明确共享范围
除法律法规另有规定外，各部门履职产生的数据均纳入共享目录。
二、落实更新责任
各部门对本部门数据的准确性、时效性负责，目录内容变化的，应当在五个工作日内更新。
| 数据类别 | 责任部门 | 更新周期 |
| --- | --- | --- |
| 企业登记 | 市市场监管局 | 每日 |
| 不动产登记 | 市自然资源局 | 每日 |
| 社会保险 | 市人力资源社会保障局 | 每月 |
三、强化安全管理
数据使用部门不得超出约定用途使用数据，违反规定的依法追究责任。
"""
FUND = """
我市青溪水库始建于上世纪七十年代，大坝渗漏、溢洪道老化问题突出，已列为病险水库。为确保下游三个乡镇、四万余名群众生命财产安全，拟对水库实施除险加固。
工程已完成初步设计，总投资3860万元，我市已落实配套资金1160万元，尚缺2700万元。恳请省人民政府从省级水利专项资金中予以支持。
妥否，请批示。
"""
READING = """
近日，松岭县在基层治理中推行“一张网格管到底”，群众诉求按期办结率达到98%，做法值得各地借鉴。经市政府同意，现予通报表扬。
希望松岭县珍惜荣誉、再接再厉。各县（区）要学习借鉴先进经验，结合实际改进工作，不断提高服务群众的能力和水平。
"""
LETTER = """
贵单位来函收悉。经研究，现函复如下：
一、同意将我市列为全省公共数据授权运营试点。
二、我市将于12月15日前报送试点方案，并明确市发展改革委为牵头单位。
专此函复。
"""


def fill(office, now: datetime, scale: str) -> None:
    """The routes, the series and the papers; more of them, made in bulk, for the larger scales."""
    routes(office, now)
    stock_demo.fill(office.people, now)
    own = office.organs[OFFICE]
    for code, kinds in (("云政办发", []), ("云政办函", ["函"])):
        Series.objects.create(organ=own, code=code, kinds=kinds)
    Series.objects.create(organ=office.organs[CITY], code="云政发")
    Series.objects.create(organ=office.organs[CITY], code="云政", kinds=["请示", "报告"])
    order = {"form": Series.Form.ORDER, "term_from": 2022}
    city = office.organs[CITY]
    Series.objects.create(organ=city, code=f"{city.name}令", kinds=["命令"], **order)
    for name in (CITY, OFFICE):
        minutes = {"kinds": ["纪要"], "form": Series.Form.ISSUE}
        Series.objects.create(organ=office.organs[name], code=f"{office.organs[name].name}纪要", **minutes)
    if scale != "office":  # first, so that these papers have the earlier numbers
        from documents.volume import SCALES, fill_up

        fill_up(SCALES[scale], now)
    for make in (
        archived,
        distributed,
        sent_about,
        sealed,
        numbered,
        signed,
        signing_now,
        waiting_long,
        vetting,
        countersigning,
        returned,
        returned_a_stage,
        with_added_signer,
        with_an_assistant,
        delegated,
        draft,
        gaps_in_the_numbers,
        texts,
        *consulting_demo.CASES,
    ):
        make(office, now)
    from documents.keeping import demo as keeping  # it uses the deeds above

    keeping.fill(office, now)
    incoming.fill(office, now)


def routes(office, now: datetime) -> None:
    """The usual course of a paper, and how 市财政局 comes to its opinion when it countersigns."""
    own = office.departments["市财政局"]
    published("一般发文", usual_stages(office), now)
    published("市财政局会签", internal_stages(office), now, department=own)


def usual_stages(office) -> list[Stage]:
    """Head; countersigning departments beside the legality review of normative papers; vetting; sign-off by rank."""
    who, usual = Stage.Who, usual_permits()
    ordinary, principal = ([{"fact": "needs_principal", "is": value}] for value in (False, True))
    no_transfer = [permit for permit in usual if permit != Permit.TRANSFER]
    sign_off = {"name": "签发", "verb": "sign_off", "merges": False, "permits": no_transfer}
    sign_off |= {"after_return": Stage.AfterReturn.STRAIGHT}
    return [
        Stage(name="部门审核", verb="review", who=who.DRAFTING_HEAD, if_changed=Stage.IfChanged.KEEP),
        Stage(
            name="会签",
            verb="countersign",
            branch="会签",
            who=who.CHOSEN_HEADS,
            mode=Stage.Mode.ALL,
            dissent=Stage.Dissent.RECORD,
            internal=True,
            limit_value=7,
            silence_consents=True,
            may_skip_if_nobody=True,
        ),
        Stage(
            name="合法性审核",
            verb="legality",
            branch="合法性审核",
            who=who.POST,
            post=Post.objects.get(department=office.departments["督查室"], is_head=True),
            condition=[{"fact": "normative", "is": True}],
            limit_value=15,
            merges=False,
        ),
        Stage(
            name="公平竞争审查",
            verb="fair_competition",
            branch="公平竞争审查",
            who=who.POST,
            post=Post.objects.get(department=office.departments["市发展改革委"], is_head=True),
            condition=[{"fact": "affects_business", "is": True}],
            limit_value=5,
            merges=False,
        ),
        Stage(
            name="核稿",
            verb="vet",
            who=who.ROLE,
            role=Role.VETTER,
            merges=False,
            permits=[*no_transfer, Permit.EDIT],
            if_changed=Stage.IfChanged.REOPEN,
        ),
        Stage(who=who.LEADER_IN_CHARGE, condition=ordinary, **sign_off),
        Stage(who=who.ROLE, role=Role.PRINCIPAL_LEADER, condition=principal, limit_value=2, **sign_off),
    ]


def internal_stages(office) -> list[Stage]:
    who = Stage.Who
    return [
        Stage(name="经办", verb="review", who=who.PERSON, person=office.people["qianduo"], limit_value=2),
        Stage(name="局长审定", verb="countersign", who=who.DRAFTING_HEAD, limit_value=2),
    ]


def published(name: str, stages: list[Stage], now: datetime, **more) -> RouteVersion:
    """A route with its first version, as an administrator would make and publish it."""
    kind = ContentType.objects.get_for_model(Document)
    found = Route.objects.create(name=name, subject_type=kind, **more)
    version = RouteVersion.objects.create(route=found, number=1, note="演示单位的初始流程")
    for order, stage in enumerate(stages, 1):
        stage.version, stage.order = version, order
        stage.full_clean()
        stage.save()
    version.published_at = now
    version.save()
    return version


# --- deeds ------------------------------------------------------------------------------------------------------


def begin(office, fields: dict, at: datetime, *, drafter="chenxi", chosen=(), **known) -> Document:
    organ = office.organs[fields["issuers"][0]]
    by = office.people[drafter]
    document = drafting.create(by=by, now=at, organ=organ, fields=fields, **known)
    ids = [office.departments[name].pk for name in chosen]
    found = review.findings(document, "sign", at)
    reasons = {
        finding.rule: "已向市政府领导报告，同意如此办理。" for finding in found if finding.severity == "override"
    }
    drafting.submit(document, by=by, now=at, chosen=ids, reasons=reasons)
    return document


def agree(office, document: Document, name: str, at: datetime, opinion: str = "同意") -> None:
    person, step = office.people[name], open_step(office, document, name)
    extra = dict.fromkeys((*signing.FIVE_POINTS, "disclosure_confirmed"), True) | consulting_demo.reviewed(step)
    decide.agree(step, by=person, now=at, seen=document.approval_hash(), opinion=opinion, extra=extra)
    document.refresh_from_db()


def open_step(office, document: Document, name: str) -> Step:
    """What somebody has to answer now, in the paper's own run or in their department's."""
    of_paper = Step.objects.filter(run__subject_type=ContentType.objects.get_for_model(Document))
    return of_paper.get(run__subject_id=document.pk, approver=office.people[name], state=Step.State.OPEN)


def until_signed(office, fields: dict, at: datetime) -> Document:
    document = begin(office, fields, at)
    agree(office, document, "lixiang", at + timedelta(hours=1), "情况属实，拟同意。")
    agree(office, document, "jiangyue", at + timedelta(hours=2), "五项审核无误。")
    agree(office, document, "tangwen", at + timedelta(hours=3))
    return document


def until_numbered(office, fields: dict, at: datetime) -> Document:
    document = until_signed(office, fields, at)
    signing.recheck(document, by=office.people["suqing"], now=at + timedelta(hours=4))
    series = number.series_for(document)[0]
    reasons = {"R53": "今冬汛情和寒潮早于往年，确需发文部署。"}
    number.number(document, series=series, by=office.people["suqing"], now=at + timedelta(hours=4), reasons=reasons)
    print_rendition(seal.proof_of(document).pk, at + timedelta(hours=4))
    return document


def until_sealed(office, fields: dict, at: datetime) -> Document:
    document = until_numbered(office, fields, at)
    seal.apply_seal(document, by=office.people["panhong"], now=at + timedelta(hours=5))
    print_rendition(seal.original_of(document).pk, at + timedelta(hours=5))
    return document


def until_distributed(office, fields: dict, at: datetime, to: tuple[str, ...]) -> Document:
    document = until_sealed(office, fields, at)
    departments = [office.departments[name] for name in to]
    clerk, then = office.people["xiaonan"], at + timedelta(hours=6)
    sent = distribute.distribute(document, departments=departments, people=[], by=clerk, now=then)
    distribute.deliver(sent.pk, then)
    return document


# --- one paper in each state ------------------------------------------------------------------------------------


def archived(office, now):
    fields = paper("进一步规范政务数据共享工作的通知", DATA)
    document = until_distributed(office, fields, now - timedelta(days=12), ("市发展改革委", "市财政局"))
    for receipt in Receipt.objects.filter(document=document):
        receive.acknowledge(document, receipt.reader, now - timedelta(days=10))
    reason = {"retention": "D30", "deviation": "涉及多部门长期执行，具有较长查考价值。"}
    item = archive(document, **reason, by=office.people["xiaonan"], now=now - timedelta(days=9))
    print_rendition(archive_copy_of(document).pk, now - timedelta(days=9))
    freeze.freeze_item(item.pk, now - timedelta(days=9))


def distributed(office, now):
    fields = paper("做好当前供热保障工作的通知", HEATING)
    to = ("市住建局", "市财政局", "市应急局", "松岭县政府", "临湖县政府", "青桥区政府")
    document = until_distributed(office, fields, now - timedelta(days=3), to)
    receive.acknowledge(document, office.people["songlin"], now - timedelta(days=2))
    receive.note_opening(document, office.people["yuxin"], now - timedelta(days=1))


def sent_about(office, now):
    """In numbered copies, with a certificate and a request to go further; and one that is being called back."""
    circular = paper("做好今冬明春水库安全度汛工作的通知", sending.NUMBERED, urgency="加急", print_run=30)
    recalled = paper("开展防灾减灾综合演练的通知", sending.RECALLED)
    papers = [until_sealed(office, fields, now - timedelta(days=4)) for fields in (circular, recalled)]
    sending.fill(office, now, *papers)


def sealed(office, now):
    fields = paper("表扬松岭县基层治理工作的通报", READING, kind="通报")
    until_sealed(office, fields, now - timedelta(days=2))


def numbered(office, now):
    fields = paper(
        "公共数据授权运营试点事项的复函",
        LETTER,
        kind="函",
        primary_recipients="江岭省数据局",
        in_reply_to="江数函〔2026〕31号",
    )
    until_numbered(office, fields, now - timedelta(days=1))


def signed(office, now):
    fields = paper("做好岁末年初安全生产工作的通知", SNOW.replace("气象台预报", "应急局研判"), urgency="加急")
    until_signed(office, fields, now - timedelta(hours=20))


def signing_now(office, now):
    fields = paper("做好低温雨雪冰冻灾害防范应对工作的通知", SNOW, urgency="特急")
    at = now - timedelta(hours=6)
    document = begin(office, fields, at, chosen=("市应急局",), important=True)
    agree(office, document, "lixiang", at + timedelta(hours=1))
    agree(office, document, "leiming", at + timedelta(hours=2), "无不同意见，建议增加高速公路管制条款。")
    agree(office, document, "jiangyue", at + timedelta(hours=3), "文种、格式、引文核对无误。")


def waiting_long(office, now):
    """Two more on the director's desk: one overdue, one due today."""
    for subject, body, days in (
        ("开展政务公开自查整改工作的通知", DATA.split("| 数据类别")[0], 6),
        ("推广松岭县网格化治理经验的通知", READING, 2),
    ):
        at = now - timedelta(days=days)
        document = begin(office, paper(subject, body), at, important=True)
        agree(office, document, "lixiang", at + timedelta(hours=1))
        agree(office, document, "jiangyue", at + timedelta(hours=3), "五项审核通过。")


def vetting(office, now):
    fields = paper("开展今冬明春火灾防控工作的通知", HEATING.replace("供热", "消防"))
    at = now - timedelta(days=1, hours=2)
    document = begin(office, fields, at)
    agree(office, document, "lixiang", at + timedelta(hours=1))


def countersigning(office, now):
    fields = paper(
        "申请青溪水库除险加固资金的请示",
        FUND,
        kind="请示",
        issuers=[CITY],
        title=f"{CITY}关于申请青溪水库除险加固资金的请示",
        primary_recipients="江岭省人民政府",
        remarks="联系人：水清，电话：0700-8800001",
        disclosure="不予公开",
        disclosure_reason=joined("process", "属于请示报告"),
    )
    at = now - timedelta(days=2)
    document = begin(office, fields, at, drafter="wangjing", chosen=("市财政局", "市发展改革委"))
    agree(office, document, "shuiqing", at + timedelta(hours=1))
    agree(office, document, "qianduo", at + timedelta(hours=20), "经核，配套资金1160万元已列入年度预算，拟同意。")
    agree(office, document, "fangzhou", at + timedelta(days=1), "同意，配套资金已落实。")


def returned(office, now):
    fields = paper("召开全市数字政府建设推进会的通知", DATA.split("| 数据类别")[0])
    at = now - timedelta(days=1)
    document = begin(office, fields, at)
    reason = "会议时间、地点没有写明，请补充后再报。"
    send_back(office, document, "lixiang", at + timedelta(hours=2), reason)


def send_back(office, document: Document, name: str, at: datetime, reason: str, **to) -> None:
    step = open_step(office, document, name)
    decide.return_(step, by=office.people[name], now=at, seen=document.approval_hash(), reason=reason, **to)


def returned_a_stage(office, now):
    """A normative paper that the vetter sent back to the legality review; the countersigner's opinion stands."""
    fields = paper("进一步规范政务数据共享交换工作的通知", DATA.split("| 数据类别")[0])
    at = now - timedelta(days=2)
    document = begin(office, fields, at, chosen=("市发展改革委",), normative=True)
    agree(office, document, "lixiang", at + timedelta(hours=1))
    agree(office, document, "gaolei", at + timedelta(hours=3), "无不同意见。")
    agree(office, document, "dingyi", at + timedelta(hours=4), "未见与上位法抵触。")
    review_stage = Step.objects.get(run__subject_id=document.pk, approver=office.people["dingyi"]).stage_id
    reason = "第三部分增设了部门义务，请补充上位法依据。"
    send_back(office, document, "jiangyue", at + timedelta(hours=6), reason, to=review_stage, straight=True)


def with_added_signer(office, now):
    """The head of 市应急局 countersigns, and had 市住建局 sign first."""
    fields = paper("做好岁末年初城市内涝隐患排查工作的通知", SNOW)
    at = now - timedelta(days=1)
    document = begin(office, fields, at, chosen=("市应急局",))
    agree(office, document, "lixiang", at + timedelta(hours=1))
    step, people = open_step(office, document, "leiming"), [office.people["shilei"]]
    reason = "涉及排水设施，请先会市住建局。"
    deed = {"by": office.people["leiming"], "now": at + timedelta(hours=2), "seen": document.approval_hash()}
    hand_on.add_signers(step, people, before=True, reason=reason, **deed)


def with_an_assistant(office, now):
    """The vetter has asked a colleague to check the quotations first."""
    fields = paper("做好春运期间交通运输保障工作的通知", SNOW)
    at = now - timedelta(hours=9)
    document = begin(office, fields, at)
    agree(office, document, "lixiang", at + timedelta(hours=1))
    step = open_step(office, document, "jiangyue")
    deed = {"by": office.people["jiangyue"], "now": at + timedelta(hours=2), "seen": document.approval_hash()}
    hand_on.assist(step, office.people["suqing"], question="请核对引文和数据。", **deed)


def delegated(office, now):
    """The head of 市住建局 is away, and the head of 市水利局 acts for him."""
    today = timezone.localdate(now)
    people = {"principal": office.people["shilei"], "delegate": office.people["shuiqing"]}
    Delegation.objects.create(**people, since=today, until=today + timedelta(days=5), reason="参加省里培训")
    document = begin(office, paper("加强建筑工地冬季施工安全管理的通知", HEATING), now - timedelta(hours=3),
                     chosen=("市住建局",))  # fmt: skip
    agree(office, document, "lixiang", now - timedelta(hours=2))


def draft(office, now):
    fields = paper("做好元旦春节期间值班工作的通知", "为做好元旦春节期间值班工作，现将有关事项通知如下。")
    drafting.create(
        by=office.people["chenxi"], now=now - timedelta(hours=2), organ=office.organs[OFFICE], fields=fields
    )


def texts(office, now):
    from documents.versions.demo import fill as fill_texts  # it builds on the deeds above

    fill_texts(office, now)
