"""Whether a paper can be printed to the standard at all: tried before it is submitted and again before it is numbered,
so that no number is lost."""

import hashlib
import json
import threading
from dataclasses import replace
from datetime import date, datetime

from django.core.cache import caches
from django.utils import timezone

from documents import pictures
from documents.interchange import Paper, dump
from documents.models import Document, Series
from documents.paper import fonts
from documents.paper.measure import measure
from documents.paper.process import WALL_SECONDS, RenderFailed, render_safely, turn
from documents.rules import Finding
from officehub.approvals.decide import DecisionRefused

BASIS = "GB/T 9704-2012"
one_at_a_time = threading.Lock()  # of this process's threads; the desk is for one anyhow, and the second finds it done
USUAL = 888  # a number of usual length


def layout_faults(document: Document, today: date) -> list[Finding]:
    """Draw the paper as it would be issued today, with a number of usual length, and measure it."""
    paper = as_issued(document, today)
    return faults_of(paper, pictures.held(document, paper))


def as_issued(document: Document, today: date) -> Paper:
    number = f"{document.organ.code or '机关'}发〔{today.year}〕{USUAL}号"
    sealed = document.content.get("seal", True)
    dates = {"date_of_document": today, "printing_date": today}
    return replace(document.paper(), document_number=number, seal=sealed, **dates)


def fit_to_number(document: Document, series: Series, now: datetime) -> str:
    """Draw and measure a paper as it will be numbered, with no lock held; returns what `still_fits` asks for.

    Raises DecisionRefused when it does not come out right; then no number has been touched.
    """
    year = document.date_of_document().year
    number = series.number(series.period(year), USUAL)
    sealed = document.content.get("seal", True)
    paper = replace(document.paper(), document_number=number, seal=sealed, printing_date=timezone.localdate(now))
    if faults := faults_of(paper, pictures.held(document, paper)):
        raise DecisionRefused(["印出来不合标准，没有编号。请退回拟稿人修改。", *(fault.message for fault in faults)])
    return _text_of(paper)


def still_fits(document: Document, measured: str) -> None:
    """Within the transaction that numbers: the paper is the one that was measured, but for the digits of its number.

    Raises DecisionRefused when it is not; its number goes back with the transaction.
    """
    if _text_of(document.paper()) != measured:
        raise DecisionRefused(["核对版式时公文有了变动，没有编号。请再编一次。"])


def _text_of(paper: Paper) -> str:
    return _key_of(replace(paper, document_number="", seal=True))


def _key_of(paper: Paper) -> str:
    return hashlib.sha256(json.dumps(dump(paper), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def faults_of(paper: Paper, images: dict[str, bytes]) -> list[Finding]:
    """What is wrong with the print of a paper. Kept by its text and the fonts; a desk that was taken is not kept."""
    faces = ",".join(f"{face.family} {face.revision}" for face in map(fonts.face, fonts.CHAINS))
    key = f"measured:{_key_of(paper)}:{hashlib.sha256(faces.encode()).hexdigest()[:16]}"
    try:
        with turn(one_at_a_time, WALL_SECONDS):
            found = caches["sheets"].get(key)
            if found is None:
                found = _measured(paper, images)
                caches["sheets"].set(key, found)
    except RenderFailed as error:
        return [Finding("版式", "block", "body", str(error), BASIS)]
    return found


def _measured(paper: Paper, images: dict[str, bytes]) -> list[Finding]:
    report = measure(render_safely(paper, images=images), paper.layout)
    return [
        Finding("版式", "block", "body", f"排版后{check.id}不合标准：应{check.expected}，实测{check.measured}。", BASIS)
        for check in report.checks
        if not check.ok
    ]
