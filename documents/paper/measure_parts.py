"""Checks of single parts of a printed paper: title, signers, seals, 附件, 版记, and tables across the sheet."""

import re
from itertools import combinations
from typing import Any

from documents.paper import fonts, grid
from documents.paper.grid import CHAR, PITCH
from documents.paper.seen import Box, Page, Row
from documents.paper.sheet import ANNEX, Check, Sheet, absent, in_right_half

IMPRINT = re.compile(r"^(主送|抄送|分送)：|日印发$")
SIGNERS = re.compile(r"签发人[:：]")
SMALL_CHAR = grid.SMALL * grid.POINT
IMPRINT_ROW = 27.0  # mm: the rows of a very long name of 印发机关, down to the one that ends in the date
LYING = 10  # characters on their side that make a table across; fewer are the lettering of a drawing
MIDDLE = grid.AREA_LEFT + grid.AREA_WIDTH / 2


def title_position(sheet: Sheet) -> Check:
    """Centred, and two lines below the red rule where there is one (7.3.1)."""
    expected = "居中，红色分隔线下空二行"
    if not sheet.title:
        return absent("title.position", expected, 2.5)
    aside = max((row.middle - MIDDLE for row in sheet.title), key=abs)
    rules = [rule.top for rule in sheet.first.red_rules if rule.top < sheet.title[0].top]
    down = sheet.title[0].top - rules[-1] if rules and sheet.layout in ("general", "minutes") else None
    shown = f"偏 {round(aside, 1) + 0.0:.1f} mm" + (f"，线下 {down:.1f} mm" if down else "")
    placed = down is None or abs(down - 2 * PITCH) <= 3
    return Check("title.position", expected, shown, 2.5, abs(aside) <= 2.5 and placed)


def first_page_text(sheet: Sheet) -> Check:
    """The first page shows the beginning of the text, not only head, title and recipients (7.3.3)."""
    expected = "首页显示正文"
    above = [*sheet.title, *([sheet.number] if sheet.number else []), *sheet.mark]
    if not above:
        return absent("first_page.text", expected)
    below = [row for row in sheet.first.rows if not row.red and max(one.base for one in above) < row.base < 262]
    ends = (at for at, row in enumerate(below, 1) if row.text.endswith(("：", ":")) and flush(below[:at]))
    text = below[next(ends, 0) :]  # below the recipients, if there are any
    return Check("first_page.text", expected, f"标题和主送机关之下 {len(text)} 行", 0, bool(text))


def flush(rows: list[Row]) -> bool:
    return all(row.left < grid.AREA_LEFT + 1 for row in rows)


def signers_position(sheet: Sheet) -> Check:
    """签发人 of an upward paper: one character from the right, the last row level with the number (7.2.6)."""
    expected = "右空一字，末行与发文字号同行"
    label = next((row for row in sheet.first.rows if SIGNERS.search(row.text)), None)
    if label is None or sheet.number is None:  # one who signs is named on a draft before it has a number
        return absent("signers.position", expected, 1.5)
    block = [row for row in sheet.first.body if label.base - 1 <= row.base <= sheet.number.base + 1]
    aside = grid.AREA_RIGHT - CHAR - max(row.right for row in block)
    level = in_right_half(block[-1]) or block[-1].right > MIDDLE
    shown = f"右空 {aside + CHAR:.1f} mm，{'' if level else '未与'}发文字号同行"
    return Check("signers.position", expected, shown, 1.5, abs(aside) <= 1.5 and level)


def seals_apart(sheet: Sheet) -> Check:
    """Seals in rows that neither cut nor touch one another, and within the type area (7.3.5.1)."""
    expected = "互不相交或相切，不超出版心"
    pages = [page.seals for page in sheet.pages if page.seals]
    if not pages:
        return absent("seal.apart", expected, 0.5)
    gaps = [apart(one, other) for seals in pages for one, other in combinations(distinct(seals), 2)]
    over = max(max(grid.AREA_LEFT - seal.left, seal.right - grid.AREA_RIGHT) for seals in pages for seal in seals)
    shown = f"{sum(len(distinct(seals)) for seals in pages)} 枚，最近相距 {min(gaps, default=0):.1f} mm"
    shown += f"，超出版心 {over:.1f} mm" if over > 0.5 else ""
    return Check("seal.apart", expected, shown, 0.5, min(gaps, default=1) > 0.5 and over <= 0.5)


def distinct(seals: list[Box]) -> list[Box]:
    """A seal may be drawn of several circles: the largest of those with one centre."""
    found: list[Box] = []
    for seal in sorted(seals, key=lambda box: -box.width):
        if all(abs(seal.middle - other.middle) + abs(seal.top + seal.bottom - other.top - other.bottom) / 2 > 3
               for other in found):  # fmt: skip
            found.append(seal)
    return found


def apart(one: Box, other: Box) -> float:
    """From rim to rim, in mm."""
    across, down = one.middle - other.middle, (one.top + one.bottom - other.top - other.bottom) / 2
    return (across**2 + down**2) ** 0.5 - (one.width + other.width) / 2


