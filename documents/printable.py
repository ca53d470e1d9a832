"""Whether a paper can be printed to the standard at all: tried before it is submitted, so that no number is lost."""

import hashlib
import json
from dataclasses import replace
from datetime import date

from django.core.cache import caches

from documents import pictures
from documents.interchange import Paper, dump
from documents.models import Document
from documents.paper.measure import measure
from documents.paper.process import RenderFailed, render_safely
from documents.rules import Finding

BASIS = "GB/T 9704-2012"


def layout_faults(document: Document, today: date) -> list[Finding]:
    """Draw the paper as it would be issued today, with a number of usual length, and measure it. Kept by its text."""
    paper = as_issued(document, today)
    key = "measured:" + hashlib.sha256(json.dumps(dump(paper), ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    found = caches["sheets"].get(key)
    if found is None:
        found = _measured(paper, pictures.held(document, paper))
        caches["sheets"].set(key, found)
    return found


def as_issued(document: Document, today: date) -> Paper:
    number = f"{document.organ.code or '机关'}发〔{today.year}〕888号"
    sealed = document.content.get("seal", True)
    dates = {"date_of_document": today, "printing_date": today}
    return replace(document.paper(), document_number=number, seal=sealed, **dates)


def _measured(paper: Paper, images: dict[str, bytes]) -> list[Finding]:
    try:
        report = measure(render_safely(paper, images=images), paper.layout)
    except RenderFailed as error:
        return [Finding("版式", "block", "body", str(error), BASIS)]
    return [
        Finding("版式", "block", "body", f"排版后{check.id}不合标准：应{check.expected}，实测{check.measured}。", BASIS)
        for check in report.checks
        if not check.ok
    ]
