"""A PDF measured against GB/T 9704-2012, in mm: what the standard says, what the page shows, whether they agree.

It trusts nothing but the page: another program's PDF is measured in the same way as our own.
"""

import re
import statistics
from collections import Counter
from collections.abc import Iterator

from documents.body import is_sentence
from documents.paper import fonts, grid
from documents.paper.compose import NO_START
from documents.paper.grid import CHAR, PITCH
from documents.paper.measure_parts import (
    annex_opening,
    characters_known,
    first_page_text,
    imprint_rules,
    imprint_text,
    lying_area,
    seals_apart,
    signature_company,
    signers_position,
    title_position,
)
from documents.paper.seen import NotMeasurable, Page, Row, read
from documents.paper.sheet import DAY, Check, Report, Sheet, absent, in_right_half, lacking, last_seal, near

__all__ = ["Check", "NotMeasurable", "Report", "measure"]

PAGE_NUMBER = re.compile(r"—\s*(\d+)\s*—")
HAN = re.compile(r"[\u4e00-\u9fff]")
FACES = {1: "GW Hei", 2: "GW Kai"}
HEADINGS = {1: re.compile(r"[一二三四五六七八九十]+、"), 2: re.compile(r"[（(][一二三四五六七八九十]+[）)]")}
MARK_TOPS = {"general": 72.0, "minutes": 72.0, "letter": 30.0, "order": 57.0}  # 7.2.4, 10.1-10.3
FILLED = 21  # lines of text; a page that bears more is filled to its foot


def measure(pdf: bytes, layout: str = "general") -> Report:
    """Every check on a PDF of the given format. Raises `NotMeasurable` when it is no readable PDF."""
    sheet = Sheet(read(pdf), layout)
    return Report(len(sheet.pages), tuple(check(sheet) for check in CHECKS))


def page_size(sheet: Sheet) -> Check:
    wanted = sorted(grid.PAGE)
    sizes = [(page.width, page.height) for page in sheet.pages]
    worst = max(sizes, key=lambda size: max(abs(a - b) for a, b in zip(sorted(size), wanted, strict=True)))
    ok = all(abs(a - b) <= 1 for a, b in zip(sorted(worst), wanted, strict=True))
    return Check("page.size", "210×297 mm", f"{worst[0]:.1f}×{worst[1]:.1f} mm", 1.0, ok)


def area_top(sheet: Sheet) -> Check:
    tops = [page.rows[0].top for page in sheet.pages[1:] if page.body and page.rows[0] is page.body[0]]
    return near("area.top", tops or [row.top for row in sheet.first.body[:1] if row.top < 45], 37, 1.0)


def area_left(sheet: Sheet) -> Check:
    """Of the whole paper, and of each page whose lines are not all indented (a long list of 附件 may fill one)."""
    whole = [min((row.left for row in sheet.body), default=None)]
    if whole != [None] and all(row.right < grid.AREA_RIGHT - CHAR / 2 for row in sheet.body):
        whole = [whole[0] - indent_of(sheet, whole[0])]  # short paragraphs alone, none of which goes on flush left
    pages = [min(row.left for row in below_the_head(sheet, page)) for page in sheet.pages if len(page.body) > 8]
    flush = [left for left in pages if left < grid.AREA_LEFT + 1.5 * CHAR]
    return near("area.left", [left for left in whole + flush if left is not None], 28, 1.0)


def below_the_head(sheet: Sheet, page: Page) -> list[Row]:
    """The lines of a page without those of minutes that stand above the red rule, one character in (10.3)."""
    rule = max((rule.top for rule in page.red_rules), default=0.0) if sheet.layout == "minutes" else 0.0
    return [row for row in page.body if row.bottom > rule] or page.body


def indent_of(sheet: Sheet, left: float) -> float:
    """How far in a line begins by rule: a paragraph two characters (7.3.3), the heading line of minutes one (10.3)."""
    indents = (2 * CHAR, CHAR) if sheet.layout == "minutes" else (2 * CHAR,)
    return next((indent for indent in indents if abs(left - grid.AREA_LEFT - indent) <= 1), 0.0)


