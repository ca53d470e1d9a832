"""What the office's retention table proposes for a paper, and until when that keeps it."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext

from documents.models import Document, Incoming, Retention, RetentionRule
from officehub.approvals.decide import DecisionRefused

YEARS = {Retention.THIRTY: 30, Retention.TEN: 10}
WEIGHT = ("", "important", "normative")  # conditions, the weightiest last
LAST_RESORT = Retention.THIRTY  # an office that has emptied its table keeps rather longer


def rules() -> list[RetentionRule]:
    return list(RetentionRule.objects.all())


def proposed(paper: Document | Incoming, table: Iterable[RetentionRule] | None = None) -> str:
    """The narrowest line of the table that fits: one for the kind before one for the rest, a condition before none.

    Conditions weigh before kinds: an important paper of a kind without a line of its own is important all the same.
    """
    fitting = [rule for rule in (rules() if table is None else table) if _fits(rule, paper)]
    best = max(fitting, key=lambda rule: (WEIGHT.index(rule.condition), bool(rule.kind)), default=None)
    return best.retention if best else LAST_RESORT


def _fits(rule: RetentionRule, paper: Document | Incoming) -> bool:
    papers = RetentionRule.Papers.IN if isinstance(paper, Incoming) else RetentionRule.Papers.OUT
    if rule.papers != papers or rule.kind not in ("", paper.kind):
        return False
    return rule.condition == "" or bool(getattr(paper, rule.condition))


def refuse_unexplained(paper: Document | Incoming, period: str, deviation: str) -> None:
    """The table holds unless somebody says why not (国家档案局令第8号 第十二条)."""
    table = proposed(paper)
    if period != table and not deviation.strip():
        said = {"table": gettext(Retention(table).label), "period": gettext(Retention(period).label)}
        raise DecisionRefused([gettext("按保管期限表应为“%(table)s”；改定为“%(period)s”的，请写明理由。") % said])


def expiry(year: int, retention: str) -> date | None:
    """The last day of the period, which is reckoned from the year after that of the paper; None for ever."""
    if retention == Retention.PERMANENT:
        return None
    return date(year + YEARS[Retention(retention)], 12, 31)
