"""The words of a PDF from outside, line by line as they are read."""

from typing import Any

from documents.apart.openers import opened

PAGES_READ, MOST_LINES, MOST_LINE = 30, 2_000, 2_000  # pages whose words are read; lines of a page; characters
SAME_LINE = 5.0  # points; what stands less apart in height is one line


def words(content: bytes) -> dict[str, Any]:
    """How many pages there are, and the lines of the first of them."""
    with opened(content) as pdf:
        read = [page_lines(pdf[number]) for number in range(min(len(pdf), PAGES_READ))]
        return {"pages": len(pdf), "text": read}


def page_lines(page: Any) -> list[str]:
    """The lines of a page as they are read, from top to bottom: a PDF may hold them in any order."""
    text = page.get_textpage()
    lines, at = [], 0
    for line in text.get_text_range().split("\r\n"):
        said = " ".join(line.split())[:MOST_LINE].encode("utf-8", "replace").decode()
        if said and len(lines) < MOST_LINES:
            first = at + len(line) - len(line.lstrip())
            left, bottom, _right, top = text.get_charbox(min(first, text.count_chars() - 1), loose=True)
            lines.append((-round((top + bottom) / 2 / SAME_LINE), left, said))
        at += len(line) + 2
    return [said for *_place, said in sorted(lines)]
