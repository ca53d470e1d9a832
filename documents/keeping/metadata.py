"""The metadata of an item as XML: entity, agents, activities and files (GB/T 18894-2016, DA/T 46-2009, the least)."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from documents.course import DEEDS
from documents.keeping.case import OWN
from documents.keeping.case_in import NAMES as INCOMING
from documents.keeping.intake import reply_of
from documents.models import ArchivalItem, ArchivedFile, Document, Hop, Incoming
from officehub.approvals.decide import run_of
from officehub.approvals.models import Step
from officehub.audit.models import Event
from officehub.moves import events_of

LOOKING = ("open", "download", "acknowledge")  # reading is no part of how the record came about


def xml_of(item: ArchivalItem, files: Iterable[ArchivedFile]) -> bytes:
    """The metadata of one item; its files by the names they bear in a package."""
    root = ET.Element("record", {"standard": "GB/T 18894-2016, DA/T 46-2009", "version": "1"})
    _entity(root, item)
    listed = ET.SubElement(root, "files")
    for file in files:
        _add(
            listed, "file", name=name_of(file), part=file.get_part_display(), title=file.title,
            format=file.content_type, size=file.size, sha256=file.sha256, sm3=file.sm3,
        )  # fmt: skip
    events = list(
        events_of(item.paper)
        .exclude(verb__in=LOOKING)
        .select_related("actor__department", "acting_for")
        .order_by("seq")
    )
    _agents(root, events)
    _activities(root, events, item.incoming is not None)
    _opinions(root, item)
    _relations(root, item)
    manifest = ET.SubElement(root, "manifest", {"digest": item.digest})
    manifest.text = json.dumps(item.manifest, ensure_ascii=False, sort_keys=True)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def name_of(file: ArchivedFile) -> str:
    """What a file is called in a package: its place, what it is, its own ending."""
    return f"{file.order:02d}-{file.get_part_display()}.{file.file.name.rpartition('.')[2]}"


def _entity(root: ET.Element, item: ArchivalItem) -> None:
    entity = ET.SubElement(root, "entity")
    said = {
        "identifier": item.reference_code,
        "fonds_number": item.fonds_number,
        "year": item.year,
        "office_code": item.office_code,
        "item_number": item.item_number,
        "retention": item.get_retention_display(),
        "title": item.paper.title,
        "document_number": item.number,
        "date": item.day.isoformat(),
        "kind": item.paper.kind,
        "urgency": item.paper.urgency,
        **(_received(item.incoming) if item.incoming else _issued(item.document)),
        "pages": item.pages,
        "archived_at": _moment(item.at),
        "archived_by": item.by.name,
    }
    for name, value in said.items():
        _text(entity, name, value)


def _issued(document: Document) -> dict:
    content = document.content
    return {
        "responsible": "、".join(content.get("issuers", [])),
        "classification": content.get("security_classification", ""),
        "primary_recipients": content.get("primary_recipients", ""),
        "cc_recipients": content.get("cc_recipients", ""),
        "disclosure": content.get("disclosure", ""),
        "signer": document.signed_by.name if document.signed_by else "",
        "in_reply_to": content.get("in_reply_to", ""),
    }


def _received(incoming: Incoming) -> dict:
    return {
        "responsible": incoming.sender_name,
        "classification": "",  # this is no system for state secrets
        "primary_recipients": incoming.recipients,
        "cc_recipients": incoming.cc,
        "received_number": incoming.number,
        "received_at": _moment(incoming.received_at),
        "received_by": incoming.receiver,
        "received_from": incoming.get_source_display(),
        "nature": incoming.get_nature_display(),
        "closed_at": _moment(incoming.filed_at),
    }


def _relations(root: ET.Element, item: ArchivalItem) -> None:
    """来文 and 复文 name each other, with the 档号 of the one that is archived already."""
    relations = ET.SubElement(root, "relations")
    if item.document and (question := item.document.answers):
        _relation(relations, "来文", question, question.document_number or question.number)
    reply = reply_of(item.incoming) if item.incoming else None
    if reply:
        said = _relation(relations, "答复", reply.document, reply.document.document_number if reply.document else "")
        said.set("manner", reply.get_manner_display())
        said.text = _clean(reply.words)


def _relation(relations: ET.Element, sort: str, paper: Document | Incoming | None, number: str | None) -> ET.Element:
    kept = getattr(paper, "archival_item", None)
    code = kept.reference_code if kept else ""
    return _add(relations, "relation", type=sort, document_number=number or "", identifier=code)


def _agents(root: ET.Element, events: list[Event]) -> None:
    agents = ET.SubElement(root, "agents")
    people = {person.pk: person for event in events for person in (event.actor, event.acting_for) if person}
    for pk, person in sorted(people.items()):
        department = person.department.name if person.department else ""
        _add(agents, "agent", id=pk, name=person.name, department=department, title=person.title)


def _name_of(verb: str, received: bool) -> str:
    if received:
        return str(INCOMING.get(verb, ""))
    return str(DEEDS.get(verb, OWN.get(verb, ("", ""))[1]))


def _activities(root: ET.Element, events: list[Event], received: bool) -> None:
    """The paper's chain of events, each with the hash that binds it to the one before."""
    activities = ET.SubElement(root, "activities")
    for event in events:
        done = _add(
            activities, "activity", seq=event.seq, verb=event.verb, at=_moment(event.at),
            agent=event.actor_id or "", acting_for=event.acting_for_id or "", prev=event.prev, hash=event.hash,
            name=_name_of(event.verb, received),
        )  # fmt: skip
        done.text = _clean(json.dumps(event.facts, ensure_ascii=False, sort_keys=True)) if event.facts else None


