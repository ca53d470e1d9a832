"""What the rules say of a paper in this office, and what of it holds the paper up."""

from datetime import datetime

from django.utils import timezone

from documents.interchange import Paper, Refused
from documents.models import Document
from documents.office import RegisteredOffice
from documents.rules import Finding, check


def findings(document: Document, moment: str, now: datetime) -> list[Finding]:
    """What the rules say of a paper; while it does not even parse, what is wrong with each field."""
    try:
        paper = document.paper()
    except Refused as refused:
        return refused_findings(refused)
    return check_paper(paper, moment, now)


def refused_findings(refused: Refused) -> list[Finding]:
    """Faults of form as findings, so that a page shows both alike."""
    return [Finding("格式", "block", error.field, error.message, "公文要素") for error in refused.errors]


def check_paper(paper: Paper, moment: str, now: datetime) -> list[Finding]:
    return check(paper, RegisteredOffice(timezone.localdate(now)), moment)


def unmet(document: Document, moment: str, now: datetime) -> list[Finding]:
    """The findings that hold a paper up: every block, and every override nobody gave a reason for."""
    return [
        finding
        for finding in findings(document, moment, now)
        if finding.severity == "block" or (finding.severity == "override" and not document.overrides.get(finding.rule))
    ]
