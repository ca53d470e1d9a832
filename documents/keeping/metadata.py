"""The metadata of an item as XML: entity, agents, activities and files (GB/T 18894-2016, DA/T 46-2009, the least)."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from django.utils import timezone

from documents.course import DEEDS
from documents.keeping.case import OWN
from documents.models import ArchivalItem, ArchivedFile
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
        events_of(item.document)
        .exclude(verb__in=LOOKING)
        .select_related("actor__department", "acting_for")
        .order_by("seq")
    )
    _agents(root, events)
    _activities(root, events)
    _opinions(root, item)
    manifest = ET.SubElement(root, "manifest", {"digest": item.digest})
    manifest.text = json.dumps(item.manifest, ensure_ascii=False, sort_keys=True)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def name_of(file: ArchivedFile) -> str:
    """What a file is called in a package: its place, what it is, its own ending."""
    return f"{file.order:02d}-{file.get_part_display()}.{file.file.name.rpartition('.')[2]}"


def _entity(root: ET.Element, item: ArchivalItem) -> None:
    document, content = item.document, item.document.content
    entity = ET.SubElement(root, "entity")
    said = {
        "identifier": item.reference_code,
        "fonds_number": item.fonds_number,
        "year": item.year,
        "office_code": item.office_code,
        "item_number": item.item_number,
        "retention": item.get_retention_display(),
        "title": document.title,
        "document_number": document.document_number,
        "responsible": "、".join(content.get("issuers", [])),
        "date": timezone.localdate(document.signed_at).isoformat(),
        "kind": document.kind,
        "classification": content.get("security_classification", ""),
        "urgency": document.urgency,
        "primary_recipients": content.get("primary_recipients", ""),
        "cc_recipients": content.get("cc_recipients", ""),
        "disclosure": content.get("disclosure", ""),
        "signer": document.signed_by.name if document.signed_by else "",
        "pages": item.pages,
        "in_reply_to": content.get("in_reply_to", ""),
        "archived_at": _moment(item.at),
        "archived_by": item.by.name,
    }
    for name, value in said.items():
        _text(entity, name, value)


def _agents(root: ET.Element, events: list[Event]) -> None:
    agents = ET.SubElement(root, "agents")
    people = {person.pk: person for event in events for person in (event.actor, event.acting_for) if person}
    for pk, person in sorted(people.items()):
        department = person.department.name if person.department else ""
        _add(agents, "agent", id=pk, name=person.name, department=department, title=person.title)


def _activities(root: ET.Element, events: list[Event]) -> None:
    """The paper's chain of events, each with the hash that binds it to the one before."""
    activities = ET.SubElement(root, "activities")
    for event in events:
        done = _add(
            activities, "activity", seq=event.seq, verb=event.verb, at=_moment(event.at),
            agent=event.actor_id or "", acting_for=event.acting_for_id or "", prev=event.prev, hash=event.hash,
            name=DEEDS.get(event.verb, OWN.get(event.verb, ("", ""))[1]),
        )  # fmt: skip
        done.text = _clean(json.dumps(event.facts, ensure_ascii=False, sort_keys=True)) if event.facts else None


def _opinions(root: ET.Element, item: ArchivalItem) -> None:
    opinions = ET.SubElement(root, "opinions")
    for step in _said(item):
        given = _add(
            opinions, "opinion", stage=step.stage.name, agent=step.approver_id, name=step.approver.name,
            acting_for=step.acting_for.name if step.acting_for else "", at=_moment(step.decided_at),
            outcome=step.get_state_display(), manner=step.get_manner_display() if step.manner else "",
        )  # fmt: skip
        given.text = _clean(step.opinion)


def _said(item: ArchivalItem) -> Iterator[Step]:
    run = run_of(item.document)
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
