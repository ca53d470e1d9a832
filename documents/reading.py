"""Reading a paper out of decoded JSON: every field of the format, its limits and its defaults.

It judges form only (types, sizes, impossible values); whether a paper follows the rules is for `documents.rules`.
"""

from typing import Any

from documents import body
from documents.elements import (
    CLASSIFICATIONS,
    DIRECTIONS,
    DISCLOSURES,
    KINDS,
    LAYOUTS,
    URGENCIES,
    Attachment,
    Block,
    Paper,
)
from documents.strict import FieldError, Reader, Refused, short, unprintable

LAYOUT_OF = {"函": "letter", "命令": "order", "纪要": "minutes"}
DIRECTION_OF = {
    **dict.fromkeys(("请示", "报告", "议案"), "upward"),
    **dict.fromkeys(("公报", "公告", "通告"), "public"),
    "函": "parallel",
}
UPWARD_BY_LAW = ("请示", "报告")  # 条例 第八条(十)、(十一): addressed to a superior organ, whatever is typed
UNSIGNED_KINDS = ("决议", "公报", "纪要")  # adopted by a meeting: neither signature nor seal

# What one paper may hold; beyond these the renderer would need minutes, not seconds.
MAX_TITLE, MAX_NAME, MAX_LINE = 200, 60, 2_000  # characters
MAX_PARAGRAPH, MAX_BODY, MAX_TEXT = 20_000, 100_000, 200_000  # characters: one block, one body, all bodies
MAX_BLOCKS, MAX_ATTACHMENTS, MAX_ORGANS, MAX_PEOPLE = 3_000, 50, 20, 200
MAX_ROWS, MAX_COLUMNS, MAX_CELL, MAX_CELLS, MAX_TABLES = 300, 20, 500, 4_000, 40_000  # the last: characters in tables

NUMBER_PATTERN = r"[\u4e00-\u9fffA-Za-z0-9〔〕]+"
NUMBER_HINT = "只能用汉字、字母、半角数字和六角括号〔〕，如“云政办发〔2026〕3号”；全角数字、[]（）【】等括号请改正。"
FILE_PATTERN = r"(?!\.)[^/\\<>:\"|?*\s]+(/(?!\.)[^/\\<>:\"|?*\s]+)*"
FILE_HINT = "应为相对文件名，不能含空格、“..”或盘符。"


KNOWN = tuple(Paper.__dataclass_fields__)


def parse(raw: object, accredited: bool = False) -> Paper:
    """The paper that `raw` (decoded JSON) describes, with every default of the format filled in.

    Raises `Refused` naming all fields at fault. A 密级 is refused unless the deployment is `accredited`
    (保密法 第三十一条(三)).
    """
    if not isinstance(raw, dict):
        raise Refused([FieldError("公文", f"应为一个对象（花括号），现为“{short(raw)}”。")])
    reader = Reader(raw)
    reader.refuse_unknown(KNOWN)
    found = {**read_identity(reader), **read_marks(reader, accredited), **read_content(reader), **read_end(reader)}
    check_text_total(reader, found)
    if reader.errors:
        raise Refused(reader.errors)
    return Paper(**found)


def read_identity(reader: Reader) -> dict[str, Any]:
    """Kind, format, direction, organs, masthead and title."""
    for name, label in (("kind", "文种"), ("issuers", "发文机关"), ("body", "正文")):
        reader.require(name, label)
    kind = reader.choice("kind", "文种", KINDS)
    layout = reader.choice("layout", "版式", LAYOUTS, LAYOUT_OF.get(kind, "general"))
    issuers = reader.texts("issuers", "发文机关", MAX_NAME, MAX_ORGANS)
    if not issuers and isinstance(reader.raw.get("issuers"), list):
        reader.complain("issuers", "至少要有一个发文机关。")
    if len(set(issuers)) < len(issuers):
        reader.complain("issuers", "同一发文机关不能列两次。")
    title = reader.text("title", "标题", MAX_TITLE)
    if kind != "命令" and not reader.raw.get("title"):
        reader.complain("title", "缺少标题，请填写（只有命令可以没有标题）。")
    direction = reader.choice("direction", "行文方向", DIRECTIONS, DIRECTION_OF.get(kind, "downward"))
    if not goes(kind, direction):
        reader.complain("direction", "行文方向：请示、报告是上行文（条例 第八条），请改选上行文或按文种。")
    return {
        "kind": kind,
        "layout": layout,
        "direction": direction,
        "issuers": issuers,
        "masthead": reader.text("masthead", "发文机关标志", MAX_LINE) or default_masthead(layout, kind, issuers),
        "title": title,
    }


