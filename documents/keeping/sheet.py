"""发文稿纸 and 办文全程 as PDFs: what an office keeps beside the original (国家档案局令第8号 第十条).

Both are drawn from the record by the killable process; in Chinese, whatever language the asker reads.
"""

from datetime import datetime
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation

from documents.keeping.case import Case
from documents.keeping.case_in import IncomingCase
from documents.models import ArchivalItem, Document, Incoming
from documents.paper.process import WALL_SECONDS, Desk, desk, render_form
from officehub.approvals.decide import run_of
from officehub.approvals.models import Step
from officehub.moves import events_of

STYLE = Path(__file__).with_name("sheet.css")
COLUMNS = (("sign_off", "签发"), ("countersign", "会签"), ("vet", "核稿"), ("review", "审核"))
DONE = {"recheck": "复核", "number": "编号", "seal": "用印", "distribute": "分发", "archive": "归档"}


def dispatch_sheet(
    document: Document,
    now: datetime,
    item: ArchivalItem | None = None,
    *,
    at: Desk = desk,
    seconds: float = WALL_SECONDS,
) -> bytes:
    """发文稿纸: every fact of the paper, every opinion with its signature and day, the office's deeds, 归档章."""
    context = {
        "document": document,
        "content": document.content,
        "item": item,
        "attached": document.attached.all(),
        "opinions": _opinions(document),
        "deeds": _deeds(document),
        "now": now,
    }
    return _drawn("documents/sheet_dispatch.html", context, at, seconds)


def case_sheet(paper: Document | Incoming, now: datetime, item: ArchivalItem | None = None) -> bytes:
    """办文全程: the timeline of the case page, whole."""
    received = isinstance(paper, Incoming)
    with translation.override("zh-hans"):
        case = IncomingCase(paper, now) if received else Case(paper, run_of(paper), now)
        entries = case.entries
    number = paper.number if received else paper.document_number
    context = {"title": paper.title, "number": number, "entries": entries, "item": item, "now": now}
    return _drawn("documents/sheet_case.html", context, desk, WALL_SECONDS)


def _drawn(template: str, context: dict, at: Desk, seconds: float) -> bytes:
    with translation.override("zh-hans"):
        html = render_to_string(template, context)
    return render_form(html, STYLE.read_text("utf-8"), {}, at=at, seconds=seconds)


def _opinions(document: Document) -> list[tuple[str, list[Step]]]:
    """What each who decided wrote, under the columns of the sheet; those without a column under 其他."""
    run = run_of(document)
    said: dict[str, list[Step]] = {}
    if run:
        steps = Step.objects.filter(run=run, decided_at__isnull=False)
        steps = steps.select_related("stage", "visit", "approver__department", "acting_for", "department")
        for step in steps.order_by("decided_at", "id"):
            said.setdefault(step.stage.verb, []).append(step)
    shown = [(words, said.pop(verb, [])) for verb, words in COLUMNS]
    others = [step for steps in said.values() for step in steps]
    return [*shown, ("其他", others)] if others else shown


def _deeds(document: Document) -> list[tuple[str, object]]:
    """The last of each of the office's own deeds."""
    rows = events_of(document).filter(verb__in=DONE).select_related("actor").order_by("seq")
    last = {event.verb: event for event in rows}
    return [(words, last[verb]) for verb, words in DONE.items() if verb in last]