def _opinions(root: ET.Element, item: ArchivalItem) -> None:
    opinions = ET.SubElement(root, "opinions")
    for hop in _stations(item):
        given = _add(
            opinions, "opinion", stage=hop.circulation.get_purpose_display(), agent=hop.by_id, name=hop.by.name,
            acting_for=hop.person.name if hop.by_id != hop.person_id else "", at=_moment(hop.out_at),
            received_at=_moment(hop.in_at), outcome=hop.get_state_display(), manner=hop.get_manner_display(),
        )  # fmt: skip
        given.text = _clean(hop.words)
    for step in _said(item):
        given = _add(
            opinions, "opinion", stage=step.stage.name, agent=step.approver_id, name=step.approver.name,
            acting_for=step.acting_for.name if step.acting_for else "", at=_moment(step.decided_at),
            outcome=step.get_state_display(), manner=step.get_manner_display() if step.manner else "",
        )  # fmt: skip
        given.text = _clean(step.opinion)


def _stations(item: ArchivalItem) -> Iterator[Hop]:
    """What was signed on a paper in, station by station."""
    if item.incoming:
        hops = Hop.objects.filter(circulation__incoming=item.incoming, state=Hop.State.DONE)
        yield from hops.select_related("circulation", "person", "by").order_by("out_at", "id")


def _said(item: ArchivalItem) -> Iterator[Step]:
    run = run_of(item.document) if item.document else None
    if run:
        steps = Step.objects.filter(run=run, decided_at__isnull=False).select_related("stage", "approver", "acting_for")
        yield from steps.order_by("decided_at", "id")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _add(parent: ET.Element, tag: str, /, **attributes) -> ET.Element:
    return ET.SubElement(parent, tag, {key: _clean(str(value)) for key, value in attributes.items()})


def _text(parent: ET.Element, name: str, value) -> None:
    ET.SubElement(parent, name).text = _clean("" if value is None else str(value))


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(char for char in text if char in "\t\n\r" or (ord(char) >= 0x20 and ord(char) & 0xFFFE != 0xFFFE))
