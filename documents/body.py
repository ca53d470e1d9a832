"""The body of a paper between plain text, as people type it, and blocks, as it is checked and printed.

One line is one paragraph; it does not judge whether the numbering is right, only what each line is meant to be.
"""

import re

from documents.elements import Block

HEADING_LENGTH = 60  # characters; a longer line is a sentence, whatever number it begins with
RUN_IN_LENGTH = 40  # characters up to the first full stop of a paragraph that opens with its own heading
SENTENCE_LENGTH = 22  # characters; what is shorter may hold a comma and yet be a heading: 加强领导，落实责任。
NUMBERS = (  # GB/T 9704 7.3.3; half-width brackets are recognised here and complained of by the rules
    re.compile(r"[一二三四五六七八九十百]+、"),
    re.compile(r"[（(][一二三四五六七八九十百]+[）)]"),
    re.compile(r"\d{1,3}[.．、](?!\d)"),  # "2.5万件" is a quantity
    re.compile(r"[（(]\d{1,3}[）)]"),
)
EXAMPLES = {1: "一、", 2: "（一）", 3: "1.", 4: "（1）"}
CAPTION = "表题："
PLAIN = "\\"  # before a line that is a plain paragraph whatever it looks like
IMAGE = re.compile(r"!\[(?P<caption>(?:[^\]\\]|\\.)*)\]\((?P<file>\S+)\)")
RULE_CELL = re.compile(r":?-{2,}:?")


def recognise(text: str) -> tuple[Block, ...]:
    """The blocks of a typed text: paragraphs by line, headings by their numbers, tables by leading bars."""
    blocks: list[Block] = []
    rows: list[str] = []
    for line in [*text.replace("\r\n", "\n").replace("\t", " ").split("\n"), ""]:
        line = line.strip()
        if line.startswith("|"):
            rows.append(line)
            continue
        if rows:
            blocks.append(table(rows))
            rows = []
        if line:
            blocks.append(line_block(line))
    return tuple(blocks)


def line_block(line: str) -> Block:
    if line.startswith(PLAIN) and line != PLAIN:
        return paragraph(line.removeprefix(PLAIN).lstrip())
    picture = IMAGE.fullmatch(line)
    if picture:
        return Block("image", caption=unescaped(picture["caption"]), file=picture["file"])
    level = number_level(line)
    if level and is_heading(line):
        return Block("heading", line, level)
    return paragraph(line)


def paragraph(text: str) -> Block:
    """A paragraph; its level is that of the heading it opens with, if it opens with one."""
    return Block("paragraph", text, run_in_level(text))


def heading_fault(block: Block) -> str:
    """Why a heading would not be recognised as itself when its text is typed; empty when it would."""
    if line_block(block.text) == block:
        return ""
    example = EXAMPLES[block.level]
    if number_level(block.text) != block.level:
        return f"第{block.level}级标题应带序号，如“{example}加强领导”，现为“{block.text[:20]}”；请补上序号或改为段落。"
    return f"标题应为不超过{HEADING_LENGTH}字的一句话，句中不用句号，末尾不用逗号、分号、冒号；请缩短或改为段落。"


def number_level(line: str) -> int:
    """1-4 for 一、 （一） 1. （1）; 0 for a line without such a number."""
    for level, pattern in enumerate(NUMBERS, 1):
        if pattern.match(line):
            return level
    return 0


def is_heading(line: str) -> bool:
    """Whether a numbered line is a heading of its own, that is, holds no sentence besides."""
    return len(line) <= HEADING_LENGTH and "。" not in line[:-1] and line[-1] not in "；;：:，,、"


def run_in_level(text: str) -> int:
    """The level of “（一）加强领导。各地要…”, whose first sentence is its heading; 0 for other paragraphs."""
    return number_level(text) if run_in_end(text) else 0


def run_in_end(text: str) -> int:
    """How many characters of a paragraph are its run-in heading, full stop included; 0 for none."""
    stop = text.find("。")
    follows = text[stop + 1 :].strip()
    return stop + 1 if 0 < stop < RUN_IN_LENGTH and follows and number_level(text) else 0


def is_sentence(text: str) -> bool:
    """Whether what is numbered like a heading is a sentence with a clause in it, and so set like the text."""
    first = text.partition("。")
    return bool(first[1]) and len(first[0]) > SENTENCE_LENGTH and "，" in first[0]


def table(lines: list[str]) -> Block:
    rows = [split_bars(line.removeprefix("|")) for line in lines]
    caption = ""
    if len(rows) > 1 and len(rows[0]) == 1 and rows[0][0].startswith(CAPTION):
        caption = unescaped(rows.pop(0)[0]).removeprefix(CAPTION)
    header = len(rows) > 1 and all(RULE_CELL.fullmatch(cell) for cell in rows[1])
    if header:
        del rows[1]
    width = max(len(row) for row in rows)
    filled = tuple((*(unescaped(cell) for cell in row), *("",) * (width - len(row))) for row in rows)
    return Block("table", rows=filled, header=header, caption=caption)


def unescaped(cell: str) -> str:
    return re.sub(r"\\(.)", r"\1", cell)


def split_bars(inner: str) -> list[str]:
    """Cells between bars; a bar or a backslash inside a cell is written with a backslash before it."""
    parts = [""]
    for piece in re.findall(r"\\.|\||[^|\\]+|\\", inner):
        if piece == "|":
            parts.append("")
        else:
            parts[-1] += piece
    if len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    return [part.strip() for part in parts]


def to_text(blocks: tuple[Block, ...]) -> str:
    """The text that `recognise` reads back as the same blocks."""
    return "\n".join(block_text(block) for block in blocks)


def block_text(block: Block) -> str:
    if block.type == "table":
        return table_text(block)
    if block.type == "image":
        return f"![{bracketed(block.caption)}]({block.file})"
    return plain_text(block)


def plain_text(block: Block) -> str:
    """A heading or paragraph; a paragraph that would be read as something else is marked as one."""
    marked = block.type == "paragraph" and (block.text.startswith("|") or line_block(block.text) != block)
    return PLAIN + block.text if marked else block.text


def bracketed(caption: str) -> str:
    return caption.replace("\\", "\\\\").replace("]", "\\]")


def table_text(block: Block) -> str:
    lines = [f"|{CAPTION}{escaped(block.caption)}|"] if block.caption else []
    lines += [row_text(row) for row in block.rows]
    if block.header:
        lines.insert(len(lines) - len(block.rows) + 1, "|" + "---|" * len(block.rows[0]))
    return "\n".join(["", *lines, ""])


def row_text(row: tuple[str, ...]) -> str:
    return "|" + "|".join(protected(cell) for cell in row) + "|"


def protected(cell: str) -> str:
    """A cell's text with everything marked that would otherwise be read as a bar, a rule or a caption."""
    text = escaped(cell)
    return "\\" + text if text.startswith(CAPTION) or RULE_CELL.fullmatch(text) else text


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")
