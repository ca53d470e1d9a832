"""Drafts typed in Word: what comes over, what is dropped and said, and what is never opened."""

import io
import sys
import zipfile

import pytest
from docx import Document

from documents.docx import NotADocx, UnsafeFile, as_raw, read_draft
from documents.docx.numbering import Numbering
from documents.docx.package import MAX_PART
from documents.interchange import parse

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
TITLE = '<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:sz w:val="44"/></w:rPr><w:t>{}</w:t></w:r></w:p>'
NUMBERING = f"""<w:numbering xmlns:w="{WORD}">
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="●"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="3">
<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="hebrew1"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>
<w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="6"><w:abstractNumId w:val="1"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="7"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="8"><w:abstractNumId w:val="3"/></w:num>
</w:numbering>"""


def package(body, prolog="", **parts):
    """A .docx made by hand around the inside of w:body; further parts by name, dots written as __."""
    main = f"{prolog}<w:document xmlns:w='{WORD}'><w:body>{body}</w:body></w:document>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, content in {"[Content_Types].xml": TYPES, "word/document.xml": main, **parts}.items():
            writer.writestr(name, content)
    return file.getvalue()


def paragraph(text, settings=""):
    return f"<w:p><w:pPr>{settings}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def numbered(text, list_id, depth=0):
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>')


def lines(body, **parts):
    return read_draft(package(body, **parts)).lines


def test_a_draft_written_by_word_is_read():
    document = Document()
    document.add_paragraph("　　现将有关事项通知如下。")
    table = document.add_table(2, 2)
    for cell, text in zip([*table.rows[0].cells, *table.rows[1].cells], ("单位", "数量", "甲|乙局", "3"), strict=True):
        cell.text = text
    file = io.BytesIO()
    document.save(file)
    assert read_draft(file.getvalue()).lines == ("现将有关事项通知如下。", "|单位|数量|\n|甲\\|乙局|3|")


def test_insertions_are_taken_and_deletions_dropped_and_both_are_told():
    body = """<w:p><w:r><w:t>请于</w:t></w:r><w:del><w:r><w:delText>3日</w:delText></w:r></w:del>
    <w:ins><w:r><w:t>5日</w:t></w:r></w:ins><w:r><w:t>前完成。</w:t></w:r></w:p>"""
    draft = read_draft(package(body))
    assert draft.lines == ("请于5日前完成。",)
    assert draft.notes == ("有1处修订删除的文字未取入。", "有1处修订插入的文字已取入，请核对修订是否定稿。")


def test_a_paragraph_whose_end_was_deleted_runs_on():
    body = paragraph("各地要", "<w:rPr><w:del/></w:rPr>") + paragraph("加强领导。")
    assert lines(body) == ("各地要加强领导。",)


def test_automatic_numbers_are_rendered():
    body = "".join(
        numbered(text, 5, depth)
        for text, depth in (("任务", 0), ("甲", 1), ("乙", 1), ("细项", 2), ("保障", 0), ("丙", 1))
    )
    expected = ("一、任务", "（一）甲", "（二）乙", "1.细项", "二、保障", "（一）丙")
    assert lines(body, **{"word/numbering.xml": NUMBERING}) == expected


def test_a_restarted_list_begins_anew_and_bullets_bear_no_number():
    body = numbered("甲", 5) + numbered("乙", 5) + numbered("丙", 6) + numbered("丁", 7)
    assert lines(body, **{"word/numbering.xml": NUMBERING}) == ("一、甲", "二、乙", "一、丙", "丁")


def test_an_unknown_numbering_is_told():
    draft = read_draft(package(numbered("甲", 8), **{"word/numbering.xml": NUMBERING}))
    assert draft.lines == ("3.甲",)
    assert draft.notes == ("有不认识的自动编号样式（hebrew1），已按阿拉伯数字取入。",)


def test_a_number_may_come_from_the_style():
    styles = f"""<w:styles xmlns:w="{WORD}"><w:style w:styleId="H"><w:basedOn w:val="G"/></w:style>
    <w:style w:styleId="G"><w:basedOn w:val="H"/><w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr></w:style>
    </w:styles>"""
    body = paragraph("任务", '<w:pStyle w:val="H"/>')
    assert lines(body, **{"word/numbering.xml": NUMBERING, "word/styles.xml": styles}) == ("一、任务",)


