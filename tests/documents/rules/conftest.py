"""A small made-up county and its papers, one without fault for each use."""

from dataclasses import replace
from datetime import date

import pytest

from documents.body import recognise
from documents.interchange import Attachment, parse
from documents.rules import OrganFact, Unregistered, check

ORGANS = (
    OrganFact("江南省人民政府", "省政府", 1, is_party_or_government=True),
    OrganFact("江南省财政厅", "省财政厅", 1, "江南省人民政府", is_department=True),
    OrganFact("云岭市人民政府", "市政府", 2, "江南省人民政府", is_party_or_government=True, codes=("云政发", "云政函")),
    OrganFact("云岭市人民政府办公室", "市政府办公室", 2, "云岭市人民政府", codes=("云政办发",)),
    OrganFact("云岭市财政局", "市财政局", 2, "云岭市人民政府", is_department=True, codes=("云财",)),
    OrganFact("云岭市教育局", "市教育局", 2, "云岭市人民政府", is_department=True, codes=("云教",)),
    OrganFact("云岭市粮食局", "市粮食局", 2, "云岭市人民政府", is_department=True, active=False),
    OrganFact("预算科", superior="云岭市财政局", is_division=True),
    OrganFact("青山县人民政府", "", 3, "云岭市人民政府", is_party_or_government=True),
    OrganFact("青山县财政局", "", 3, "青山县人民政府", is_department=True),
    OrganFact("松涛镇人民政府", "", 4, "青山县人民政府", is_party_or_government=True),
    OrganFact("云岭市人民代表大会常务委员会", "市人大常委会", 2),
)


class Town:
    """An office with a register."""

    accredited = False
    keeps_register = True

    def organ(self, name):
        return next((fact for fact in ORGANS if name in (fact.name, fact.short_name)), None)


class Accredited(Unregistered):
    accredited = True


