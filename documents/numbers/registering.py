"""What the rules of registering say of a paper under its number, seen before it is taken and held when it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from documents.models import Document, Series
from documents.numbers.counter import upcoming
from documents.numbers.joint import unsigned
from documents.numbers.yearly import more_than_last_year
from documents.review import check_paper
from documents.rules import Finding

EXPLAINED = ("R53",)  # only warned of, and yet to be explained


def year_of(document: Document) -> int:
    """The year a paper is numbered in: that of its 成文日期, also when it is numbered after New Year (R20)."""
    return document.date_of_document().year


def foreseen(document: Document, series: Series, now: datetime) -> list[Finding]:
    """What would be found if the paper took the next number of a series now."""
    period = series.period(year_of(document))
    return found(document, series.number(period, upcoming(series, period)), now)


def found(document: Document, number: str, now: datetime) -> list[Finding]:
    """What the rules say of the paper under this number, printed today; it does not count as issued yet."""
    today = timezone.localdate(now)
    paper = replace(document.paper(), document_number=number, printing_date=today)
    return [
        *check_paper(paper, "register", now),
        *unsigned(document, today),
        *more_than_last_year(document.organ, now),
    ]


def reasons_for(findings: list[Finding], reasons: Mapping[str, str]) -> dict[str, str]:
    """The reasons that were asked for, as they are kept."""
    asked = {finding.rule for finding in findings if takes_reason(finding)}
    return {rule: reason.strip()[:200] for rule, reason in reasons.items() if rule in asked and reason.strip()}


def takes_reason(finding: Finding) -> bool:
    """Whether the paper may go on all the same when somebody says why."""
    return finding.severity == "override" or finding.rule in EXPLAINED


def unmet(findings: list[Finding], reasons: Mapping[str, str]) -> list[str]:
    """Why the paper may not be numbered: every block, and whatever lacks its reason."""
    blocks = [finding.message for finding in findings if finding.severity == "block"]
    asked = [f for f in findings if takes_reason(f) and not reasons.get(f.rule, "").strip()]
    return blocks + [f"{finding.message}（{finding.rule}，请写明理由）" for finding in asked]