def test_text_boxes_links_and_content_controls_come_over():
    body = """<w:p><w:hyperlink><w:r><w:t>网站</w:t></w:r></w:hyperlink><w:r><w:pict><w:txbxContent>
    <w:p><w:r><w:t>框内文字</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>
    <w:sdt><w:sdtContent><w:p><w:r><w:t>控件文字</w:t></w:r></w:p></w:sdtContent></w:sdt>"""
    assert lines(body) == ("网站", "框内文字", "控件文字")


def test_of_alternative_contents_only_the_first_comes_over():
    inside = "<w:r><w:t>{}</w:t></w:r>"
    choice = f"""<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">
    <mc:Choice>{inside.format("新")}</mc:Choice><mc:Fallback>{inside.format("旧")}</mc:Fallback></mc:AlternateContent>"""
    assert lines(f"<w:p>{choice}<w:r><w:t>版</w:t></w:r></w:p>") == ("新版",)


def test_rows_and_cells_inside_content_controls_keep_their_places():
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    held = f"<w:sdt><w:sdtContent>{cell.format('乙')}</w:sdtContent></w:sdt>"
    row = f"<w:tr>{cell.format('甲')}{held}{cell.format('丙')}</w:tr>"
    body = f"<w:tbl>{row}<w:sdt><w:sdtContent>{row}</w:sdtContent></w:sdt></w:tbl>"
    assert lines(body) == ("|甲|乙|丙|\n|甲|乙|丙|",)


def test_a_nested_table_becomes_text_of_its_cell():
    inner = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>内</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    body = f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>外</w:t></w:r></w:p>{inner}</w:tc></w:tr></w:tbl>"
    draft = read_draft(package(body))
    assert (draft.lines, draft.notes) == (("|外 内|",), ("有1个表中表已并入单元格文字。",))


@pytest.mark.parametrize(
    ("number", "style", "expected"),
    [
        (105, "chineseCounting", "一〇五"),
        (20, "chineseCounting", "二十"),
        (3, "lowerLetter", "c"),
        (4, "upperRoman", "IV"),
        (2, "decimalEnclosedCircle", "②"),
        (7, "decimal", "7"),
    ],
)
def test_each_style_of_number_is_rendered(number, style, expected):
    assert Numbering().formatted(number, style) == expected


def test_what_is_left_out_is_told():
    body = """<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:drawing/></w:r>
    <w:r><w:footnoteReference/></w:r><w:r><w:commentReference/></w:r><w:r><w:t>正文</w:t></w:r></w:p>"""
    draft = read_draft(package(body))
    assert draft.lines == ("正文",)
    assert draft.notes == ("有1处隐藏文字未取入。", "有1条批注未取入。", "有1处脚注、尾注未取入。", "有1张图片未取入。")


def test_merged_cells_keep_the_columns_in_place():
    body = """<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>
    <w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>单位</w:t></w:r></w:p></w:tc>
    <w:tc><w:p><w:r><w:t>数</w:t></w:r></w:p></w:tc></w:tr>
    <w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p><w:r><w:t>不印</w:t></w:r></w:p></w:tc>
    <w:tc><w:p><w:r><w:t>乙</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>3</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"""
    assert lines(body) == ("|单位||数|\n|---|---|---|\n||乙|3|",)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            TITLE.format("云岭市人民政府关于") + TITLE.format("做好防汛工作的通知") + paragraph("正文。"),
            "云岭市人民政府关于做好防汛工作的通知",
        ),
        (TITLE.format("云岭市人民政府文件") + TITLE.format("关于防汛的通知") + paragraph("正文。"), "关于防汛的通知"),
        (paragraph("关于防汛的通知") + paragraph("正文。"), "关于防汛的通知"),
        (TITLE.format("防汛工作方案") + paragraph("正文。"), "防汛工作方案"),
        (paragraph("现将有关事项通知如下。"), ""),
    ],
)
def test_the_title_is_told_by_its_looks_or_its_kind(body, expected):
    assert read_draft(package(body)).title == expected


