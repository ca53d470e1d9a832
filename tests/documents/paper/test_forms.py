"""Papers of every kind and of every form of issue: drawn, and measured without a fault."""

import pytest

from documents.interchange import parse
from documents.paper.render import loose_annex, render
from documents.paper.seen import read
from tests.documents.paper.samples import SENTENCE, paragraphs, raw
from tests.documents.paper.test_geometry import failures

CITY = "青岚市人民政府"
ORGANS = [
    *("青岚市水利局", "青岚市财政局", "青岚市应急管理局", "青岚市农业农村局", "青岚市发展和改革委员会"),
    *("青岚市自然资源和规划局", "青岚市生态环境局", "青岚市住房和城乡建设局", "青岚市交通运输局", "青岚市公安局"),
]
SIGNERS = ["高远", "欧阳志远", "李明", "迪丽热巴·吐尔逊", "王喆"]
ABOVE = "云川省人民政府"
BARE = {"cc_recipients": "", "printing_office": ""}
KINDS = {
    "决议": {"title": "青岚市第九届人民代表大会第三次会议关于政府工作报告的决议", "primary_recipients": ""},
    "决定": {},
    "命令": {
        **{"title": "", "document_number": "第3号", "primary_recipients": "", **BARE},
        "body": "《青岚市河道管理办法》已经2026年11月20日市政府第12次常务会议通过，现予公布，自2027年1月1日起施行。",
        "signature_stamp": {"office": "市长", "name": "高远"},
    },
    "公报": {"title": "青岚市第九届人民代表大会第三次会议公报", "primary_recipients": ""},
    "公告": {"primary_recipients": ""},
    "通告": {"primary_recipients": ""},
    "意见": {},
    "通知": {},
    "通报": {},
    "报告": {"signers": ["高远"], "primary_recipients": ABOVE},
    "请示": {"signers": ["高远"], "primary_recipients": ABOVE, "remarks": "联系人：高远，电话：0000-1234567"},
    "批复": {"primary_recipients": "青岚市水利局"},
    "议案": {"signature_stamp": {"office": "青岚市市长", "name": "高远"}, "primary_recipients": "市人大常委会"},
    "函": {"document_number": "青政函〔2026〕3号", "primary_recipients": "临江市人民政府"},
    "纪要": {
        **{"masthead": "青岚市人民政府常务会议纪要", "document_number": "〔2026〕12号", "primary_recipients": ""},
        **{"present": ["高远", "李明"] * 9, "excused": ["王喆"], "observers": ["张堃"]},
    },
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_of_the_fifteen_kinds_keeps_the_standard(measured, kind):
    title = f"青岚市人民政府关于做好2026年冬春水利建设工作的{kind}"
    assert failures(measured(kind=kind, issuers=[CITY], **{"title": title, **KINDS[kind]})) == []


def joint(count: int, named: bool = True, **changes):
    organs = ORGANS[:count]
    masthead = ("、".join(organs) if named else organs[0]) + "文件"
    return {"issuers": organs, "masthead": masthead, "title": "关于做好冬春水利建设工作的通知", **changes}


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("count", [2, 3, 4, 7, 10])
def test_seals_of_a_joint_paper_stand_apart_in_rows_and_the_last_presses_the_date(measured, count, named):
    report = measured(**joint(count, named))
    assert failures(report) == []
    assert found(report, "seal.apart").startswith(f"{count} 枚")


@pytest.mark.parametrize("count", [2, 7])
def test_a_joint_paper_without_seals_names_its_organs_below_one_another(measured, count):
    assert failures(measured(**joint(count, seal=False))) == []


def test_seals_of_more_organs_than_a_page_holds_go_on_on_the_next(measured):
    organs = [f"青岚市第{number}号水库管理处" for number in range(20)]
    assert failures(measured(issuers=organs, masthead=f"{organs[0]}文件")) == []


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_signers_of_an_upward_paper_end_on_the_line_of_its_number(measured, count):
    upward = {"kind": "请示", "signers": SIGNERS[:count], "primary_recipients": ABOVE}
    report = measured(**joint(count, **upward))
    assert failures(report) == []
    assert found(report, "signers.position").endswith("mm，发文字号同行")


TITLE = "青岚市2026年冬春水利建设工作重点任务清单及责任分工方案"
ANNEXES = [{"title": TITLE, "body": paragraphs(9)}, {"title": "联系人名单", "body": paragraphs(3)}]
WIDE = "|" + "|".join(f"第{column}项指标" for column in range(12)) + "|\n|" + "---|" * 12 + "\n"
WIDE += "\n".join("|" + "|".join(f"{row * column}万元" for column in range(12)) + "|" for row in range(40))
MARKS = {"copy_number": "000001", "urgency": "特急"}
FORMS = {
    "one annex": {"attachments": ANNEXES[:1]},
    "two annexes": {"attachments": ANNEXES},
    "files": {"attachments": [{"title": "任务清单", "file": "a.pdf"}, {"title": "名单", "file": "b.xlsx"}]},
    "letter with annexes": {"kind": "函", "document_number": "青政办函〔2026〕3号", "attachments": ANNEXES, **MARKS},
    "letter of many pages": {"kind": "函", "document_number": "青政办函〔2026〕3号", "body": paragraphs(24)},
    "everything": {**MARKS, "print_run": 120, "disclosure": "主动公开", "remarks": "联系人：高远"},
    "many recipients": {"primary_recipients": "、".join(f"第{one}号水库管理处" for one in range(60)), "print_run": 9},
    "wide annex": {"attachments": [{"title": "分县投资计划表", "body": WIDE}]},
    "wide annex of a letter": {"kind": "函", "attachments": [{"title": "分县投资计划表", "body": WIDE}]},
    "wide table between texts": {"body": f"{paragraphs(6)}\n{WIDE}\n{paragraphs(6)}"},
    "short table at the end": {"body": f"{paragraphs(13)}\n|甲|乙|\n|1|2|"},
    "table at the end": {"body": f"{paragraphs(5)}\n|甲|乙|\n" + "|1|2|\n" * 30},
    "sentences that are numbered": {"body": "\n".join(f"{one}、凡{SENTENCE[:40]}，确保安全。" for one in "一二三四五")},
    "address": {"body": f"{SENTENCE}详见“青岚水利在线平台”（http://www.qinglan.gov.cn/zwgk/zfwj/index.html）。" * 4},
    "long names": {"issuers": ["青岚市人民政府推进新型城镇化和城乡融合发展工作领导小组办公室"] * 1, "seal": False},
    "long title": {"title": "青岚市人民政府办公室关于转发市水利局市财政局市应急管理局市农业农村局冬春农田水利基本"
                   "建设三年行动实施方案（2026—2028年）的通知"},
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_paper_of_this_form_keeps_the_standard(measured, form):
    assert failures(measured(**FORMS[form])) == []


def found(report, name: str) -> str:
    return next(check.measured for check in report.checks if check.id == name)


def test_annexes_open_with_their_label_and_are_numbered_when_there_are_several(measured):
    assert found(measured(**FORMS["one annex"]), "annex.opening") == "1 个附件"
    assert found(measured(**FORMS["two annexes"]), "annex.opening") == "2 个附件"


def test_recipients_that_would_push_the_text_off_the_first_page_stand_above_the_copies(rows_of_first_and_last):
    first, last = rows_of_first_and_last(**FORMS["many recipients"])
    assert not [row for row in first if "水库管理处" in row]
    assert (last[0][:8], last[-3][:3], last[-1]) == ("主送：第0号水库", "市法院", "共印9份")


def test_a_resolution_says_when_and_by_which_meeting_it_was_adopted(rows_of_first_and_last):
    first, _ = rows_of_first_and_last(kind="决议", issuers=[CITY], **KINDS["决议"])
    assert "（2026年11月23日青岚市第九届人民代表大会第三次会议通过）" in first


def test_text_stays_on_the_first_page_under_a_masthead_of_ten_organs(rows_of_first_and_last):
    first, _ = rows_of_first_and_last(**joint(10))
    assert first[-3:-1] == ["一、总体要求", first[-2]]


def test_an_annex_that_is_not_bound_with_its_paper_says_the_number_of_the_paper_first():
    pages = read(loose_annex(parse(raw(**FORMS["two annexes"])), 2))
    label, title, *_ = pages[0].rows
    assert (label.text, title.text, len(pages)) == ("青政办发〔2026〕3号附件2", "联系人名单", 1)
    assert (round(label.left), round(label.top)) == (28, 37)
    with pytest.raises(ValueError, match="附件3"):
        loose_annex(parse(raw(**FORMS["two annexes"])), 3)


@pytest.mark.parametrize("kind", ["通知", "通报", "批复", "意见"])
def test_a_paper_downward_may_go_as_a_letter(measured, kind):
    title = f"青岚市人民政府关于做好冬春水利建设工作的{kind}"
    assert failures(measured(kind=kind, issuers=[CITY], layout="letter", title=title)) == []


@pytest.mark.parametrize(
    ("kind", "registered", "printed"),
    [("命令", "青岚市人民政府令〔2022〕第12号", "第12号"), ("命令", "青岚市人民政府令第3号", "第3号"),
     ("纪要", "青岚市人民政府常务会议纪要〔2026〕第5期", "第5期"), ("纪要", "〔2026〕12号", "〔2026〕12号")],
)  # fmt: skip
def test_below_its_name_an_order_or_minutes_bear_the_number_alone(measured, kind, registered, printed):
    given = {**KINDS[kind], "kind": kind, "issuers": [CITY], "document_number": registered}
    assert failures(measured(**given)) == []
    lines = [row.text for row in read(render(parse(raw(**given))))[0].rows]
    assert printed in lines
    assert registered not in lines or registered == printed


def test_minutes_of_short_paragraphs_alone_keep_the_standard(measured):
    body = "为做好供暖保障，会议议定以下事项。\n一、备足燃料\n各单位12月5日前完成。\n二、加强值守\n昼夜值班。"
    given = {"kind": "纪要", "masthead": "青岚市专题会议纪要", "title": "供暖工作专题会议纪要", "issuers": [CITY]}
    assert (
        failures(measured(**given, body=body, primary_recipients="", cc_recipients="", present=["高远", "李明"])) == []
    )
