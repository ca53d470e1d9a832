"""What a paper leaves behind: its delivery, its readers' errands and receipts, its place in the archive, its event."""

import json
from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from itertools import count

from django.contrib.contenttypes.models import ContentType

from documents import models as kept
from documents.keeping.shelve import reference_code
from documents.volume.pour import next_id
from officehub.audit.models import Event
from officehub.audit.record import GENESIS, digest
from officehub.people.models import Person
from officehub.workdays.arithmetic import Unit, due_at

READING_LIMIT = 2  # working days
FILED_AFTER = timedelta(days=12)
RETENTION = kept.ArchivalItem.Retention.THIRTY
COLUMNS = {
    kept.Distribution: "id document_id by_id at due_at due_provisional claimed_at done_at",
    kept.Addressee: "id distribution_id department_id delivered_at opened_at acknowledged_at acknowledged_by_id",
    kept.Addressee.readers.through: "addressee_id person_id",
    kept.Receipt: "document_id reader_id department_id delivered_at opened_at acknowledged_at",
    Event: "subject_type_id subject_id seq verb actor_id at facts prev hash",
    kept.ArchivalItem: "document_id fonds_number year retention office_code item_number reference_code manifest by_id "
    "at expires_on frozen_at digest state pages attempts reason error",
}


class Trail:
    """Adds to the rows of a filling (`making.Making`); knows the item numbers given so far."""

    def __init__(self, making):
        self.making = making
        self.type = ContentType.objects.get_for_model(kept.Document)
        self.first_distribution = next_id(kept.Distribution)
        self.addressees = count(next_id(kept.Addressee))
        self.due_on = cache(self._due_on)
        self.items: dict[tuple, int] = defaultdict(int)
        for item in kept.ArchivalItem.objects.filter(retention=RETENTION):
            key = (item.fonds_number, item.year, item.office_code)
            self.items[key] = max(self.items[key], item.item_number)

    def _due_on(self, day: date) -> tuple:
        due, provisional = due_at(self.making.at(day, 0), READING_LIMIT, Unit.WORKING_DAYS)
        return self.making.moment(due), provisional

    def errands(self, paper, *, newest: bool) -> list[tuple]:
        """One errand per reader, done when the paper was read; and the archivist's, as long as it is not filed."""
        due, provisional = self.due_on(paper.sent.date())
        title, urgency = paper.text.columns["title"], paper.text.columns["urgency"]
        subject = (self.type.pk, paper.pk)
        rows = []
        for reader in readers(paper):
            read = self._read_at(paper, reader, newest=newest)
            done = (read, due, provisional, read, "已签收" if read else "")
            rows.append((reader.pk, "read", title, paper.number, *subject, "read", urgency, paper.sort_at, *done))
        if self.making.scale.trail:
            filed = self.making.moment(paper.sent + FILED_AFTER) if paper.archived else None
            done = (filed, due, provisional, filed, "已归档" if filed else "")
            asked = (paper.bench.archivist, "archive", title, paper.number)
            rows.append((*asked, *subject, "archive", urgency, paper.sort_at, *done))
        return rows

    def _read_at(self, paper, reader: Person, *, newest: bool):
        """When a reader opened and acknowledged it; one in three has not yet, of the newest papers."""
        read = paper.sent + timedelta(hours=1 + (paper.pk + reader.pk) % 50)
        silent = newest and not paper.archived and (paper.pk * 7 + reader.pk) % 3 == 0
        return None if silent or read > self.making.now else self.making.moment(read)

    def add(self, paper, *, newest: bool) -> None:
        """Its delivery, receipts, event, and its place in the archive when it is filed."""
        rows, sent = self.making.rows, paper.sort_at
        due, provisional = self.due_on(paper.sent.date())
        distribution = self.first_distribution + paper.pk - self.making.first_id
        rows[kept.Distribution].append((distribution, paper.pk, paper.bench.clerk, sent, due, provisional, sent, sent))
        for place, reader in zip(paper.to, readers(paper), strict=True):
            read = self._read_at(paper, reader, newest=newest)
            rows[kept.Receipt].append((paper.pk, reader.pk, place.department.pk, sent, read, read))
            by = reader.pk if read else None
            line = next(self.addressees)
            rows[kept.Addressee].append((line, distribution, place.department.pk, sent, read, read, by))
            rows[kept.Addressee.readers.through].append((line, reader.pk))
        event = self._event(paper)
        facts = json.dumps(event.facts)
        at = self.making.moment(event.at)
        rows[Event].append((self.type.pk, paper.pk, 1, event.verb, event.actor_id, at, facts, event.prev, event.hash))
        if paper.archived:
            rows[kept.ArchivalItem].append(self._item(paper, event))

    def _event(self, paper) -> Event:
        """What an import leaves: who took it in, and what it came with."""
        columns = paper.text.columns
        came_with = {"document_number": paper.number, "date_of_document": paper.signed.date().isoformat()}
        event = Event(
            subject_type=self.type,
            subject_id=paper.pk,
            seq=1,
            verb="create",
            actor_id=paper.drafter.pk,
            at=paper.created,
            facts={"kind": columns["kind"], "title": columns["title"], "came_with": came_with},
            prev=GENESIS,
        )
        event.hash = digest(event)
        return event

    def _item(self, paper, event: Event) -> tuple:
        fonds, year, office = paper.text.series.organ.fonds_number, paper.year, paper.place.department.code
        self.items[fonds, year, office] += 1
        number = self.items[fonds, year, office]
        code = reference_code(
            fonds_number=fonds, year=year, retention=RETENTION, office_code=office, item_number=number
        )
        manifest = {
            "content_hash": paper.text.hash,
            "original": None,  # the system before kept no PDF
            "files": [],
            "events": {"count": event.seq, "last": event.hash},
        }
        at = self.making.moment(paper.sent + FILED_AFTER)
        place = (paper.pk, fonds, year, str(RETENTION), office, number)
        ends = date(year + 30, 12, 31)
        frozen = (ends, at, sha256(json.dumps(manifest).encode()).hexdigest(), "kept", 0, 0, "", "")
        return (*place, code, json.dumps(manifest), paper.bench.archivist, at, *frozen)


def readers(paper) -> list[Person]:
    """Who takes a paper in, addressee by addressee: the registry clerk, or else the head."""
    return [place.people[1] if len(place.people) > 1 else place.people[0] for place in paper.to]