def goes(kind: str, direction: str) -> bool:
    """Whether a paper of this kind may go in this direction; an empty one is that of its kind."""
    return kind not in UPWARD_BY_LAW or direction in ("", "upward")


def default_masthead(layout: str, kind: str, issuers: tuple[str, ...]) -> str:
    """发文机关标志: the lead organ and 文件, 令 or 纪要; a letter bears the bare name (GB/T 9704 7.2.4, 10)."""
    endings = {"general": "文件", "letter": "", "order": "令", "minutes": "纪要"}
    return issuers[0] + endings[layout] if issuers else ""


def read_marks(reader: Reader, accredited: bool) -> dict[str, Any]:
    """What stands above the red rule besides the masthead."""
    classified = [name for name in ("security_classification", "classification_period") if reader.raw.get(name)]
    if classified and not accredited:
        for name in classified:
            reader.complain(name, "本系统为非涉密系统，不得录入涉密公文；请删去并按保密规定办理。")
    return {
        "copy_number": reader.text("copy_number", "份号", 20, r"\d{6}", "份号应为6位半角数字，如 000001。"),
        "security_classification": reader.choice("security_classification", "密级", CLASSIFICATIONS),
        "classification_period": reader.text("classification_period", "保密期限", 20),
        "urgency": reader.choice("urgency", "紧急程度", URGENCIES),
        "document_number": reader.text("document_number", "发文字号", 40, NUMBER_PATTERN, NUMBER_HINT),
        "signers": reader.texts("signers", "签发人", MAX_NAME, MAX_ORGANS),
        "in_reply_to": reader.text("in_reply_to", "答复的文号", 60),
    }


def read_content(reader: Reader) -> dict[str, Any]:
    return {
        "primary_recipients": named_list(reader, "primary_recipients", "主送机关").rstrip(":："),
        "body": read_body(reader),
        "attachments": reader.objects("attachments", "附件", MAX_ATTACHMENTS, read_attachment),
        "present": reader.texts("present", "出席人员", MAX_NAME, MAX_PEOPLE),
        "excused": reader.texts("excused", "请假人员", MAX_NAME, MAX_PEOPLE),
        "observers": reader.texts("observers", "列席人员", MAX_NAME, MAX_PEOPLE),
    }


def named_list(reader: Reader, name: str, label: str) -> str:
    """Recipients as printed; a list is joined, a string keeps the drafter's grouping."""
    if isinstance(reader.raw.get(name), list):
        return "，".join(reader.texts(name, label, MAX_LINE, MAX_PEOPLE))
    return reader.text(name, label, MAX_LINE)


def read_end(reader: Reader) -> dict[str, Any]:
    """Signature, date, seal, remarks and 版记."""
    stamp = read_stamp(reader)
    unsigned = bool(stamp) or reader.raw.get("kind") in UNSIGNED_KINDS
    units = reader.texts("signature_units", "署名", MAX_NAME, MAX_ORGANS)
    if "signature_units" not in reader.raw and not unsigned and isinstance(reader.raw.get("issuers"), list):
        units = tuple(str(unit).strip() for unit in reader.raw["issuers"])
    return {
        "signature_units": units,
        "date_of_document": reader.day("date_of_document", "成文日期"),
        "seal": read_seal(reader, default=not unsigned),
        "signature_stamp": stamp,
        "remarks": unbracketed(reader.text("remarks", "附注", MAX_LINE)),
        "cc_recipients": named_list(reader, "cc_recipients", "抄送机关").rstrip("。"),
        "printing_office": reader.text("printing_office", "印发机关", MAX_NAME),
        "printing_date": reader.day("printing_date", "印发日期"),
        "print_run": reader.number("print_run", "份数", 1, 1_000_000),
        "disclosure": reader.choice("disclosure", "公开属性", DISCLOSURES),
        "disclosure_reason": reader.text("disclosure_reason", "不予公开的理由", MAX_LINE),
    }


