"""Rules on the kind of paper and what its text may ask: 请示 asks one thing, 报告 asks nothing, 批复 answers."""

import re
from collections.abc import Iterator

from documents.interchange import KINDS, Paper
from documents.rules.office import Office
from documents.rules.registry import Fault, rule
from documents.rules.wording import body_of, fix, lines_of, unquoted

# “申请审批” is a noun phrase of ordinary prose; only a bare 请… addresses the reader.
REQUEST = re.compile(
    r"(?<![申报提])请(?:予)?(?:批示|批复|审批|审定|批准)|请予批准|妥否|(?<!恰)当否|"
    r"恳请[^。；]{0,30}?(?:批准|批复|审批|支持|解决|同意|安排)"
)
NARRATED = re.compile(r"(?:及时|按程序|按规定|统一|逐级|再|不再|无需)[^。；，]{0,4}$")
PLEA = re.compile(r"恳请|请予|请求|(?<!申)请(?:批准|同意|支持|解决|安排|核定|审批)|申请(?:批准|同意|解决|安排|拨付)")
SECOND = re.compile(
    r"(?:^|[。；])(?:另外?|此外|同时)，?(?:恳请|请求|请予|申请|请(?:一并)?(?:批准|同意|解决|安排|核定))"
)
ACTS = "成立|设立|申请|印发|调整|解决|召开|举办|举行|拨付|建设|增加|增设|核定|划拨|表彰|修建|购置|变更|延长|出让"
TWO_ACTS = re.compile(rf"关于(?:请求)?(?:{ACTS})[^，]+?(?:并|以及|及|和|暨|、)(?:请求)?(?:{ACTS})[^，]+请示$")
NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d{1,2}[.、])")
CITED_NUMBER = re.compile(r"[\u4e00-\u9fffA-Za-z]{1,20}〔\d{4}〕\d{1,6}号")
ANSWERED = re.compile(r"收悉|复函如下|批复如下|函复如下|答复如下")
CONTACT = re.compile(r"联\s?系\s?人|联系方式|联系电话")
PHONE = re.compile(r"(?<!\d)(?:1\d{10}|(?:0\d{2,3}[-—－ ]?)?\d{7,8})(?!\d)")


@rule("R17", "block", "kind", "条例 第八条", "文种应为条例规定的15种之一；方案、办法、总结等作为通知的附件印发。")
def kind_is_statutory(paper: Paper, office: Office) -> Iterator[Fault]:
    if paper.kind not in KINDS:
        yield Fault(f"“{paper.kind}”不是法定公文文种，请改选15种之一；方案、办法、要点等可用“通知”印发。")


@rule("R06", "override", "body", "条例 第十五条(四)", "报告等非请示性公文不得夹带请示事项。")
def report_asks_nothing(paper: Paper, office: Office) -> Iterator[Fault]:
    if paper.kind != "报告":
        return
    asked = [phrase for line in lines_of(paper) for phrase in requests(unquoted(line))]
    if asked:
        yield Fault(f"报告中有请示用语“{asked[0]}”；如确有请示事项，请另文请示，如不是，请说明后继续。")


def requests(text: str) -> list[str]:
    return [
        found[0]
        for found in REQUEST.finditer(text)
        if not NARRATED.search(text[max(0, found.start() - 12) : found.start()])
    ]


@rule("R07", "warn", "body", "条例 第十五条(四)", "请示应当一文一事。")
def one_matter(paper: Paper, office: Office) -> Iterator[Fault]:
    if paper.kind != "请示":
        return
    if TWO_ACTS.search(paper.title):
        yield Fault("标题中似有两件事，请示应当一文一事；如是一件事请确认。", field="title")
    pleas = [line for line in lines_of(paper) if NUMBERED.match(line) and PLEA.search(line)]
    if len(pleas) > 1:
        yield Fault(f"正文分{len(pleas)}项提出请求，请确认是同一件事；不是的应分别行文。")
    elif any(SECOND.search(line) for line in lines_of(paper)):
        yield Fault("正文在主要请求之外又提出另一项请求，请确认是同一件事。")


@rule("R13", "warn", "in_reply_to", "条例 第八条(十二)", "批复、复函应写明答复的来文标题和文号。")
def answer_cites_the_question(paper: Paper, office: Office) -> Iterator[Fault]:
    if not answers(paper):
        return
    text = body_of(paper)
    if not paper.in_reply_to:
        found = CITED_NUMBER.search(text)
        offered = fix(f"答复的文号填“{found[0]}”", "in_reply_to", found[0]) if found else None
        yield Fault(f"{paper.kind}应注明所答复的来文文号，请填写。", offered)
    elif paper.in_reply_to not in text:
        yield Fault(
            f"正文没有引用来文文号“{paper.in_reply_to}”，开头应写“你×《关于……》（{paper.in_reply_to}）收悉”。",
            field="body",
        )
    elif "《" not in text:
        yield Fault("正文引用了来文文号，但没有引来文标题，请补上《关于……》。", field="body")


def answers(paper: Paper) -> bool:
    return paper.kind == "批复" or (paper.kind == "函" and paper.title.endswith("复函"))


@rule("R57", "warn", "remarks", "办文惯例", "请示应在附注处注明联系人的姓名和电话。")
def request_names_a_contact(paper: Paper, office: Office) -> Iterator[Fault]:
    if paper.kind == "请示" and not (CONTACT.search(paper.remarks) and PHONE.search(paper.remarks)):
        yield Fault("请示应在附注注明联系人和电话，如“联系人：×××，电话：×××××××”。")
