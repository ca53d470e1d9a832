"""What counts as substantive (条例 第二十五条(一)): each kind of change, and the slips that are none."""

import pytest

from documents.interchange import dump, parse
from documents.versions.compare import compare
from documents.versions.substance import Limits, judge, touched
from tests.cast import NOTICE

LIMITS, NAMES = Limits(3, 20), {"市财政局", "李大山"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("供热企业要建立台帐", "供热企业要建立台账"),  # a wrong character
        ("做到统筹兼雇", "做到统筹兼顾"),
        ("加强领导,落实责任", "加强领导，落实责任"),  # punctuation
        ("加强领导，落实责任。", "加强领导、落实责任。"),
        ("　加强 领导", "加强领导"),  # white space
        ("共ＡＢ１２项", "共AB12项"),  # full width
        ("认真贯彻彻落实", "认真贯彻落实"),  # a word twice, a character of it
    ],
)
def test_slips_are_none(old, new):
    assert touched(old, new, NAMES, LIMITS) == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("应于12月5日完成", "应于12月15日完成", "数字"),
        ("安排资金3860万元", "安排资金3860亿元", "数字"),
        ("增长3.5%", "增长35%", "数字"),
        ("增长百分之三", "增长百分之五", "数字"),
        ("共3个工作组", "共三个工作组", "数字"),
        ("分三批实施", "分二批实施", "数字"),
        ("下降-3度", "下降3度", "数字"),
        ("可以申请延期", "不得申请延期", "用语"),
        ("应当公开", "可以公开", "用语"),
        ("予以批准", "不予批准", "用语"),
        ("甲和乙", "甲或乙", "用语"),
        ("3日内办结", "3日后办结", "时限"),
        ("五个工作日", "五个自然日", "时限"),
        ("按国办发〔2012〕14号执行", "按国办发〔2012〕15号执行", "文号"),
        ("按《供热条例》执行", "按《供水条例》执行", "文件名称"),
        ("由市财政局负责", "由市审计局负责", "市财政局"),
        ("由市才政局负责", "由市财政局负责", "市财政局"),
        ("由新能源局牵头", "由新能局牵头", "机关名称"),
        ("王刚同志任组长", "王钢同志任组长", "人名"),
        ("联系人：王刚", "联系人：王钢", "人名"),
        ("联系人李大山", "联系人李太山", "李大山"),
        ("发至a@example.cn", "发至b@example.cn", "邮箱"),
        ("认真贯彻落实", "认真研究并切实抓好", "改动"),
    ],
)
def test_what_touches_the_substance(old, new, what):
    assert any(what in one for one in touched(old, new, NAMES, LIMITS)), touched(old, new, NAMES, LIMITS)


def reasons(limits=LIMITS, facts=None, **fields) -> list[str]:
    contents = [
        {"paper": dump(parse(given)), "facts": known or {}, "files": []}
        for given, known in ((NOTICE, {}), ({**NOTICE, **fields}, facts))
    ]
    return [f"{one.where}：{one.what}" for one in judge(compare(*contents), NAMES, limits)]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": "海青市人民政府办公室关于做好冬季供热保障工作的通知"}, "标题"),
        ({"primary_recipients": "各县人民政府，市政府各部门"}, "主送机关"),
        ({"cc_recipients": "市委办公室"}, "抄送机关"),
        ({"disclosure": "依申请公开"}, "公开属性"),
        ({"attachments": [{"title": "清单", "body": "一、范围"}]}, "附件"),
        ({"facts": {"important": True}}, "重要公文"),
        ({"facts": {"amount": "12"}}, "金额"),
        ({"body": NOTICE["body"] + "\n三、落实责任"}, "增加一段"),
        ({"body": NOTICE["body"].rsplit("\n", 1)[0]}, "删去一段"),
    ],
)
def test_elements_paragraphs_attachments_and_facts(fields, said):
    assert any(said in one for one in reasons(**fields)), reasons(**fields)


def test_numbering_anew_and_a_slip_are_none():
    assert reasons(body=NOTICE["body"].replace("二、加强值守", "三、加强值守")) == []
    assert reasons(body=NOTICE["body"].replace("现将有关事项", "现将有关事宜")) == []
    assert reasons(title=NOTICE["title"].replace("关于", "关于 ")) == []


def test_the_marks_between_addressees_may_be_set_right_but_not_taken_away():
    plain = {"paper": dump(parse({**NOTICE, "cc_recipients": "市委办公室,市纪委"})), "facts": {}, "files": []}
    for changed, expected in (("市委办公室，市纪委", []), ("市委办公室市纪委", ["抄送机关"])):
        other = {"paper": dump(parse({**NOTICE, "cc_recipients": changed})), "facts": {}, "files": []}
        assert [one.what for one in judge(compare(plain, other), NAMES, LIMITS)] == expected


def test_cells_are_judged_as_text_and_the_shape_of_a_table_is_kept():
    body = "情况如下。\n| 部门 | 周期 |\n| --- | --- |\n| 市水利 | 每月 |"
    plain = {"paper": dump(parse({**NOTICE, "body": body})), "facts": {}, "files": []}
    for changed, expected in ((body.replace("每月", "每旬"), []), (body + "\n| 市住建 | 每季 |", ["表格的行列"])):
        other = {"paper": dump(parse({**NOTICE, "body": changed})), "facts": {}, "files": []}
        assert [one.what for one in judge(compare(plain, other), NAMES, LIMITS)] == expected


def test_many_slips_together_are_too_many():
    body = "\n".join(f"各部门要认真抓好落{letter}工作。" for letter in "甲乙丙丁戊")
    other = "\n".join(f"各部门要认真抓好落{letter}工作。" for letter in "子丑寅卯辰")
    contents = [{"paper": dump(parse({**NOTICE, "body": text})), "facts": {}, "files": []} for text in (body, other)]
    assert judge(compare(*contents), NAMES, LIMITS) == []
    [reason] = judge(compare(*contents), NAMES, Limits(3, 4))
    assert "全文改动 5 个字" in reason.what
