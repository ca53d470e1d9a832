"""What the rules say of a paper in this office, and what of it holds the paper up."""

from datetime import datetime

from django.utils import timezone

from documents.annulling import cited
from documents.consulting import carrying
from documents.incoming.question import findings as answering
from documents.interchange import Paper, Refused
from documents.models import Document
from documents.numbers import joint
from documents.office import RegisteredOffice
from documents.rules import Finding, check
from documents.rules.refusals import findings_of


def findings(document: Document, moment: str, now: datetime) -> list[Finding]:
    """What the rules say of a paper; while it does not even parse, what is wrong with each field."""
    try:
        paper = document.paper()
    except Refused as refused:
        return findings_of(refused)
    return [
        *check_paper(paper, moment, now),
        *joint.foreseen(document, paper.issuers),
        *carrying.findings(document),
        *answering(document, now),
    ]


def check_paper(paper: Paper, moment: str, now: datetime) -> list[Finding]:
    today = timezone.localdate(now)
    return [*check(paper, RegisteredOffice(today), moment), *cited.findings(paper, today)]


def unmet(document: Document, moment: str, now: datetime, reasons: dict[str, str]) -> list[Finding]:
    """The findings that hold a paper up: every block, and every override nobody gave a reason for."""
    return [
        finding
        for finding in findings(document, moment, now)
        if finding.severity == "block" or (finding.severity == "override" and not reasons.get(finding.rule, "").strip())
    ]