OFFICES = {"none": Unregistered(), "town": Town(), "accredited": Accredited()}
PUBLIC = {"disclosure": "主动公开"}
CLEAN = {
    "通知": {
        "kind": "通知",
        "issuers": ["云岭市人民政府办公室"],
        "title": "云岭市人民政府办公室关于做好冬季清洁取暖工作的通知",
        "document_number": "云政办发〔2026〕12号",
        "primary_recipients": "各县（市、区）人民政府，市政府各部门、各直属机构",
        "body": "经市政府同意，现就有关事项通知如下。\n一、落实责任\n（一）明确分工。各地要细化措施。\n（二）压实责任。"
        "\n二、加强保障\n确保群众温暖过冬。",
        "attachments": [{"title": "重点任务清单", "body": "略"}],
        "date_of_document": "2026-10-20",
        "printing_office": "云岭市人民政府办公室",
        "printing_date": "2026-10-21",
    },
    "请示": {
        "kind": "请示",
        "issuers": ["青山县人民政府"],
        "title": "青山县人民政府关于设立松涛水库管理处的请示",
        "document_number": "青政〔2026〕8号",
        "signers": ["周明远"],
        "primary_recipients": "云岭市人民政府",
        "body": "松涛水库已建成蓄水，拟设立管理处。\n妥否，请批示。",
        "date_of_document": "2026-03-02",
        "remarks": "联系人：李文，电话：0591-6543210",
    },
    "报告": {
        "kind": "报告",
        "issuers": ["青山县人民政府"],
        "title": "青山县人民政府关于防汛备汛情况的报告",
        "document_number": "青政〔2026〕9号",
        "signers": ["周明远"],
        "primary_recipients": "云岭市人民政府",
        "body": "现将有关情况报告如下。全县已按“妥否，请批示”的旧例清理文种。"
        "各乡镇及时报请审批的项目均已开工，申请审批事项全部办结。\n特此报告。",
        "date_of_document": "2026-04-02",
    },
    "批复": {
        "kind": "批复",
        "issuers": ["云岭市人民政府"],
        "title": "云岭市人民政府关于同意设立松涛水库管理处的批复",
        "document_number": "云政函〔2026〕30号",
        "in_reply_to": "青政〔2026〕8号",
        "primary_recipients": "青山县人民政府",
        "body": "你县《关于设立松涛水库管理处的请示》（青政〔2026〕8号）收悉。现批复如下：\n同意设立。",
        "date_of_document": "2026-03-20",
    },
    "函": {
        "kind": "函",
        "issuers": ["云岭市财政局"],
        "title": "云岭市财政局关于商请提供学校名册的函",
        "document_number": "云财〔2026〕5号",
        "primary_recipients": "云岭市教育局",
        "body": "因编制预算需要，请提供学校名册。\n专此函达。咨询电话：05916543210。",
        "date_of_document": "2026-05-06",
    },
    "议案": {
        "kind": "议案",
        "issuers": ["云岭市人民政府"],
        "title": "云岭市人民政府关于提请审议城市绿地条例草案的议案",
        "document_number": "云政发〔2026〕2号",
        "primary_recipients": "云岭市人民代表大会常务委员会",
        "body": "现提请审议。",
        "date_of_document": "2026-02-03",
    },
    "决议": {
        "kind": "决议",
        "issuers": ["云岭市人民代表大会"],
        "title": "云岭市第五届人民代表大会第二次会议关于政府工作报告的决议",
        "body": "（2026年1月18日云岭市第五届人民代表大会第二次会议通过）\n会议批准这个报告。",
        "date_of_document": "2026-01-18",
    },
    "联合通知": {
        "kind": "通知",
        "issuers": ["云岭市财政局", "云岭市教育局"],
        "title": "关于印发《云岭市校舍维修资金管理办法》的通知",
        "document_number": "云财〔2026〕6号",
        "primary_recipients": "各县（市、区）财政局、教育局",
        "body": "现印发给你们，请遵照执行。",
        "attachments": [{"title": "云岭市校舍维修资金管理办法", "body": "略"}],
        "date_of_document": "2026-06-01",
    },
    "通告": {
        "kind": "通告",
        "issuers": ["云岭市公安局"],
        "title": "云岭市公安局通告",
        "document_number": "2026年第3号",
        "body": "为保障马拉松比赛，部分道路限行。",
        "date_of_document": "2026-09-09",
    },
    "涉密通知": {
        "kind": "通知",
        "issuers": ["云岭市人民政府"],
        "title": "云岭市人民政府关于开展专项检查的通知",
        "document_number": "云政发〔2026〕7号",
        "copy_number": "000012",
        "security_classification": "秘密",
        "classification_period": "5年",
        "urgency": "加急",
        "primary_recipients": "云岭市财政局",
        "body": "现将有关事项通知如下。",
        "date_of_document": "2026-06-01",
        "disclosure": "不予公开",
        "disclosure_reason": "涉及国家秘密",
    },
}


@pytest.fixture
def write():
    """A clean paper by name, with some of its fields changed; a body is given as typed text."""

    def paper(base, **changes):
        raw = {**PUBLIC, **CLEAN[base]}
        whole = parse(raw, accredited="security_classification" in raw)
        return replace(whole, **{name: as_kept(name, value) for name, value in with_issuers(raw, changes).items()})

    return paper


def with_issuers(raw, changes):
    """Another issuer also signs and is named in the title, unless the test says otherwise."""
    if "issuers" not in changes:
        return changes
    issuers = list(changes["issuers"])
    return {"signature_units": issuers, "title": raw["title"].replace(raw["issuers"][0], issuers[0]), **changes}


def as_kept(name, value):
    """A field as a paper keeps it, from how a test writes it; a long body as a sentence and how often it comes."""
    match name, value:
        case "body", [str(sentence), int(times)]:
            return recognise(sentence * times)
        case "body", str(text):
            return recognise(text)
        case "attachments", titles:
            return tuple(Attachment(title) for title in titles)
        case (("date_of_document" | "printing_date"), str(day)):
            return date.fromisoformat(day)
        case _, list(several):
            return tuple(several)
    return value


@pytest.fixture
def found():
    """The findings of one rule on a paper, in one of the offices: none, town or accredited."""

    def findings(paper, rule, office="none", moment="register"):
        return [finding for finding in check(paper, OFFICES[office], moment) if finding.rule == rule]

    return findings


@pytest.fixture(params=sorted(CLEAN))
def clean(request):
    return request.param


@pytest.fixture
def offices():
    return OFFICES
