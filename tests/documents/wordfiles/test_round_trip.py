"""What goes out as .docx comes in again as the same paper, in every kind and layout."""

import io
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from PIL import Image

from documents.docx import as_raw, read_draft
from documents.docx.media import encoded
from documents.docx.write import write
from documents.elements import KINDS, Attachment
from documents.interchange import parse
from documents.transmitted import transmitted

BODY = "\n".join(
    [
        "为做好防汛工作，现将有关事项通知如下。",
        "一、总体要求",
        "（一）加强领导。各地要把防汛摆在突出位置，层层落实责任。",
        "1.落实责任",
        "（1）分级负责",
        "\\一、这一行只是段落",
        "|表题：物资清单|",
        "|品名|数量|",
        "|---|---|",
        "|编织袋|2 000 条|",
        "|铁锹\\|锄头||",
        "",
        "|单行|表|",
        "特此通知。",
    ]
)
FULL = {
    "issuers": ["青岚市人民政府"],
    "title": "青岚市人民政府关于进一步做好2026年主汛期防汛抗旱和山洪灾害防御工作的",
    "primary_recipients": "各县（市、区）人民政府，市政府各部门",
    "body": BODY,
    "copy_number": "000012",
    "urgency": "加急",
    "document_number": "青政发〔2026〕3号",
    "attachments": [
        {"title": "任务分工表", "body": "一、水库\n各地逐库排查。\n|库名|责任人|\n|甲|李文|"},
        {"title": "联络名册"},
        {"title": "操作规程", "body": "第一条 为规范操作，制定本规程。"},
    ],
    "date_of_document": "2026-11-03",
    "remarks": "联系人：李文，电话：6543210",
    "cc_recipients": "市委各部门，市人大常委会办公室",
    "printing_office": "青岚市人民政府办公室",
    "printing_date": "2026-11-04",
    "print_run": 120,
    "disclosure": "依申请公开",
}
MORE = {
    "命令": {"signature_stamp": {"office": "市长", "name": "王立新"}, "title": ""},
    "纪要": {"present": ["王立新", "李文"], "excused": ["赵　岩"], "observers": ["周正"]},
    "议案": {"signature_stamp": {"office": "市长", "name": "王立新"}},
    "请示": {"signers": ["王立新", "李文"]},
    "报告": {"signers": ["王立新"]},
    "批复": {"in_reply_to": "甲政〔2026〕5号"},
}


def paper_of(kind, **changes):
    return parse({**FULL, "kind": kind, "title": FULL["title"] + kind, **MORE.get(kind, {}), **changes})


def again(paper, **given):
    return parse(as_raw(read_draft(write(paper, **given), pictures=True)))


def printed(paper):
    """A paper without what its letter does not print: seals come later, and a letter has no 印发机关 (10.1)."""
    if paper.layout != "letter":
        return replace(paper, seal=True)
    return replace(paper, seal=True, printing_office="", printing_date=None, print_run=None)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_comes_back_as_it_went(kind):
    paper = paper_of(kind)
    assert again(paper) == replace(printed(paper), seal=again(paper).seal)


@pytest.mark.parametrize("layout", ["general", "letter"])
def test_a_joint_paper_comes_back_with_its_organs_in_order(layout):
    organs = ["青岚市水利局", "青岚市应急管理局", "青岚市气象局"]
    masthead = {"masthead": "、".join(organs) + "文件"} if layout == "general" else {}
    paper = paper_of("通知", issuers=organs, layout=layout, **masthead)
    found = again(paper)
    issuers = paper.issuers if layout == "general" else paper.issuers[:1]  # a letter bears the lead's name only
    assert (found.issuers, found.masthead, found.signature_units) == (issuers, paper.masthead, paper.issuers)


def test_an_unfinished_draft_comes_back():
    paper = parse({"kind": "函", "issuers": ["青岚市水利局"], "title": "关于征求意见的函", "body": "请研提意见。"})
    assert again(paper, mark="草稿") == paper


def words_of(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs if paragraph.text]


def test_a_transmitted_text_bears_no_label_and_no_note_names_it():
    carried = {"title": "青岚市防汛预案", "body": "第一条 为做好防汛工作，制定本预案。"}
    paper = paper_of("通知", title="青岚市人民政府关于印发青岚市防汛预案的通知", attachments=[carried])
    assert transmitted(paper) is not None
    words = words_of(write(paper))
    assert [text for text in words if text.startswith("附件")] == []
    assert words.count("青岚市防汛预案") == 1
    assert again(paper).attachments == paper.attachments
    both = paper_of("通知", title=paper.title, attachments=[carried, {"title": "任务分工表", "body": "甲。"}])
    assert [text for text in words_of(write(both)) if text.startswith("附件")] == ["附件：任务分工表", "附件"]
    assert again(both).attachments == both.attachments


def test_what_is_marked_says_so_at_the_head_of_every_page():
    section = docx.Document(io.BytesIO(write(paper_of("函"), mark="已废止，2027年1月1日起"))).sections[0]
    heads = (section.header, section.even_page_header, section.first_page_header)
    assert {head.paragraphs[0].text for head in heads} == {"已废止，2027年1月1日起"}


def test_pictures_go_and_come_back_as_they_are():
    out = io.BytesIO()
    Image.effect_noise((60, 40), 20).save(out, "PNG")
    picture = encoded(out.getvalue())
    paper = paper_of("通知", body=f"如图。\n![位置图]({picture.name})\n特此通知。", attachments=[])
    held = {picture.name: picture.content}
    draft = read_draft(write(paper, images=held), pictures=True)
    assert parse(as_raw(draft)).body == paper.body
    assert [(one.name, one.content) for one in draft.pictures] == list(held.items())


def test_a_paper_whose_picture_is_missing_is_not_written():
    with pytest.raises(ValueError, match="缺少图片"):
        write(paper_of("通知", body="![](甲.png)"))


def test_the_same_paper_gives_the_same_bytes():
    assert write(paper_of("通知")) == write(paper_of("通知"))


def test_our_own_file_has_nothing_to_report_but_its_form():
    draft = read_draft(write(paper_of("通知"), mark="草稿"))
    assert [note.name for note in draft.report] == []


def test_titles_and_bodies_are_text_whatever_they_look_like():
    nasty = "<w:p>&amp;</w:t>]]>的通知"
    paper = paper_of("通知", title=nasty, attachments=[{"title": "<b>", "body": "&lt;i&gt;"}])
    found = again(paper)
    assert (found.title, found.attachments) == (nasty, (Attachment("<b>", paper.attachments[0].body),))


def test_the_page_is_a_chinese_grid_of_22_lines_by_28_characters():
    """7.1: 225 mm by 156 mm in 22 lines of 28 characters; figures and characters stand without air between them."""
    written = docx.Document(io.BytesIO(write(paper_of("通知"))))
    grid = written.sections[0]._sectPr.find(qn("w:docGrid"))
    normal = written.styles["Normal"].element.pPr
    pitch = float(grid.get(qn("w:linePitch"))) / 20, 16 + float(grid.get(qn("w:charSpace"))) / 4096
    assert (round(pitch[0] * 22 / 72 * 25.4), round(pitch[1] * 28 / 72 * 25.4)) == (225, 156)
    assert [normal.find(qn(f"w:{name}")).get(qn("w:val")) for name in ("autoSpaceDE", "autoSpaceDN")] == ["0", "0"]
    assert [one.get(qn("w:eastAsia")) for one in written.styles.element.iter(qn("w:lang"))] == ["zh-CN"]
