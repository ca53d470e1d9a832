"""How much quicker a numbered copy is made than a whole paper is drawn, and what a thousand of them need.

Run as `python tests/bench/bench_copies.py`; exit 1 when a copy is not at least 500 times quicker than a full render of
the same circular in the same run, when the memory grows with the copies, or when a copy is not the paper. Both are CPU
time of one warm process; making a copy counts its addition, its hash and putting the whole PDF together.
"""

import hashlib
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from documents.paper import copies
from documents.paper.measure import measure
from documents.paper.render import page_count, render
from tests.documents.paper.samples import paper, paragraphs

ROUNDS, COPIES = 7, 1000
LEAST = 500  # times quicker
MOST_GROWN = 16.0  # MB, for a thousand copies of about a quarter of a megabyte each


def milliseconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def names() -> list[str]:
    places = ["财政局", "水利局", "应急管理局", "住房和城乡建设局", "松岭县人民政府"]
    return [f"受文单位：青岚市{places[at % len(places)]}第{at}处" for at in range(COPIES)]


def make_all(base: copies.Base, whose: list[str]) -> None:
    for number, name in enumerate(whose, 1):
        addition = base.addition(number, name)
        whole = base.pdf + addition
        if base.digest(addition) != hashlib.sha256(whole).hexdigest():
            raise SystemExit("a hash is wrong")


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    circular, whose = replace(paper(body=paragraphs(33)), seal=True), names()
    render(replace(circular, copy_number="000001"))
    template = copies.template(circular, whose)
    base, before = template.base(), memory()
    whole, each = [], []
    for number in range(ROUNDS):  # in turn, so that both share the machine's moods
        whole.append(milliseconds(lambda n=number: render(replace(circular, copy_number=f"{n:06d}"))))
        each.append(milliseconds(lambda: make_all(base, whose)) / COPIES)
    grown = memory() - before
    pdf = base.pdf + base.addition(COPIES, whose[-1])
    right = measure(pdf, circular.layout).ok
    ratio = statistics.median(whole) / statistics.median(each)
    rows = [
        ("pages", str(page_count(pdf))),
        ("a full render, CPU ms", f"{statistics.median(whole):.1f}"),
        ("a numbered copy, CPU ms", f"{statistics.median(each):.4f}"),
        ("ratio", f"{ratio:.0f} (at least {LEAST})"),
        ("kept for one copy", f"{len(base.addition(1, whose[0]))} bytes beside a template of {len(base.pdf)}"),
        (f"memory grown by {ROUNDS} x {COPIES} copies", f"{grown:.1f} MB (at most {MOST_GROWN})"),
        ("the last copy measures right", "yes" if right else "NO"),
    ]
    print("\n".join(f"{label:<36}{value}" for label, value in rows))  # noqa: T201 - a benchmark prints
    return 0 if ratio >= LEAST and grown <= MOST_GROWN and right else 1


if __name__ == "__main__":
    sys.exit(main())