def area_width(sheet: Sheet) -> Check:
    """Of lines that reach the right edge and go on in a line below; the last of a paragraph may end anywhere."""
    steps = [step for page in sheet.pages for step in zip(page.body, page.body[1:], strict=False)]
    wrapped = [row for row, below in steps if below.left < grid.AREA_LEFT + 1]
    full = [row for row in wrapped if row.right > grid.AREA_RIGHT - CHAR / 2]
    left = min((row.left for row in sheet.body), default=0.0)
    beyond = [row.right for row in sheet.body if row.right > grid.AREA_RIGHT + 1]
    return near("area.width", [right - left for right in beyond or [row.right for row in full]], 156, 1.0)


def area_height(sheet: Sheet) -> Check:
    """Of pages filled with text: from the top of the type area to the foot of the last line."""
    feet = [(len(page.body), page.body[-1].bottom - grid.AREA_TOP) for page in sheet.pages if page.body]
    full = [foot for rows, foot in feet if rows > FILLED or foot > grid.AREA_HEIGHT + 1]
    return near("area.height", full, 225, 1.0)


def pitches(page: Page) -> list[float]:
    steps = [after.base - before.base for before, after in zip(page.body, page.body[1:], strict=False)]
    return [step for step in steps if 7 < step < 14]


def lines_per_page(sheet: Sheet) -> Check:
    """How many lines of the text's pitch the type area holds; no page may bear more."""
    steps = [step for page in sheet.pages for step in pitches(page)]
    if not steps:
        return absent("lines.per_page", "22 行")
    fits = int((grid.AREA_HEIGHT - grid.BODY * grid.POINT) / statistics.median(steps) + 1.05)
    most = max(len(page.body) for page in sheet.pages)
    shown = f"{fits} 行（行距 {statistics.median(steps):.2f} mm）"
    return Check("lines.per_page", "22 行", shown, 0, fits == 22 and most <= 22)


def chars_per_line(sheet: Sheet) -> Check:
    """The commonest count of full lines of nothing but full-width characters; a closing mark pushed in counts not."""
    rows = [row for row in sheet.body if row.left < grid.AREA_LEFT + 1 and row.right > grid.AREA_RIGHT - 1.5]
    counts = Counter(
        len(row.glyphs) - (len(row.glyphs) == grid.CHARS + 1 and row.text[-1] in NO_START)
        for row in rows
        if not re.search(r"[\x20-\x7e]", row.text)
    )
    if not counts:
        return absent("chars.per_line", "28 字")
    usual = counts.most_common(1)[0][0]
    return Check("chars.per_line", "28 字", f"{usual} 字（{sum(counts.values())} 行）", 0, usual == grid.CHARS)


def masthead_top(sheet: Sheet) -> Check:
    wanted = MARK_TOPS[sheet.layout]
    if not sheet.mark:
        return lacking("masthead.top", f"{wanted:g} mm", 1.5)
    return near("masthead.top", [min(row.top for row in sheet.mark)], wanted, 1.5)


def number_position(sheet: Sheet) -> Check:
    """Two lines below the masthead and centred, or one character in when signers share its line (7.2.5)."""
    expected = {"letter": "右端 184 mm"}.get(sheet.layout, "标志下空二行，居中（上行文左空一字）")
    if not sheet.number or not sheet.mark:
        return absent("number.position", expected, 3.0)
    if sheet.layout == "letter":
        return Check(
            "number.position", expected, f"右端 {sheet.number.right:.1f} mm", 1.5, abs(sheet.number.right - 184) <= 1.5
        )
    signed = "签发人" in "".join(row.text for row in sheet.first.body if row.top < sheet.number.bottom)
    middle = sheet.number.middle - grid.AREA_LEFT - grid.AREA_WIDTH / 2
    aside = sheet.number.left - grid.AREA_LEFT - CHAR if signed else middle
    down = sheet.number.top - max(row.bottom for row in sheet.mark)
    placed = (down >= 2 * PITCH - 3) if signed else abs(down - 2 * PITCH) <= 3
    shown = f"标志下 {down:.1f} mm，左右偏 {round(aside, 1) + 0.0:.1f} mm"
    return Check("number.position", expected, shown, 3.0, placed and abs(aside) <= 1.5)