def signature_company(sheet: Sheet) -> Check:
    """What is signed stands with some of the text; a page of nothing but the signature is refused (7.3.5.5)."""
    expected = "署名日期与正文同页"
    if not sheet.dated:
        return absent("signature.company", expected)
    page, day = sheet.dated
    floor = day.base - 1
    while page.number > 1 and sheet.pages[page.number - 2].seals:  # seals of many organs fill more than a page
        page, floor = sheet.pages[page.number - 2], grid.AREA_BOTTOM
    above = [row for row in page.rows if row.base < floor and not row.red and is_text(row, page, day)]
    shown = f"第{page.number}页，其上有 {len(above)} 行"
    return Check("signature.company", expected, shown, 0, bool(above))


def is_text(row: Row, page: Page, day: Row) -> bool:
    """Whether a row above the date is text: no name pressed by a seal, and none the date is stepped in from."""
    pressed = any(seal.top < row.base < seal.bottom for seal in page.seals)
    stepped = not page.seals and abs(day.left - row.left - 2 * CHAR) < 2
    return row.left < MIDDLE and not pressed and not stepped


def annex_opening(sheet: Sheet) -> Check:
    """附件 flush left on line 1 in 黑体, its title centred on line 3 (7.3.7)."""
    expected = "“附件”第一行顶格黑体，标题第三行居中"
    opened = [page for page in sheet.pages[1:] if page.rows and ANNEX.fullmatch(page.rows[0].text.split("号")[-1])]
    if not opened:
        return absent("annex.opening", expected, 1.5)
    faults = [f"第{page.number}页{fault}" for page in opened if (fault := annex_fault(page))]
    return Check("annex.opening", expected, "；".join(faults) or f"{len(opened)} 个附件", 1.5, not faults)


def annex_fault(page: Page) -> str:
    label, *rest = page.rows
    if abs(label.left - grid.AREA_LEFT) > 1 or abs(label.top - grid.AREA_TOP) > 1.5:
        return f"“附件”在 {label.left:.1f}×{label.top:.1f} mm"
    if not fonts.is_face("GW Hei", label.glyphs[0].font) and "号" not in label.text:
        return f"“附件”用了 {label.glyphs[0].font}"
    line = grid.AREA_TOP + CHAR / 2 + 2 * PITCH
    if not rest or abs((rest[0].top + rest[0].bottom) / 2 - line) > 1.5 or abs(rest[0].middle - MIDDLE) > 2.5:
        return "标题不在第三行居中"
    return ""


def imprint_rules(page: Page) -> list[Any]:
    """Full-width black rules of the 版记 of a page, the first of them just above its first row."""
    rules = [rule for rule in page.black_rules if abs(rule.right - rule.left - grid.AREA_WIDTH) < 2]
    starts = [row.top for row in page.rows if IMPRINT.search(row.text) and row.size < grid.BODY + 0.6]
    nearest = [max((rule.top for rule in rules if top - IMPRINT_ROW < rule.top < top), default=None) for top in starts]
    first = min((top for top in nearest if top is not None), default=None)
    return [rule for rule in rules if first is not None and rule.top >= first]


def imprint_text(sheet: Sheet) -> Check:
    """4号 type, one character in at both sides (7.4.2, 7.4.3)."""
    expected = "14 pt，左右各空一字"
    page = sheet.pages[-1]
    rules = imprint_rules(page)
    rows = [row for row in page.rows if rules and rules[0].top < row.top and row.bottom < rules[-1].top + 1]
    if not rows:
        return absent("imprint.text", expected, 1.0)
    size = max((row.size for row in rows), key=lambda size: abs(size - grid.SMALL))
    left, right = min(row.left for row in rows) - grid.AREA_LEFT, grid.AREA_RIGHT - max(row.right for row in rows)
    ok = abs(size - grid.SMALL) <= 0.4 and abs(left - SMALL_CHAR) <= 1 and right >= SMALL_CHAR - 1
    return Check("imprint.text", expected, f"{size:.1f} pt，左空 {left:.1f} mm，右空 {right:.1f} mm", 1.0, ok)


def lying_area(sheet: Sheet) -> Check:
    """What lies across the sheet keeps to the type area (8); its page number is asked of like any other."""
    pages = [page for page in sheet.pages if len(page.across) > LYING]
    if not pages:
        return absent("across.area", "横排内容不出版心", 1.0)
    over = max(beyond(box) for page in pages for box in page.across)
    shown = f"第{'、'.join(str(page.number) for page in pages)}页横排，超出 {max(over, 0.0):.1f} mm"
    return Check("across.area", "横排内容不出版心", shown, 1.0, over <= 1.0)


def beyond(box: Box) -> float:
    sides = (grid.AREA_LEFT - box.left, box.right - grid.AREA_RIGHT, grid.AREA_TOP - box.top)
    return max(*sides, box.bottom - grid.AREA_BOTTOM)


def characters_known(sheet: Sheet) -> Check:
    """No character that the fonts lack: printed as 〓, or as a code instead of a character."""
    expected = "没有缺字"
    rows = [row.text for page in sheet.pages for row in page.rows if "〓" in row.text or "(cid:" in row.text]
    return Check("fonts.characters", expected, f"“{rows[0][:20]}”缺字" if rows else "无缺字", 0, not rows)
