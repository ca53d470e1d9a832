"""What a notice is about, as far as errands tell: which one its reader still has to do, and whether it is done with."""

from collections.abc import Iterable, Sequence

from django.contrib.contenttypes.models import ContentType

from officehub.inbox.models import WorkItem
from officehub.notifications.models import Notice

Subject = tuple[int, int]  # (id of its type, its id)
OF_THE_READER = (Notice.Sort.REMINDER, Notice.Sort.CHASE)


def subject_of(row) -> Subject:
    return row.subject_type_id, int(row.subject_id)


def open_errands(notices: Sequence[Notice], person: int) -> dict[int, WorkItem]:
    """The open errand of this reader that each notice is about, the soonest due; by the notice's id."""
    by_subject = {subject: items[0] for subject, items in _errands(notices, assignee=person, done_at=None).items()}
    return {one.pk: by_subject[subject_of(one)] for one in notices if subject_of(one) in by_subject}


def done_with(notices: Sequence[Notice], person: int) -> set[int]:
    """The ids of those that need no saying any more: reminders of what the reader has done, escalations of what
    everybody has. News stays news."""
    mine = [one for one in notices if one.sort in OF_THE_READER]
    raised = [one for one in notices if one.sort == Notice.Sort.ESCALATION]
    return _finished(mine, _errands(mine, assignee=person)) | _finished(raised, _errands(raised))


def _finished(notices: Iterable[Notice], errands: dict[Subject, list[WorkItem]]) -> set[int]:
    """Of those about which there were errands, the ones where none is open."""
    return {
        one.pk
        for one in notices
        if (items := errands.get(subject_of(one))) and all(item.done_at is not None for item in items)
    }


def _errands(notices: Sequence[Notice], **wanted) -> dict[Subject, list[WorkItem]]:
    """The errands about the subjects of these notices, soonest due first; an errand may be the subject itself."""
    if not notices:
        return {}
    subjects, itself = {subject_of(one) for one in notices}, ContentType.objects.get_for_model(WorkItem).pk
    found: dict[Subject, list[WorkItem]] = {}
    about = WorkItem.objects.filter(
        subject_type__in={kind for kind, _pk in subjects}, subject_id__in={pk for _kind, pk in subjects}, **wanted
    )
    for item in about.order_by("due_at", "pk"):
        found.setdefault(subject_of(item), []).append(item)
    chosen = {pk for kind, pk in subjects if kind == itself}
    for item in WorkItem.objects.filter(pk__in=chosen, **wanted) if chosen else ():
        found[itself, item.pk] = [item]
    return found
