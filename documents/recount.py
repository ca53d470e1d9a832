"""When the calendar changed: the limits papers keep themselves, counted anew (分办、传阅、征求意见、阅知、公开)."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone

from documents.incoming.assign import parts_asked
from documents.incoming.circulate import VERB
from documents.keeping.disclosure import LIMIT
from documents.models import Addressee, Consultation, DisclosureRecord, Distribution, Hop, Incoming
from documents.models.consultation import Consulted
from officehub.inbox.models import WorkItem, WorkItemQuerySet
from officehub.inbox.recount import Kept, reference_of
from officehub.workdays.calendar import DAY_ENDS, Calendar
from officehub.workdays.recount import Anew, At


class Papers(Kept):
    """The limit an urgent paper was given to its departments with; a day that was named is nobody's to move."""

    name = "documents.incoming"

    def rows(self):
        return Incoming.objects.filter(state__in=Incoming.UNDER_WAY)

    def items(self, row) -> WorkItemQuerySet:
        return parts_asked(row)

    def follow(self, row, anew: Anew, now: datetime) -> None:
        super().follow(row, anew, now)
        if anew.moved:  # whoever chases it is told again when the new limit is over
            Incoming.objects.filter(pk=row.pk).update(alarmed_at=None)

    def said(self, row) -> dict:
        return {"verb": "handle", "title": row.title, "reference": row.number}


class Stations(Kept):
    name = "documents.hop"

    def rows(self):
        return Hop.objects.filter(state=Hop.State.OPEN).select_related("circulation__incoming")

    def subject(self, row):
        return row.circulation.incoming

    def items(self, row) -> WorkItemQuerySet:
        return WorkItem.objects.of(self.subject(row)).filter(key=f"hop:{row.pk}")

    def follow(self, row, anew: Anew, now: datetime) -> None:
        super().follow(row, anew, now)
        if anew.moved:
            Hop.objects.filter(pk=row.pk).update(alarmed_at=None)

    def said(self, row) -> dict:
        verb = VERB[row.circulation.purpose]
        return {"verb": verb, "title": self.subject(row).title, "reference": self.subject(row).number}


class Rounds(Kept):
    name = "documents.consultation"

    def rows(self):
        return Consultation.objects.filter(state=Consultation.State.OPEN).select_related("document", "by")

    def subject(self, row):
        return row.document

    def items(self, row) -> WorkItemQuerySet:
        asked = Consulted.objects.filter(consultation=row).values("pk")
        return WorkItem.objects.filter(
            subject_type=ContentType.objects.get_for_model(Consulted), subject_id__in=asked, done_at=None
        )

    def people(self, row):
        return {row.by_id, *super().people(row)}

    def said(self, row) -> dict:
        return {"verb": "consult", "title": str(row.document), "reference": reference_of(row.document)}


class Readings(Kept):
    """Until when a paper that was sent out is to be read, as long as somebody has not acknowledged it."""

    name = "documents.distribution"

    def rows(self):
        unread = Addressee.objects.filter(acknowledged_at=None, recalled_at=None)
        return Distribution.objects.filter(pk__in=unread.values("distribution")).select_related("document")

    def subject(self, row):
        return row.document

    def items(self, row) -> WorkItemQuerySet:
        readers = Addressee.readers.through.objects.filter(addressee__distribution=row)
        theirs = WorkItem.objects.of(row.document).filter(key="read", done_at=None, due_at=row.due_at)
        return theirs.filter(assignee__in=readers.values("person"))

    def follow(self, row, anew: Anew, now: datetime) -> None:
        super().follow(row, anew, now)
        waiting = row.addressees.filter(acknowledged_at=None, chases=0, next_chase_at=anew.was)
        waiting.update(next_chase_at=anew.at)

    def said(self, row) -> dict:
        return {"verb": "read", "title": str(row.document), "reference": reference_of(row.document)}


class Publications(Kept):
    """主动公开 within 20 working days (政府信息公开条例 第二十六条)."""

    name = "documents.disclosure"

    def rows(self):
        wanted = DisclosureRecord.objects.filter(status=DisclosureRecord.Status.PROACTIVE, published_on=None, ended="")
        return wanted.exclude(publish_by=None).exclude(counted_from=None).select_related("document")

    def touched(self, first: datetime, last: datetime) -> Q:
        return Q(publish_by__gte=timezone.localdate(first), counted_from__lt=timezone.localdate(last))

    def stands(self, row) -> At:
        return _end_of(row.publish_by), row.provisional

    def again(self, row, calendar: Calendar) -> At:
        due = calendar.add(row.counted_from, LIMIT)
        return _end_of(due.date), due.provisional

    def write(self, row, anew: Anew, now: datetime) -> bool:
        same = self.rows().filter(pk=row.pk, revision=row.revision)
        changes = {"publish_by": timezone.localdate(anew.at), "provisional": anew.provisional}
        return bool(same.update(revision=row.revision + 1, **changes))

    def subject(self, row):
        return row.document

    def items(self, row) -> WorkItemQuerySet:
        return WorkItem.objects.of(row.document).filter(verb="disclose", done_at=None)

    def said(self, row) -> dict:
        return {"verb": "disclose", "title": str(row.document), "reference": reference_of(row.document)}


def _end_of(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, DAY_ENDS))


def owners(sender, **kwargs) -> list[Kept]:
    return [Papers(), Stations(), Rounds(), Readings(), Publications()]
