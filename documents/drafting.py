"""Drafting: making a paper, keeping it as it is typed, checking it, and sending it into approval."""

from copy import copy
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from documents.body import to_text
from documents.consulting import gates, replies
from documents.incoming import question
from documents.interchange import FILLED_LATER, dump, parse
from documents.keeping.secrets import refuse_secrets
from documents.models import Attached, Document, Version
from documents.printable import layout_faults
from documents.reading import DIRECTION_OF, UPWARD_BY_LAW
from documents.review import unmet
from documents.rules import Finding
from documents.signing import let_see
from documents.versions.keep import keep
from officehub.approvals import decide, halt
from officehub.approvals.asked import Choice
from officehub.approvals.models import Permit, RouteVersion, Stage, Step
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
    refuse_secrets(fields, attachments)
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
    kind = fields["kind"]
    typed = "upward" if kind in UPWARD_BY_LAW else fields.get("direction")
    return {
        "kind": kind,
        "title": fields.get("title", ""),
        "direction": typed or DIRECTION_OF.get(kind, "downward"),
        "urgency": fields.get("urgency", ""),
        **office,
    }


def content_of(fields: dict) -> dict:
    """The content column: empty answers are left out, attachments and what is fixed later live elsewhere. Of the
    signers only those of the other organs of a joint paper are written here; the lead's is who signs it off."""
    later = {*FILLED_LATER, "attachments"} - {"print_run", "seal", "signers"}
    if settings.CLASSIFIED_ENABLED:
        later -= {"copy_number"}  # 条例 第九条(一): a classified paper bears it from the first draft
    return {
        "body": "",
        **{key: value for key, value in fields.items() if key not in later and _says(key, value)},
    }


def _says(key: str, value) -> bool:
    """Whether a value is an answer: no organ at all is one to who signs the paper (署名)."""
    return value not in ("", [], {}, None) or (key == "signature_units" and value == [])


def save(document: Document, *, by, now: datetime, fields: dict, revision: int, **office) -> None:
    """Keep a draft. `revision` is the one the writer started from: whoever saved in between was first.

    `office` are any of `Document.OFFICE_FACTS`; those left out stay as they were.
    """
    refuse_secrets(fields)
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
        question.tie(document, now)
        record(document, "save", by=by, now=now, facts={"revision": document.revision})


def amend(
    document: Document, *, by, step: Step, now: datetime, fields: dict, revision: int, **office
) -> list[Stage] | None:
    """修改文稿: somebody whose stage permits it changes a paper in approval. Returns the stages that are asked again by
    it; None when nothing was changed, and then nothing is written.

    Raises NotReady, NobodyFound, TooLate or DecisionRefused, and then nothing has changed.
    """
    refuse_secrets(fields)
    changed = as_changed(document, fields, office)
    new_facts = {
        name: [_plain(getattr(document, name)), _plain(getattr(changed, name))]
        for name in office
        if getattr(changed, name) != getattr(document, name)
    }
    if changed.content == document.content and not new_facts:
        return None
    if gates.needed(changed) != gates.needed(document):
        gates.refuse_missing(changed, version_of(document))
    refuse_unfit(changed, changed.overrides, now)
    facts = {"old_hash": document.content_hash(), "content_hash": changed.content_hash(), "facts": new_facts}
    with transaction.atomic():
        _take(document, step, by, now)
        kept = Document.objects.filter(pk=document.pk, state=Document.State.IN_APPROVAL, revision=revision)
        if not kept.update(content=changed.content, revision=F("revision") + 1, **columns_of(fields, **office)):
            raise TooLate(document, "save")
        document.refresh_from_db()
        resort(document)
        again = decide.text_changed(document, by=by, now=now)
        keep(document, Version.Why.AMENDED, by=by, now=now, stage=step.stage.name)
        facts |= {"revision": document.revision, "reopened": [stage.name for stage in again]}
        record(document, "amend", by=by, now=now, acting_for=step.acting_for, facts=facts)
    return again


def _plain(fact) -> bool | str | None:
    """An office fact as an event keeps it: yes, no, or an amount in words of its own."""
    return fact if fact is None or isinstance(fact, bool) else f"{fact:f}"


def as_changed(document: Document, fields: dict, office: dict) -> Document:
    """The paper as it would be, not kept yet."""
    changed = copy(document)
    for name, value in {**columns_of(fields, **office), "content": content_of({**document.content, **fields})}.items():
        setattr(changed, name, value)
    return changed


def _take(document: Document, step: Step, by, now: datetime) -> None:
    """Hold the paper for its amender: the step is still theirs, and the text is the one they began from."""
    try:
        decide.take(step, by=by, now=now, seen=document.approval_hash(), needs=Permit.EDIT)
    except decide.TextChanged:
        raise TooLate(document, "save") from None


def refuse_unfit(document: Document, reasons: dict[str, str], now: datetime) -> None:
    """Checked, drawn and measured before any lock is taken; the revision then says whether this is still the text."""
    held_up = unmet(document, "sign", now, reasons) or layout_faults(document, timezone.localdate(now))
    if held_up:
        raise NotReady(held_up)


def version_of(document: Document) -> RouteVersion:
    """The version of the route a draft would run on, or comes back to."""
    run = decide.run_of(document)
    return run.version if run else route_for(document)


def simulate(document: Document, choice: Choice, now: datetime) -> list[PlannedStage]:
    """Who would get the draft, in what order and by when. Writes nothing; raises NobodyFound."""
    version = version_of(document)
    gates.refuse_missing(document, version)
    return plan(document, version, choice, now, without=decide.standing_after(document, choice))


def submit(
    document: Document, *, by, now: datetime, chosen: list[int], reasons: dict[str, str], people: dict | None = None
) -> None:
    """Send a draft into approval. Raises NotReady, NobodyFound or TooLate, and then nothing has changed."""
    overrides = {rule: reason.strip()[:200] for rule, reason in reasons.items() if reason.strip()}
    gates.refuse_missing(document, version_of(document))
    refuse_unfit(document, overrides, now)
    with transaction.atomic():
        if Document.objects.select_for_update().get(pk=document.pk).revision != document.revision:
            raise TooLate(document, "submit")
        facts = {"content_hash": document.content_hash(), "overrides": overrides}
        move(document, "submit", by=by, now=now, facts=facts, overrides=overrides)
        keep(document, Version.Why.SUBMITTED, by=by, now=now)
        for department in document.department.ancestors_and_self():  # a draft is the drafter's own until then
            grant(document, department.heads(timezone.localdate(now)), Because.SUPERIOR)
        finish_verb(document, "revise", "已重新提交", now)
        replies.tie(document)
        question.tie(document, now)
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
    others = {"signers": list(paper.signers[1:]) if len(paper.signers) == len(paper.issuers) else []}
    came_with = {key: fields[key] for key in ("document_number", "date_of_document", "signers") if key in fields}
    attachments = [(attachment.title, to_text(attachment.body)) for attachment in paper.attachments]
    fields |= others
    return create(by=by, now=now, organ=organ, fields=fields, attachments=attachments, facts={"came_with": came_with})
