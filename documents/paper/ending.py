"""What follows the text: 附件说明, signature, date and seal, 附注, and the 版记 (GB/T 9704 7.3.4-7.3.6, 7.4)."""

from documents.elements import Paper
from documents.paper import grid
from documents.paper.compose import Measure, compose, width_of
from documents.paper.grid import CHAR, PITCH
from documents.paper.head import chinese_date, day_text, recipients_fit
from documents.paper.markup import boxed, gap, labelled_html, lines_html, placed, plain_html, runs_html
from documents.paper.title import break_costs
from documents.transmitted import annexes

SEAL = 42.0  # mm across
SEAL_DROP = 4.0  # mm: signature and date sit this far below the middle of the seal (7.3.5.1)
SEAL_LINES = 2  # blank lines above the signature, so that the seal's top is within one line of the text
SEAL_ROW = 4.5 * PITCH  # from one row of seals to the next; they must not touch
JOINT_TOP = 7.5  # mm above the first row of seals
JOINT_ROOM = 60.0  # mm for each of two organs side by side
ROWS_TOGETHER = 4  # rows of seals that one page holds below the last lines of the text
SMALL_CHAR = grid.SMALL * grid.POINT
SMALL = Measure(size=grid.SMALL, tracking=0.0, width=grid.AREA_WIDTH - SMALL_CHAR)
IMPRINT_LINES = 23  # of names that one page holds above 印发机关 and 份数
PUBLISHED = {"主动公开": "此件公开发布", "依申请公开": "此件依申请公开"}


def attachment_note(paper: Paper) -> list[str]:
    """附件说明: numbered when there are several; wrapped lines align with the first character of the name (7.3.4)."""
    listed = annexes(paper)
    if not listed:
        return []
    lines: list[str] = []
    for at, attachment in enumerate(listed):
        label = f"{at + 1}. " if len(listed) > 1 else ""
        lead, left = ("附件：", 2 * CHAR) if at == 0 else ("", 5 * CHAR)
        lines += labelled_html([("f", lead + label)], [("f", attachment.title)], left, Measure())
    return spaced(lines)


def signature(paper: Paper) -> tuple[list[str], list[str]]:
    """署名, 成文日期 and seals, or the stamp of the one who signs: what stays with the text, and rows below that."""
    if paper.signature_stamp:
        return stamp_html(paper), []
    if not paper.signature_units:
        return [], []
    if not paper.seal:
        return unsealed_html(paper), []
    if len(paper.signature_units) == 1:
        return [sealed_html(paper)], []
    rows = joint_html(paper)
    return (rows, []) if len(rows) <= ROWS_TOGETHER else (rows[:1], rows[1:])


def sealing(paper: Paper) -> tuple[str, ...]:
    """The organs that seal the paper, in order; none when it bears no seal, or a person's stamp."""
    return paper.signature_units if paper.seal and not paper.signature_stamp else ()


def text_width(text: str) -> float:
    return width_of([("f", text)], grid.BODY, grid.TRACKING)