def red_rule_gap(sheet: Sheet) -> Check:
    """4 mm below the number (7.2.7), of minutes below organ and date; in a letter, 4 mm below the masthead (10.1)."""
    above = max((row.bottom for row in sheet.mark), default=None) if sheet.layout == "letter" else None
    above = sheet.number.bottom if above is None and sheet.number else above
    if sheet.layout == "minutes" and above is not None and sheet.first.red_rules:
        over = min(rule.top for rule in sheet.first.red_rules)
        above = max([above, *(row.bottom for row in sheet.first.body if row.bottom < over)])
    if sheet.layout == "order" or above is None:
        return absent("red_rule.gap", "4 mm", 1.0)
    below = [rule.top - above for rule in sheet.first.red_rules if rule.top > above - 2]
    return near("red_rule.gap", below[:1], 4, 1.0) if below else lacking("red_rule.gap", "4 mm", 1.0)


def red_rule_width(sheet: Sheet) -> Check:
    wanted = 170.0 if sheet.layout == "letter" else 156.0
    if sheet.layout == "order":
        return absent("red_rule.width", "无红色分隔线")
    widths = [rule.right - rule.left for rule in sheet.first.red_rules]
    return near("red_rule.width", widths, wanted, 1.0) if widths else lacking("red_rule.width", f"{wanted:g} mm", 1.0)


def title_size(sheet: Sheet) -> Check:
    """2号 type between the head and the text (7.3.1)."""
    sizes = [row.size for row in sheet.title]
    if not sizes:
        name, expected = "title.font_size", "22 pt"
        return absent(name, expected, 0.6) if sheet.layout == "order" else lacking(name, expected, 0.6)
    return near("title.font_size", sizes, grid.TITLE, 0.6, "pt")


def title_font(sheet: Sheet) -> Check:
    """小标宋 (7.3.1)."""
    return set_in("title.font", "小标宋", "GW XiaoBiaoSong", sheet.title)


def body_size(sheet: Sheet) -> Check:
    """The commonest size of the lines that open a paragraph; where none does, of those flush left."""
    rows = [row for page in sheet.pages for row in page.rows]
    opening, flush = (
        [row for row in rows if abs(row.left - grid.AREA_LEFT - indent) < 1] for indent in (2 * CHAR, 0.0)
    )
    sizes = Counter(row.size for row in opening or flush for _ in row.glyphs)
    if not sizes:
        return lacking("body.font_size", "16 pt", 0.3)
    usual = sizes.most_common(1)[0][0]
    return near("body.font_size", [usual], grid.BODY, 0.3, "pt")


def body_font(sheet: Sheet) -> Check:
    """仿宋, of all that is not a heading (5.2.2)."""
    rows = [row for row in sheet.body if not any(is_heading(row, mark) for mark in HEADINGS.values())]
    return set_in("body.font", "仿宋", "GW FangSong", rows)


def set_in(name: str, expected: str, role: str, rows: list[Row]) -> Check:
    """The commonest face of the Chinese characters; single ones may come from elsewhere, since no font has them all."""
    faces = Counter(glyph.font for row in rows for glyph in row.glyphs if HAN.match(glyph.text))
    if not faces:
        return absent(name, expected)
    usual = faces.most_common(1)[0][0].strip(",")
    return Check(name, expected, usual, 0, fonts.is_face(role, usual))


def heading_fonts(sheet: Sheet) -> Check:
    """一、 in 黑体 and （一） in 楷体 (7.3.3)."""
    expected = "一、黑体；（一）楷体"
    found = [(level, row) for row in sheet.body for level, mark in HEADINGS.items() if is_heading(row, mark)]
    if not found:
        return absent("heading.fonts", expected)
    wrong = [row for level, row in found if not fonts.is_face(FACES[level], row.glyphs[0].font)]
    shown = f"{len(found)}处" if not wrong else f"“{wrong[0].text[:12]}”用了 {wrong[0].glyphs[0].font}"
    return Check("heading.fonts", expected, shown, 0, not wrong)


