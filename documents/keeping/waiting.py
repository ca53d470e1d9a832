"""待归档: papers out that reached their readers and papers in that are closed, one list of both, newest first.

Each sort is read by its own index and one page of the two is merged; so it costs the same however long either grows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from documents.keeping import retention
from documents.models import Document, Incoming, Retention, RetentionRule
from officehub.people.models import Organ
from officehub.web.listing import LARGEST_ID, Page, newest_first, read_cursor, write_cursor

OUT, IN = "out", "in"  # of one moment, papers out come first


@dataclass(frozen=True)
class Waiting:
    """One line of the list. `name` is what a tick posts; `closed_as` is the period thought of when it was closed."""

    sort: str
    at: datetime
    paper: Document | Incoming
    proposed: str
    closed_as: str = ""

    @property
    def name(self) -> str:
        return f"{self.sort}-{self.paper.pk}"

    @property
    def number(self) -> str:
        return self.paper.document_number or ""

    @property
    def whence(self) -> str:
        return self.paper.sender_name if isinstance(self.paper, Incoming) else self.paper.department.name


def papers_out(organs: list[Organ]):
    """Papers of these organs delivered to all their readers and not filed yet."""
    papers = Document.objects.filter(organ__in=organs, state=Document.State.DISTRIBUTED, left_out=None)
    return papers.filter(distributions__nature="first", distributions__done_at__isnull=False)


def papers_in(organs: list[Organ]):
    """Papers these organs received, closed and not filed yet."""
    return Incoming.objects.filter(organ__in=organs, state=Incoming.State.FILED)


def page_of(organs: list[Organ], cursor: str) -> Page:
    """One page of both. A cursor is the last line's sort and place."""
    sort, _, place = cursor.partition("~")
    at = read_cursor(place) if sort in (OUT, IN) else None
    out = newest_first(papers_out(organs).select_related("department", "organ"), "sort_at", _after(at, sort, OUT))
    into = newest_first(papers_in(organs).select_related("organ"), "filed_at", _after(at, sort, IN))
    table = retention.rules()
    lines = [*_lines(OUT, out.rows, "sort_at", table), *_lines(IN, into.rows, "filed_at", table)]
    lines.sort(key=lambda line: (line.at, line.sort == OUT, line.paper.pk), reverse=True)
    shown = lines[: settings.PAGE_SIZE]
    more = len(lines) > len(shown) or out.next_cursor or into.next_cursor
    last = f"{shown[-1].sort}~{write_cursor(shown[-1].at, shown[-1].paper.pk)}" if more else ""
    return Page(shown, last, is_first=at is None)


def _after(at: tuple[datetime | None, int] | None, sort: str, wanted: str) -> str:
    """Where one sort goes on after a line of either: of one moment, papers out come before papers in."""
    if at is None:
        return ""
    moment, pk = at
    if sort != wanted:
        pk = LARGEST_ID if wanted == IN else 0
    return write_cursor(moment, pk)


def _lines(sort: str, papers: Iterable, field: str, table: list[RetentionRule]) -> list[Waiting]:
    return [
        Waiting(sort, getattr(paper, field), paper, _label(retention.proposed(paper, table)), _closed_as(paper))
        for paper in papers
    ]


def _label(period: str) -> str:
    return str(Retention(period).label)


def _closed_as(paper: Document | Incoming) -> str:
    """What whoever closed a paper in thought of it: a period, or that it need not be kept."""
    if not isinstance(paper, Incoming):
        return ""
    return _label(paper.retention) if paper.retention else "不归档"