def unbracketed(text: str) -> str:
    whole = text[:1] in "(（" and text[-1:] in ")）" and not any(mark in text[1:-1] for mark in "()（）")
    return text[1:-1].strip() if text and whole else text


def read_seal(reader: Reader, default: bool) -> bool | tuple[str, ...]:
    value = reader.raw.get("seal", default)
    if isinstance(value, bool):
        return value
    if not isinstance(value, list):
        reader.complain("seal", "印章应为 true、false 或图片文件名的列表。")
        return default
    names = reader.texts("seal", "印章图片", 200, MAX_ORGANS)
    return tuple(
        reader.line(name, f"seal[{at}]", "印章图片", 200, FILE_PATTERN, FILE_HINT) for at, name in enumerate(names)
    )


def read_stamp(reader: Reader) -> dict[str, str]:
    value = reader.raw.get("signature_stamp", {})
    if not isinstance(value, dict):
        reader.complain("signature_stamp", "签名章应写作 {“office”: 职务, “name”: 姓名}。")
        return {}
    if not value:
        return {}
    inner = reader.inner(value, "signature_stamp")
    inner.refuse_unknown(("office", "name"))
    stamp = {"office": inner.text("office", "职务", MAX_NAME), "name": inner.text("name", "姓名", 20)}
    for name, label in (("office", "职务"), ("name", "姓名")):
        if not value.get(name):
            inner.complain(name, f"签名章缺少{label}，请填写。")
    return stamp


def read_attachment(reader: Reader) -> Attachment:
    reader.refuse_unknown(("title", "body", "file"))
    title = reader.text("title", "附件名称", MAX_TITLE)
    if not reader.raw.get("title"):
        reader.complain("title", "缺少附件名称，请填写。")
    return Attachment(title, read_body(reader), reader.text("file", "附件文件名", 200, FILE_PATTERN, FILE_HINT))


def read_body(reader: Reader) -> tuple[Block, ...]:
    """`body` as typed text or as a list of blocks; refused as a whole when any part is."""
    value = reader.raw.get("body", "")
    if isinstance(value, str):
        return typed_body(reader, value)
    if not isinstance(value, list):
        reader.complain("body", "正文应为文字或段落列表。")
        return ()
    blocks = tuple(block for block in reader.objects("body", "正文", MAX_BLOCKS, read_block) if block is not None)
    check_body(reader, blocks)
    return blocks


LAYOUT_MARKS = dict.fromkeys(map(ord, "\r\n\t"))  # what typing leaves and nobody prints


def typed_body(reader: Reader, text: str) -> tuple[Block, ...]:
    if len(text) > MAX_BODY:
        reader.complain("body", f"正文最多{MAX_BODY}字，现有{len(text)}字，请压缩或改为附件。")
        return ()
    code = unprintable(text.translate(LAYOUT_MARKS))
    if code:
        reader.complain("body", f"正文含有不能印刷的字符 {code}，请删去。")
        return ()
    blocks = body.recognise(text)
    check_body(reader, blocks)
    return blocks


def check_body(reader: Reader, blocks: tuple[Block, ...]) -> None:
    """Sizes that keep the renderer within seconds, and tables that are rectangles."""
    if len(blocks) > MAX_BLOCKS:
        reader.complain("body", f"正文最多{MAX_BLOCKS}段，现有{len(blocks)}段，请拆分。")
    for at, block in enumerate(blocks):
        fault = block_fault(block)
        if fault:
            reader.complain(f"body[{at}]", fault)
    if sum(map(weight, blocks)) > MAX_BODY:
        reader.complain("body", f"正文最多{MAX_BODY}字，请压缩或改为附件。")


