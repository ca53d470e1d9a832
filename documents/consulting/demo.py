"""Drafts of the demo office that others were asked about, a normative paper on its way through its reviews, a notice
that transmits another paper, and a reply to a request of our own."""

from datetime import timedelta

from django.utils import timezone

from documents.consulting import answers, rounds, settling, transmit
from documents.consulting.gates import GATES
from documents.models import Consulted, Document, Transmission
from officehub.approvals.models import Step

OFFICE = "云溪市人民政府办公室"
MARKET = """
为进一步规范全市供热市场秩序，保障供热企业和用户合法权益，现就有关事项通知如下。
一、规范经营许可
供热企业应当依法取得供热经营许可，各县（区）不得设置歧视性准入条件。
二、规范价格行为
供热价格实行政府定价，供热企业不得在价格之外收取其他费用。
三、强化监督检查
市住建局、市发展改革委按职责分工开展检查，市财政局对清洁供热予以补助。
"""
PLAN = """
为做好全市冬季清洁供热工作，制定本方案。
一、工作目标
到2027年底，全市城区清洁供热率达到百分之九十五以上。
二、重点任务
（一）推进热源改造。年内完成两处燃煤锅炉改造。
（二）推进管网改造。年内改造老旧管网四十公里。
三、保障措施
市住建局牵头组织实施，市财政局落实补助资金。
"""


def reviewed(step: Step) -> dict:
    """What a reviewer of the demo office states: every point looked at, and that the paper may go on."""
    gate = GATES.get(step.stage.verb)
    if gate is None:
        return {}
    points = dict.fromkeys(gate.points, True)
    return {**points, "conclusion": next(iter(gate.passing)), "haste": "为应对寒潮需立即施行，已集中力量审核。"}


def _draft(office, now, subject: str, body: str, **known) -> Document:
    from documents import drafting
    from documents.demo import paper

    fields = paper(subject, body)
    return drafting.create(by=office.people["chenxi"], now=now, organ=office.organs[OFFICE], fields=fields, **known)


def consulted(office, now) -> None:
    """A draft about which five were asked: adopted, refused after talks, silent, a letter still to come."""
    at = now - timedelta(days=16)
    document = _draft(office, at, "规范供热市场秩序的通知", MARKET, normative=True, affects_business=True)
    by, departments = office.people["chenxi"], office.departments
    concerned = [departments[name] for name in ("市住建局", "市发展改革委", "市财政局")]
    settling.state_concerns(document, concerned, by=by, now=at)
    asked = [*concerned, departments["市应急局"]]
    sent = rounds.open_round(
        document, by=by, now=at, departments=asked, units=["云溪供热集团有限公司"],
        question="请对通知稿，特别是第二、三部分提出意见。",
    )  # fmt: skip
    _answer(office, sent, "市住建局", "shilei", at + timedelta(days=2), "none")
    _answer(office, sent, "市发展改革委", "maoting", at + timedelta(days=3), "suggest",
            "建议第二部分增加“居民供热实行政府定价，非居民供热实行政府指导价”。", head="gaolei")  # fmt: skip
    _answer(office, sent, "市财政局", "qianduo", at + timedelta(days=4), "object",
            "财政补助未列入年度预算，不同意写明“市财政局予以补助”。", head="fangzhou")  # fmt: skip
    answers.lapse(now)
    rows = {str(row): row for row in sent.asked.select_related("department", "consultation__document")}
    settling.settle(rows["市发展改革委"], by=by, now=at + timedelta(days=6), decision="adopted",
                    explanation="已在第二部分增加。")  # fmt: skip
    settling.settle(
        rows["市财政局"], by=by, now=at + timedelta(days=8), decision="partly",
        explanation="改为“市财政局按规定统筹安排清洁供热资金”。", outcome="agreed",
        talks="11月中旬，市政府办公室黎翔、市住建局石磊同市财政局方舟协商，市财政局同意修改后的表述。",
    )  # fmt: skip


def _answer(office, sent, unit: str, who: str, at, said: str, text: str = "", head: str = "") -> None:
    row = Consulted.objects.select_related("department", "consultation__document").get(
        consultation=sent, department__name=unit
    )
    responsible = office.people[head] if head else None
    answers.answer(row, by=office.people[who], now=at, said=said, text=text, responsible=responsible)


def waiting_for_answers(office, now) -> None:
    """A round sent yesterday: nobody has answered yet."""
    at = now - timedelta(days=1)
    document = _draft(office, at, "做好清洁供热热源改造工作的通知", PLAN.replace("制定本方案", "现通知如下"))
    departments = [office.departments[name] for name in ("市住建局", "市财政局", "松岭县政府")]
    settling.state_concerns(document, departments[:2], by=office.people["chenxi"], now=at)
    rounds.open_round(document, by=office.people["chenxi"], now=at, departments=departments,
                      question="请就任务分工和完成时限提出意见。")  # fmt: skip


def under_review(office, now) -> None:
    """A normative paper that affects business, with its two reviewers."""
    from documents.demo import agree, begin, paper

    at = now - timedelta(days=2)
    document = begin(office, paper("规范全市供热服务收费的通知", MARKET), at, normative=True, affects_business=True)
    agree(office, document, "lixiang", at + timedelta(hours=1))


def transmitting(office, now) -> None:
    """One notice that issues a plan of the office's own, and one that forwards a province's."""
    by, organ = office.people["chenxi"], office.organs[OFFICE]
    plan = transmit.Source("云溪市冬季清洁供热实施方案", OFFICE, body=PLAN.strip(), disclosure="主动公开")
    made = {"by": by, "now": now - timedelta(hours=4), "organ": organ}
    transmit.begin(pattern=Transmission.Pattern.ISSUE, source=plan, **made)
    above = transmit.Source(
        "江岭省人民政府办公厅关于做好今冬明春供热保障工作的通知", "江岭省人民政府办公厅", "江政办发〔2026〕41号",
        timezone.localdate(now) - timedelta(days=9), "依申请公开", "各市、县人民政府，省政府各部门：\n" + PLAN.strip(),
    )  # fmt: skip
    transmit.begin(pattern=Transmission.Pattern.FORWARD, source=above, **made)


CASES = (consulted, waiting_for_answers, under_review, transmitting)
