"""What a PDF from standard input says, in JSON on standard output; run as `python -m officehub.files.pdf_text MOST`.

MOST is how many characters of its lines are told. Exit 0 read, 3 locked by a password, 4 no PDF that can be opened.
A process of its own: the file is a stranger's.
"""

import json
import resource
import sys
from typing import Any

from officehub.secrecy import has_mark

MEMORY, CPU_SECONDS = 2 * 1024**3, 25  # bytes of address space; seconds
PASSWORD = 4  # FPDF_ERR_PASSWORD
PAGES_READ, MOST_LINES, MOST_LINE = 30, 2_000, 2_000  # pages whose lines are told; lines of a page; characters
SAME_LINE = 5.0  # points; what stands less apart in height is one line


def main() -> int:
    for kind, most in (("AS", MEMORY), ("CPU", CPU_SECONDS), ("FSIZE", 0), ("CORE", 0)):
        resource.setrlimit(getattr(resource, f"RLIMIT_{kind}"), (most, most))
    import pypdfium2  # type: ignore[import-untyped]  # it has no stubs

    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    except pypdfium2.PdfiumError as error:
        return 3 if getattr(error, "err_code", None) == PASSWORD else 4
    json.dump(read(document, int(sys.argv[1])), sys.stdout)
    return 0


def read(document: Any, most: int) -> dict[str, Any]:
    """How many pages there are, whether any of them or the file's properties bear a secret mark, and the lines of the
    first pages, up to `most` characters."""
    keys = ("Title", "Subject", "Keywords", "Author")
    marked, told = any(has_mark(document.get_metadata_value(key)) for key in keys), []
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        marked = marked or has_mark(text.get_text_bounded())
        if number < PAGES_READ:
            told.append(lines := page_lines(text, most))
            most -= sum(map(len, lines))
        page.close()
    return {"pages": len(document), "marked": marked, "lines": told}


def page_lines(text: Any, most: int) -> list[str]:
    """The lines of a page as they are read, from top to bottom: a PDF may hold them in any order."""
    lines: list[tuple[int, float, str]] = []
    at = 0
    for line in text.get_text_range().split("\r\n"):
        said = " ".join(line.split())[:MOST_LINE].encode("utf-8", "replace").decode()
        if said and len(lines) < MOST_LINES and len(said) <= most:
            most -= len(said)
            first = at + len(line) - len(line.lstrip())
            left, bottom, _right, top = text.get_charbox(min(first, text.count_chars() - 1), loose=True)
            lines.append((-round((top + bottom) / 2 / SAME_LINE), left, said))
        at += len(line) + 2
    return [said for *_place, said in sorted(lines)]


if __name__ == "__main__":
    sys.exit(main())