def block_fault(block: Block) -> str:
    if len(block.text) > MAX_PARAGRAPH:
        return f"一段最多{MAX_PARAGRAPH}字，现有{len(block.text)}字，请分段。"
    if len(block.rows) > MAX_ROWS or any(len(row) > MAX_COLUMNS for row in block.rows):
        return f"表格最多{MAX_ROWS}行、{MAX_COLUMNS}列，请拆分或改为单独的附件文件。"
    if len({len(row) for row in block.rows}) > 1:
        return "表格各行的格数应当相同，空格处请填空文字。"
    if any(len(cell) > MAX_CELL for row in block.rows for cell in row):
        return f"表格每格最多{MAX_CELL}字。"
    return ""


def weight(block: Block) -> int:
    """How many characters a block holds."""
    return len(block.text) + len(block.caption) + sum(len(cell) for row in block.rows for cell in row)


def check_text_total(reader: Reader, found: dict[str, Any]) -> None:
    bodies = [found["body"], *(attachment.body for attachment in found["attachments"] if attachment)]
    if sum(len(row) for blocks in bodies for block in blocks for row in block.rows) > MAX_CELLS:
        reader.complain("body", f"正文与附件的表格合计最多{MAX_CELLS}格，请改为单独的附件文件。")
    tables = [block for blocks in bodies for block in blocks if block.rows]
    if sum(map(weight, tables)) > MAX_TABLES:
        reader.complain("body", f"正文与附件的表格合计最多{MAX_TABLES}字，请改为单独的附件文件。")
    if sum(weight(block) for blocks in bodies for block in blocks) > MAX_TEXT:
        reader.complain("attachments", f"正文与附件合计最多{MAX_TEXT}字，请把附件改为单独的文件。")


BLOCK_KEYS = {
    "heading": ("type", "level", "text"),
    "paragraph": ("type", "text"),
    "table": ("type", "rows", "header", "caption"),
    "image": ("type", "file", "caption"),
}


def read_block(reader: Reader) -> Block | None:
    form = reader.choice("type", "段落类型", tuple(BLOCK_KEYS))
    if not form:
        if "type" not in reader.raw:
            reader.complain("type", "缺少段落类型，应为 heading、paragraph、table 或 image。")
        return None
    reader.refuse_unknown(BLOCK_KEYS[form])
    return {"heading": read_heading, "paragraph": read_paragraph, "table": read_table, "image": read_image}[form](
        reader
    )


def read_heading(reader: Reader) -> Block:
    reader.require("level", "标题层次")
    block = Block("heading", read_line(reader), reader.number("level", "标题层次", 1, 4) or 0)
    fault = body.heading_fault(block) if block.text and block.level else ""
    if fault:
        reader.complain("text", fault)
    return block


def read_paragraph(reader: Reader) -> Block:
    return body.paragraph(read_line(reader))


def read_line(reader: Reader) -> str:
    text = reader.text("text", "段落", MAX_PARAGRAPH)
    if "text" not in reader.raw or reader.raw["text"] in ("", " "):
        reader.complain("text", "段落没有文字，请填写或删去这一段。")
    return text


def read_table(reader: Reader) -> Block:
    rows = reader.raw.get("rows")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) and row for row in rows):
        reader.complain("rows", "表格应为由各行组成的列表，每行是各格文字的列表，且不能为空。")
        return Block("table")
    if len(rows) > MAX_ROWS or max(map(len, rows)) > MAX_COLUMNS:
        reader.complain("rows", f"表格最多{MAX_ROWS}行、{MAX_COLUMNS}列，请拆分或改为单独的附件文件。")
        return Block("table")
    cells = tuple(
        tuple(reader.line(cell, f"rows[{y}][{x}]", "格内文字", MAX_CELL) for x, cell in enumerate(row))
        for y, row in enumerate(rows)
    )
    caption = reader.text("caption", "表题", MAX_TITLE)
    return Block("table", rows=cells, header=reader.flag("header", "表头"), caption=caption)


def read_image(reader: Reader) -> Block:
    reader.require("file", "图片文件名")
    name = reader.text("file", "图片文件名", 200, FILE_PATTERN, FILE_HINT)
    return Block("image", file=name, caption=reader.text("caption", "图题", MAX_TITLE))