def test_a_whole_draft_becomes_a_paper():
    texts = (
        "各县（市、区）人民政府：", "现将有关事项通知如下。", "一、任务", "各地要加强巡查。", "附件：1. 责任清单",
        "2. 联络名册", "云岭市水利局", "2026年5月8日", "（联系人：李文，电话：6543210）", "抄送：市委办公室。",
    )  # fmt: skip
    draft = read_draft(package(TITLE.format("云岭市水利局关于做好防汛工作的通知") + "".join(map(paragraph, texts))))
    paper = parse(as_raw(draft))
    assert (paper.kind, paper.issuers, paper.title) == ("通知", ("云岭市水利局",), "云岭市水利局关于做好防汛工作的通知")
    assert paper.primary_recipients == "各县（市、区）人民政府"
    assert [block.text for block in paper.body] == ["现将有关事项通知如下。", "一、任务", "各地要加强巡查。"]
    assert [item.title for item in paper.attachments] == ["责任清单", "联络名册"]
    assert (paper.date_of_document.isoformat(), paper.remarks, paper.cc_recipients) == (
        "2026-05-08",
        "联系人：李文，电话：6543210",
        "市委办公室",
    )


def test_two_tables_stay_two():
    table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    draft = read_draft(package(paragraph("关于甲的通知") + table.format("甲") + table.format("乙")))
    paper = parse({**as_raw(draft), "issuers": ["云岭市水利局"]})
    assert [block.rows for block in paper.body] == [(("甲",),), (("乙",),)]


def test_links_to_the_outside_are_told_and_never_followed():
    relations = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship
    Id="a" Type="x/attachedTemplate" Target="http://127.0.0.1:1/a.dotm" TargetMode="External"/></Relationships>"""
    draft = read_draft(package(paragraph("正文"), **{"word/_rels/settings.xml.rels": relations}))
    assert draft.notes == ("文档指向外部的模板、图片或对象，一律未读取。",)


ENTITY = '<!DOCTYPE a [<!ENTITY x "甲"><!ENTITY y "&x;&x;&x;">]>'
EXTERNAL = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
DEEP = sys.getrecursionlimit()


@pytest.mark.parametrize(
    ("content", "error", "reason"),
    [
        (package("<w:p><w:r><w:t>&y;</w:t></w:r></w:p>", ENTITY), UnsafeFile, "DTD"),
        (package("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", EXTERNAL), UnsafeFile, "DTD"),
        (package("", "<!DOCTYPE a>"), UnsafeFile, "DTD"),
        (package("", **{"word/numbering.xml": EXTERNAL + "<a/>"}), UnsafeFile, "DTD"),
        (package(paragraph("甲" * 3_000_000)), UnsafeFile, "压缩比"),
        (package("", **{"word/vbaProject.bin": "x"}), UnsafeFile, "宏"),
        (package("", **{"../a": "x"}), UnsafeFile, "越界"),
        (package("<w:p>" + "<w:ins>" * DEEP + "</w:ins>" * DEEP + "</w:p>"), UnsafeFile, "嵌套过深"),
        (package("<w:p>"), NotADocx, "损坏"),
        (b"\xd0\xcf\x11\xe0 old word", NotADocx, ".doc、.wps"),
        (b"", NotADocx, "不是 .docx"),
    ],
)
def test_a_dangerous_or_foreign_file_is_refused(content, error, reason):
    with pytest.raises(error, match=reason):
        read_draft(content)


def test_a_zip_without_a_document_is_no_docx():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as writer:
        writer.writestr("a.txt", "x")
    with pytest.raises(NotADocx, match="缺少"):
        read_draft(file.getvalue())


def test_a_part_too_large_to_parse_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as writer:
        writer.writestr("[Content_Types].xml", TYPES)
        writer.writestr("word/document.xml", b" " * (MAX_PART + 1))
    with pytest.raises(UnsafeFile, match="16 MB"):
        read_draft(file.getvalue())
