"""How much dearer our circular is than bare WeasyPrint: warm, CPU time, in one run.

Run as `python tests/bench/bench_pdf.py`; exit 1 when a ratio is too high or the bytes differ. On the same HTML at most
1.3: one circular of three pages, whose 版记 goes to the back of the second sheet, and one whose 版记 ends an even page
by itself; bare WeasyPrint draws the very same flows. On the same text at most 1.4: twenty pages that bare WeasyPrint
breaks into lines by itself, in the same faces and measures, without a grid, justification or 禁则 of ours.
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from documents.interchange import Paper
from documents.paper import layout
from documents.paper.markup import plain_html
from documents.paper.render import assets, engine_parts, fetcher, pages_png, render
from tests.documents.paper.samples import paper, paragraphs

ROUNDS = 15
MOST = 1.3  # times bare WeasyPrint on the same flows
MOST_NATIVE = 1.4  # times bare WeasyPrint on the same text, broken by itself
NATIVE_STYLE = "p { margin: 0; text-indent: 2em; white-space: normal; overflow-wrap: anywhere }"


def bare(flows: list[str], held: dict[str, tuple[bytes, str]]) -> bytes:
    weasyprint, configuration, style = engine_parts()
    documents = [
        weasyprint.HTML(string=flow, url_fetcher=fetcher(held)).render(stylesheets=[style], font_config=configuration)
        for flow in flows
    ]
    return documents[0].copy([page for document in documents for page in document.pages]).write_pdf()


def milliseconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def rounds(circular: Paper, with_back: bool) -> tuple[float, float]:
    """Median CPU milliseconds of ours and of bare WeasyPrint, taken in turn so that both share the machine's moods."""
    flows = [layout.html(circular), *([layout.back_html(circular)] if with_back else [])]
    held = assets(circular, {})
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(milliseconds(lambda: render(circular)))
        theirs.append(milliseconds(lambda: bare(flows, held)))
    return statistics.median(ours), statistics.median(theirs)


def native_flow(circular: Paper) -> str:
    """The same paper with every paragraph left whole: head, title and end are as in ours."""
    bare_paper = replace(circular, body=circular.body[:1])
    ours = layout.html(bare_paper)
    whole = "".join(f"<p>{plain_html(block.text)}</p>" for block in circular.body[1:])
    style = f"<style>{NATIVE_STYLE}</style></head>"
    return ours.replace("</head>", style, 1).replace('<div class="keep', f'{whole}<div class="keep', 1)


def compare_native(circular: Paper) -> bool:
    """Ours against bare WeasyPrint that wraps the lines itself, taken in turn."""
    flow, held = native_flow(circular), assets(circular, {})
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(milliseconds(lambda: render(circular)))
        theirs.append(milliseconds(lambda: bare([flow], held)))
    ratio = statistics.median(ours) / statistics.median(theirs)
    pages = (len(pages_png(render(circular), 20)), len(pages_png(bare([flow], held), 20)))
    rows = [
        ("twenty pages of text", f"{pages[0]} pages, native {pages[1]}"),
        ("ours, warm, CPU ms", f"{statistics.median(ours):.1f}"),
        ("native wrapping, CPU ms", f"{statistics.median(theirs):.1f}"),
        ("ratio", f"{ratio:.3f} (at most {MOST_NATIVE})"),
    ]
    print("\n".join(f"{label:<28}{value}" for label, value in rows), end="\n\n")  # noqa: T201 - a benchmark prints
    return ratio <= MOST_NATIVE


def compare(name: str, circular: Paper, with_back: bool) -> bool:
    first = render(circular)
    ours, theirs = rounds(circular, with_back)
    same = render(circular) == first
    rows = [
        (name, f"{len(pages_png(first, 20))} pages"),
        ("ours, warm, CPU ms", f"{ours:.1f}"),
        ("bare WeasyPrint, CPU ms", f"{theirs:.1f}"),
        ("ratio", f"{ours / theirs:.3f} (at most {MOST})"),
        ("same input, same bytes", "yes" if same else "NO"),
    ]
    print("\n".join(f"{label:<28}{value}" for label, value in rows), end="\n\n")  # noqa: T201 - a benchmark prints
    return same and ours / theirs <= MOST


def main() -> int:
    held = [
        compare("版记 on the back", paper(body=paragraphs(24)), with_back=True),
        compare("版记 in place", paper(body=paragraphs(33)), with_back=False),
        compare_native(paper(body=paragraphs(212))),
    ]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