def name_lines(name: str, widest: float) -> list[str]:
    """An organ's name on as few lines as fit, broken by meaning where that leaves them nearly even."""
    count = int(text_width(name) // widest) + 1
    step = -(-len(name) // count)
    if count == 2:
        reach = int(widest / CHAR)
        costs = {at: cost for at, cost in break_costs(name).items() if max(at, len(name) - at) <= reach}
        step = min(costs, key=lambda at: costs[at] + abs(2 * at - len(name)), default=step)
        return [name[:step], name[step:]]
    return [name[at : at + step] for at in range(0, len(name), step)]


def sealed_html(paper: Paper) -> str:
    """One organ with its seal: the date four characters from the right, the name centred on it (7.3.5.1)."""
    day = day_text(paper)
    names = name_lines(paper.signature_units[0], 24 * CHAR)
    half = max(4 * CHAR + text_width(day) / 2, max(map(text_width, names)) / 2 + CHAR)
    blank = SEAL_LINES - (len(names) - 1) / 2  # a longer name rises too, or the seal would hang too low
    left, height = grid.AREA_WIDTH - 2 * half, (SEAL_LINES + len(names) + 1) * PITCH
    lines = [
        placed("line c", plain_html(text), top=(blank + at) * PITCH, left=left, width=2 * half)
        for at, text in enumerate([*names, day])
    ]
    middle = (blank + (len(names) + 1) / 2) * PITCH - SEAL_DROP
    lines.append(seal_html(0, grid.AREA_WIDTH - half, middle))
    return boxed("sign", lines, height)


def seal_html(number: int, centre: float, middle: float) -> str:
    image = f'<img alt="" src="gw:seal/{number}">'
    return placed("seal", image, top=middle - SEAL / 2, left=centre - SEAL / 2, width=SEAL, height=SEAL)


def joint_html(paper: Paper) -> list[str]:
    """Several organs side by side in order, one seal each, the date below the last; one box for each row (7.3.5.1)."""
    rows = joint_rows(paper.signature_units)
    room = joint_room(rows)
    total = -(-(len(rows) * SEAL_ROW + 4) // PITCH) * PITCH  # so that what follows keeps the grid
    heights = [*[SEAL_ROW] * (len(rows) - 1), total - (len(rows) - 1) * SEAL_ROW]
    done = 0
    boxes = []
    for row, height in zip(rows, heights, strict=True):
        day = day_text(paper) if row is rows[-1] else ""
        boxes.append(boxed("sign", joint_row(row, done, room, day), height))
        done += len(row)
    return boxes


def joint_row(row: tuple[str, ...], first: int, room: float, day: str) -> list[str]:
    """Names of one row, level with one another and pressed by their seals; below the last of all, the date."""
    middle = JOINT_TOP + SEAL / 2
    names = [name_lines(unit, room - CHAR / 2) for unit in row]
    centre = middle + SEAL_DROP - (PITCH / 2 if day else 0)  # of the names
    parts = []
    for at, lines in enumerate(names):
        left = grid.AREA_WIDTH - room * (len(row) - at)
        top = centre - len(lines) * PITCH / 2
        texts = [*lines, day] if day and at == len(row) - 1 else lines
        parts += [
            placed("line c", plain_html(text), top=top + down * PITCH, left=left, width=room)
            for down, text in enumerate(texts)
        ]
        parts.append(seal_html(first + at, left + room / 2, middle))
    return parts


def joint_rows(units: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Up to three names to a row, fewer when two lines do not hold the longest, rows as even as may be."""
    longest = max(map(text_width, units))
    most = next((count for count in (3, 2) if longest / 2 <= grid.AREA_WIDTH / count - 1.5 * CHAR), 1)
    rows = -(-len(units) // most)
    size = -(-len(units) // rows)
    return [units[at : at + size] for at in range(0, len(units), size)]


def joint_room(rows: list[tuple[str, ...]]) -> float:
    """The width in mm each organ of a row has: a pair stands together at the right, where one alone would stand."""
    widest = grid.AREA_WIDTH / len(rows[0])
    longest = max(text_width(unit) for row in rows for unit in row)
    return min(widest, max(longest + 2 * CHAR, JOINT_ROOM))


def unsealed_html(paper: Paper) -> list[str]:
    """Without a seal: the name two characters from the right, the date two further in than the name (7.3.5.2)."""
    day = day_text(paper)
    names = [line for unit in paper.signature_units for line in name_lines(unit, grid.AREA_WIDTH - 4 * CHAR)]
    longest, dated = max(map(text_width, names)), text_width(day)
    left = grid.AREA_WIDTH - 2 * CHAR - max(longest, dated + 2 * CHAR)
    lines = [*((left, name) for name in names), (left + 2 * CHAR, day)]
    return [
        gap(),
        *(f'<div class="l" style="padding-left:{max(at, 0):.3f}mm">{plain_html(text)}</div>' for at, text in lines),
    ]


def stamp_html(paper: Paper) -> list[str]:
    """职务 and the red stamp of the one who signs, four characters from the right; the date below (7.3.5.3)."""
    name, office = paper.signature_stamp["name"], paper.signature_stamp["office"]
    day, stamp = day_text(paper), width_of([("k", name)], grid.TITLE)
    right = 4 * CHAR
    office_left = grid.AREA_WIDTH - right - stamp - 2 * CHAR - text_width(office)
    parts = [
        placed("line", plain_html(office), top=2 * PITCH, left=max(office_left, 0)),
        placed("stamp", plain_html(name, "k"), top=2 * PITCH, left=grid.AREA_WIDTH - right - stamp),
        placed("line", plain_html(day), top=4 * PITCH, left=grid.AREA_WIDTH - right - text_width(day)),
    ]
    return [boxed("sign", parts, 5 * PITCH)]


def remarks_of(paper: Paper) -> list[str]:
    """附注 without brackets, and the mark of publication when the remarks do not hold one (7.3.6)."""
    published = PUBLISHED.get(paper.disclosure, "")
    notes = [paper.remarks, published if "公开" not in paper.remarks else ""]
    return [note for note in notes if note]


def remarks_html(paper: Paper) -> list[str]:
    """附注 in brackets, two characters in (7.3.6)."""
    return [line for note in remarks_of(paper) for line in lines_html([("f", f"（{note}）")])]


def attendance_of(paper: Paper) -> list[tuple[str, tuple[str, ...]]]:
    """Who was present, excused and sitting in, by label; those lists that are given."""
    lists = (("出席", paper.present), ("请假", paper.excused), ("列席", paper.observers))
    return [(label, names) for label, names in lists if names]


def attendance_html(paper: Paper) -> list[str]:
    """出席, 请假, 列席 of minutes: the label in 黑体, names aligned after its colon (10.3)."""
    lines = [
        labelled_html([("h", f"{label}：")], [("f", "、".join(names))], 2 * CHAR, Measure())
        for label, names in attendance_of(paper)
    ]
    return spaced([line for part in lines for line in part])


def spaced(lines: list[str]) -> list[str]:
    """The lines with a blank one before them, which vanishes at the top of a page."""
    return [lines[0].replace('class="l', 'class="spaced l', 1), *lines[1:]] if lines else []


def imprint_html(paper: Paper, ruled: bool = True) -> str:
    """版记, laid at the bottom of the last page; a letter has neither rules nor printing office (7.4, 10.1).

    Raises `ValueError` when its names would not fit on one page.
    """
    names = (
        [] if recipients_fit(paper) or not paper.primary_recipients else [("主送：", f"{paper.primary_recipients}。")]
    )
    names += [("抄送：", f"{paper.cc_recipients}。")] if paper.cc_recipients else []
    lines = [line for label, text in names for line in small_lines(label, text)]
    if len(lines) > IMPRINT_LINES:
        raise ValueError(f"版记中的主送、抄送机关要排{len(lines)}行，一页放不下，请用统称归并。")
    rows = ["".join(lines)] if lines else []
    if ruled and (paper.printing_office or paper.printing_date):
        rows.append(printing_html(paper))
    if ruled and paper.print_run and rows:
        rows.append(f'<div class="p r">{plain_html(f"共印{paper.print_run}份")}</div>')
    kind = "imprint" if ruled else "imprint bare"
    inner = "".join(f'<div class="row">{row}</div>' for row in rows)
    return f'<div class="anchor"><div class="{kind}">{inner}</div></div>' if rows else ""


def small_lines(label: str, text: str) -> list[str]:
    return labelled_html([("f", label)], [("f", text)], SMALL_CHAR, SMALL, "p")


def printing_html(paper: Paper) -> str:
    """印发机关 at the left, 印发日期 at the right, each one character in (7.4.3); a very long name takes more lines."""
    day = f"{chinese_date(paper.printing_date)}印发" if paper.printing_date else ""
    room = grid.AREA_WIDTH - 4 * SMALL_CHAR - width_of([("f", day)], grid.SMALL)
    lines = compose([("f", paper.printing_office)], Measure(size=grid.SMALL, tracking=0.0, width=room)) or [None]
    names = [runs_html(line.runs) if line else "" for line in lines]
    names[-1] += f'<span class="d">{plain_html(day)}</span>'
    return "".join(f'<div class="p i">{name}</div>' for name in names)
