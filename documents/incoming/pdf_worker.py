"""A PDF from outside, opened in a process of its own that may be killed: its words, or one page as a picture.

`python -m documents.incoming.pdf_worker text|PAGE` reads the PDF from standard input. It answers JSON, or a PNG; what
is wrong with the file goes to standard error, with exit code 1.
"""

import io
import json
import resource
import sys

CPU_SECONDS, MEMORY = 20, 1024**3  # bytes of address space
PAGES_READ, MOST_LINES, MOST_LINE = 30, 2_000, 2_000  # pages whose words are read; lines of a page; characters
SAME_LINE = 5.0  # points; what stands less apart in height is one line
WIDTH = 1240  # pixels of a page picture, whatever the paper's size
LONGEST_SIDE = 4000  # pixels


def main(wanted: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        answer = words(document) if wanted == "text" else picture(document, int(wanted))
    except (pypdfium2.PdfiumError, ValueError, MemoryError, IndexError, OverflowError, OSError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}")
        sys.exit(1)
    sys.stdout.buffer.write(answer)


def words(document) -> bytes:
    pages = [page_lines(document[number]) for number in range(min(len(document), PAGES_READ))]
    return json.dumps({"pages": len(document), "text": pages}, ensure_ascii=False).encode("utf-8", "replace")


def page_lines(page) -> list[str]:
    """The lines of a page as they are read, from top to bottom: a PDF may hold them in any order."""
    text = page.get_textpage()
    lines, at = [], 0
    for line in text.get_text_range().split("\r\n"):
        said = " ".join(line.split())[:MOST_LINE]
        if said and len(lines) < MOST_LINES:
            first = at + len(line) - len(line.lstrip())
            left, bottom, _right, top = text.get_charbox(min(first, text.count_chars() - 1), loose=True)
            lines.append((-round((top + bottom) / 2 / SAME_LINE), left, said))
        at += len(line) + 2
    return [said for *_place, said in sorted(lines)]


def picture(document, number: int) -> bytes:
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(WIDTH / width, LONGEST_SIDE / max(width, height))
    out = io.BytesIO()
    page.render(scale=scale).to_pil().convert("RGB").save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    main(sys.argv[1])
