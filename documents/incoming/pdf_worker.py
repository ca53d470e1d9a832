"""A PDF from outside, opened in a process of its own that may be killed: its words, or one page as a picture.

`python -m documents.incoming.pdf_worker text|PAGE` reads the PDF from standard input. It answers JSON, or a PNG; what
is wrong with the file goes to standard error, with exit code 1.
"""

import io
import json
import resource
import sys

CPU_SECONDS, MEMORY = 20, 1024**3  # bytes of address space
PAGES_READ, MOST_TEXT = 30, 200_000  # pages whose words are read; characters
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
    pages = []
    for number in range(min(len(document), PAGES_READ)):
        page = document[number].get_textpage()
        pages.append(page.get_text_range()[:MOST_TEXT])
    return json.dumps({"pages": len(document), "text": pages}, ensure_ascii=False).encode("utf-8", "replace")


def picture(document, number: int) -> bytes:
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(WIDTH / width, LONGEST_SIDE / max(width, height))
    out = io.BytesIO()
    page.render(scale=scale).to_pil().convert("RGB").save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    main(sys.argv[1])