def is_heading(row: Row, mark: re.Pattern[str]) -> bool:
    """A numbered row that is a heading or opens with one: its first sentence ends in it, or it stands alone."""
    starts = abs(row.left - grid.AREA_LEFT - 2 * CHAR) < 1.5 and bool(mark.match(row.text))
    alone = row.right < grid.AREA_RIGHT - CHAR and row.text[-1] not in "；;：:，,、"
    return starts and (alone or "。" in row.text) and not is_sentence(row.text)


def signature_position(sheet: Sheet) -> Check:
    """Sealed: the date four characters in, the name centred on it; unsealed: two characters in, stepped (7.3.5)."""
    expected = "日期右空四字、署名居中（不盖章：署名右空二字，日期缩进二字）"
    if not sheet.dated:
        return absent("signature.position", expected, 2.0)
    page, day = sheet.dated
    seals = page.seals
    if len(seals) > 1:
        return near("signature.position", [day.middle - last_seal(seals).middle], 0, 2.0)
    above = [row for row in page.body if day.base - 1.3 * PITCH < row.base < day.base - 1]
    if not above or not in_right_half(above[-1]):
        indent = grid.AREA_RIGHT - day.right
        return Check("signature.position", expected, f"右空 {indent:.1f} mm", 2.0, abs(indent - 4 * CHAR) <= 2)
    return beside(expected, day, above[-1], bool(seals))


def beside(expected: str, day: Row, unit: Row, sealed: bool) -> Check:
    indent, off, step = grid.AREA_RIGHT - day.right, unit.middle - day.middle, day.left - unit.left
    shown = f"日期右空 {indent:.1f} mm，署名偏 {off:.1f} mm，日期缩进 {step:.1f} mm"
    short = unit.right - unit.left <= day.right - day.left + 6 * CHAR
    centred = abs(off) <= 2 and (abs(indent - 4 * CHAR) <= 2 if short else indent >= 4 * CHAR - 2)
    stepped = abs(step - 2 * CHAR) <= 2 and min(indent, grid.AREA_RIGHT - unit.right) >= 2 * CHAR - 2
    return Check("signature.position", expected, shown, 2.0, centred if sealed else stepped)


def seal_covers(sheet: Sheet) -> Check:
    """The (last) seal presses the date, and its top is within one line of the text above (7.3.5.1)."""
    expected = "印章压住日期，顶端距正文一行之内"
    sealed = [page for page in sheet.pages if page.seals]
    if not sealed:
        return absent("seal.covers_date", expected, 1.0)
    page = sealed[-1]
    seal, top = last_seal(page.seals), min(box.top for box in page.seals)
    days = [row for row in page.body if DAY.search(row.text) and seal.top + 4 < row.base < seal.bottom - 2]
    above = max((row.bottom for row in page.rows if not row.red and row.bottom <= top + 1), default=grid.AREA_TOP)
    covered = any(seal.left < row.middle < seal.right for row in days)
    shown = f"{'压住' if covered else '未压住'}日期，顶端距正文 {top - above:.1f} mm"
    return Check("seal.covers_date", expected, shown, 1.0, covered and top - above <= PITCH + 1)


def imprint_bottom(sheet: Sheet) -> Check:
    return near("imprint.bottom", [rule.top + rule.weight for rule in imprint_rules(sheet.pages[-1])[-1:]], 262, 1.0)


def imprint_even_page(sheet: Sheet) -> Check:
    """On the last page, and that the back of a sheet, for papers are printed on both sides (6, 7.4.1)."""
    expected = "版记在最后一面，为双数页"
    found = [page.number for page in sheet.pages if imprint_rules(page)]
    if sheet.layout == "letter" or not found:
        return absent("imprint.even_page", expected)
    shown = f"第{'、'.join(map(str, found))}页，共{len(sheet.pages)}页"
    return Check("imprint.even_page", expected, shown, 0, found == [len(sheet.pages)] and found[0] % 2 == 0)


