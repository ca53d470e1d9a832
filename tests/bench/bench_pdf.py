"""How much dearer our circular is than the same HTML in bare WeasyPrint: warm, CPU time, in one run.

Run as `python tests/bench/bench_pdf.py`; exit 1 when the ratio is above 1.3 or the bytes differ.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from documents.interchange import Paper
from documents.paper import layout
from documents.paper.render import assets, engine_parts, fetcher, pages_png, render
from tests.documents.paper.samples import paper, paragraphs

ROUNDS = 15
MOST = 1.3  # times bare WeasyPrint


def bare(html: str, held: dict[str, tuple[bytes, str]]) -> bytes:
    weasyprint, configuration, style = engine_parts()
    page = weasyprint.HTML(string=html, url_fetcher=fetcher(held))
    return page.write_pdf(stylesheets=[style], font_config=configuration)


def milliseconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def rounds(circular: Paper) -> tuple[float, float]:
    """Median CPU milliseconds of ours and of bare WeasyPrint, taken in turn so that both share the machine's moods."""
    html, held = layout.html(circular), assets(circular, {})
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(milliseconds(lambda: render(circular)))
        theirs.append(milliseconds(lambda: bare(html, held)))
    return statistics.median(ours), statistics.median(theirs)


def main() -> int:
    circular = paper(body=paragraphs(24))
    first = render(circular)
    ours, theirs = rounds(circular)
    same = render(circular) == first
    rows = [
        ("pages", f"{len(pages_png(first, 20))}"),
        ("ours, warm, CPU ms", f"{ours:.1f}"),
        ("bare WeasyPrint, CPU ms", f"{theirs:.1f}"),
        ("ratio", f"{ours / theirs:.3f} (at most {MOST})"),
        ("same input, same bytes", "yes" if same else "NO"),
    ]
    print("\n".join(f"{name:<28}{value}" for name, value in rows))  # noqa: T201 - a benchmark prints
    return 0 if same and ours / theirs <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
