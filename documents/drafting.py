"""Drafting: making a paper, keeping it as it is typed, checking it, and sending it into approval."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from documents.body import to_text
from documents.interchange import FILLED_LATER, dump, parse
from documents.models import Attached, Document
from documents.printable import layout_faults
from documents.reading import DIRECTION_OF
from documents.review import unmet
from documents.rules import Finding
from documents.signing import let_see
from officehub.approvals import decide, halt
from officehub.approvals.asked import Choice
from officehub.approvals.models import RouteVersion
from officehub.approvals.plan import PlannedStage, plan, route_for
from officehub.audit.record import record
from officehub.inbox.errands import finish_verb
from officehub.moves import TooLate, move
from officehub.people.grants import Because, grant, resort
from officehub.people.models import Organ


class NotReady(Exception):
    """The draft may not be submitted; the findings say why."""

    def __init__(self, findings: list[Finding]):
        self.findings = findings
        super().__init__("；".join(finding.message for finding in findings))


def issuing_organs() -> QuerySet[Organ]:
    """The organs in whose name this office issues papers."""
    return Organ.objects.filter(is_own=True).exclude(code="").order_by("id")


def create(
    *, by, now: datetime, organ: Organ, fields: dict, attachments=(), facts: dict | None = None, **office
) -> Document:
    """A new draft by `by`. `fields` are those of the interchange format, as typed (kind and issuers at least);
    `attachments` are (title, text) pairs to be set after the main text; `office` are any of `Document.OFFICE_FACTS`.
    """
    with transaction.atomic():
        document = Document.objects.create(
            organ=organ,
            department=by.department,
            drafter=by,
            content=content_of(fields),
            created_at=now,
            sort_at=now,
            **columns_of(fields, **office),
        )
        for order, (title, text) in enumerate(attachments, 1):
            Attached.objects.create(document=document, order=order, title=title, body=text)
        record(
            document, "create", by=by, now=now, facts={"kind": document.kind, "title": document.title, **(facts or {})}
        )
        let_see(document, [by])
    return document


def columns_of(fields: dict, **office) -> dict:
    """What lists, routes and searches need of the content, in columns of its own, and what the office knows of it.

    Raises TypeError, as for any unknown keyword, when `office` names what is none of `Document.OFFICE_FACTS`.
    """
    if unknown := set(office) - set(Document.OFFICE_FACTS):
        raise TypeError(f"unknown office facts: {', '.join(sorted(unknown))}")
    return {
        "kind": fields["kind"],
        "title": fields.get("title", ""),
        "direction": fields.get("direction") or DIRECTION_OF.get(fields["kind"], "downward"),
        "urgency": fields.get("urgency", ""),
        **office,
    }


def content_of(fields: dict) -> dict:
    """The content column: empty answers are left out, attachments and what is fixed later live elsewhere."""
    later = {*FILLED_LATER, "attachments"} - {"print_run", "seal"}
    return {
        "body": "",
        **{key: value for key, value in fields.items() if key not in later and value not in ("", [], None)},
    }


def save(document: Document, *, by, now: datetime, fields: dict, revision: int, **office) -> None:
    """Keep a draft. `revision` is the one the writer started from: whoever saved in between was first.

    `office` are any of `Document.OFFICE_FACTS`; those left out stay as they were.
    """
    content = content_of({**document.content, **fields})
    with transaction.atomic():
        kept = Document.objects.filter(pk=document.pk, state__in=Document.EDITABLE, revision=revision, drafter=by)
        changed = kept.update(
            content=content,
            revision=F("revision") + 1,
            **columns_of(fields, **office),
        )
        if not changed:
            raise TooLate(document, "save")
        document.refresh_from_db()
        resort(document)
        record(document, "save", by=by, now=now, facts={"revision": document.revision})


def version_of(document: Document) -> RouteVersion:
    """The version of the route a draft would run on, or comes back to."""
    run = decide.run_of(document)
    return run.version if run else route_for(document)


def simulate(document: Document, choice: Choice, now: datetime) -> list[PlannedStage]:
    """Who would get the draft, in what order and by when. Writes nothing; raises NobodyFound."""
    return plan(document, version_of(document), choice, now, without=decide.standing_after(document, choice))


def submit(
    document: Document, *, by, now: datetime, chosen: list[int], reasons: dict[str, str], people: dict | None = None
) -> None:
    """Send a draft into approval. Raises NotReady, NobodyFound or TooLate, and then nothing has changed."""
    overrides = {rule: reason.strip()[:200] for rule, reason in reasons.items() if reason.strip()}
    # Checked, drawn and measured before any lock is taken; the revision then says whether this is still the text.
    held_up = unmet(document, "sign", now, overrides) or layout_faults(document, timezone.localdate(now))
    if held_up:
        raise NotReady(held_up)
    with transaction.atomic():
        if Document.objects.select_for_update().get(pk=document.pk).revision != document.revision:
            raise TooLate(document, "submit")
        facts = {"content_hash": document.content_hash(), "overrides": overrides}
        move(document, "submit", by=by, now=now, facts=facts, overrides=overrides)
        for department in document.department.ancestors_and_self():  # a draft is the drafter's own until then
            grant(document, department.heads(timezone.localdate(now)), Because.SUPERIOR)
        finish_verb(document, "revise", "已重新提交", now)
        decide.start(document, by=by, now=now, chosen=chosen, people=people)


def withdraw(document: Document, *, by, now: datetime) -> None:
    """撤回: the drafter takes the paper back while nobody has decided."""
    with transaction.atomic():
        halt.withdraw(document, by=by, now=now)
        move(document, "withdraw", by=by, now=now)


def import_paper(raw: dict, *, by, organ: Organ, now: datetime) -> Document:
    """A paper in the interchange format becomes a draft of `by`, whole or not at all (`Refused`).

    Number, date and signers it came with are kept in the event of its making: here they are given anew.
    """
    paper = parse(raw, settings.CLASSIFIED_ENABLED)
    fields = {**dump(paper), "body": to_text(paper.body)}
    came_with = {key: fields[key] for key in ("document_number", "date_of_document", "signers") if key in fields}
    attachments = [(attachment.title, to_text(attachment.body)) for attachment in paper.attachments]
    return create(by=by, now=now, organ=organ, fields=fields, attachments=attachments, facts={"came_with": came_with})