def imprint_weights(sheet: Sheet) -> Check:
    """First and last rule 0.35 mm, those between 0.25 mm (7.4.1, recommended)."""
    weights = [rule.weight for rule in imprint_rules(sheet.pages[-1])]
    if len(weights) < 2:
        return absent("imprint.rule_weights", "0.35／0.25／0.35 mm", 0.06)
    wanted = [0.35, *[0.25] * (len(weights) - 2), 0.35]
    ok = all(abs(a - b) <= 0.06 for a, b in zip(weights, wanted, strict=True))
    return Check(
        "imprint.rule_weights",
        "0.35／0.25／0.35 mm",
        "／".join(f"{weight:.2f}" for weight in weights) + " mm",
        0.06,
        ok,
    )


def page_numbers(sheet: Sheet) -> Iterator[tuple[Page, Row]]:
    for page in sheet.pages:
        for row in page.rows:
            if row.top > grid.AREA_BOTTOM and PAGE_NUMBER.fullmatch(row.text):
                yield page, row


def page_number_position(sheet: Sheet) -> Check:
    """The dash 7 mm below the type area, every page numbered in turn; a letter's first page bears none (7.5, 10.1).

    A page of nothing but the 版记 may go without, and must when a blank page stands before it.
    """
    found = list(page_numbers(sheet))
    text, back = numbered_pages(sheet)
    shown = [int(PAGE_NUMBER.fullmatch(row.text)[1]) for _, row in found]
    if shown != text and (len(back) > 1 or shown != text + back):
        return Check("page_number.position", "逐页编号，269 mm", f"页码为 {shown or '无'}", 1.0, False)
    return near("page_number.position", [dash_height(row) for _, row in found], grid.AREA_BOTTOM + 7, 1.0)


def numbered_pages(sheet: Sheet) -> tuple[list[int], list[int]]:
    """The numbers of the pages with text, and those of the 版记 alone and of the blank page before it."""
    pages = [page for page in sheet.pages if sheet.layout != "letter" or page.number > 1]
    shown = [[row for row in page.rows if row.top <= grid.AREA_BOTTOM] for page in pages]
    back = 0
    if pages and imprint_rules(pages[-1]) and not pages[-1].body:
        back = 2 if len(pages) > 1 and not shown[-2] and not pages[-2].across else 1
    numbers = [page.number for page in pages]
    return numbers[: len(pages) - back], numbers[len(pages) - back :]


def dash_height(row: Row) -> float:
    dash = row.glyphs[0]
    return (dash.top + dash.bottom) / 2


def page_number_side(sheet: Sheet) -> Check:
    """Odd pages: one character from the right; even pages: one from the left (7.5)."""
    off = [
        grid.AREA_RIGHT - row.right - CHAR if page.number % 2 else row.left - grid.AREA_LEFT - CHAR
        for page, row in page_numbers(sheet)
    ]
    return near("page_number.side", off, 0, 1.5)


def fonts_embedded(sheet: Sheet) -> Check:
    fonts = {name: held for page in sheet.pages for name, held in page.fonts.items()}
    bare = sorted(name for name, held in fonts.items() if not held)
    shown = f"未嵌入：{'、'.join(bare)}" if bare else f"{len(fonts)}种字体均已嵌入"
    return Check("fonts.embedded", "全部嵌入", shown, 0, not bare)


CHECKS = (
    *(page_size, area_top, area_left, area_width, area_height, lines_per_page, chars_per_line),
    *(masthead_top, number_position, signers_position, red_rule_gap, red_rule_width),
    *(title_size, title_font, title_position, first_page_text),
    *(body_size, body_font, heading_fonts),
    *(signature_position, signature_company, seal_covers, seals_apart, annex_opening, lying_area),
    *(imprint_bottom, imprint_even_page, imprint_weights, imprint_text),
    *(page_number_position, page_number_side, fonts_embedded, characters_known),
)
