"""What somebody who leaves had of this room goes to their receiver: papers, duties and papers to read (R60)."""

from collections import Counter, defaultdict
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import F

from documents.consulting import asking
from documents.duties import DISCLOSING, DUTY, REASSIGNED
from documents.models import Addressee, Copy, Distribution, Document, Receipt
from documents.sending import asked, turn
from documents.signing import let_see
from officehub.audit.record import record
from officehub.inbox.errands import close, reopen
from officehub.inbox.hand_over import HandoverRefused
from officehub.inbox.models import WorkItem
from officehub.people.grants import Because, grant
from officehub.people.models import Person, Role, role_holders

ROLE_OF = dict(DUTY.values()) | dict.fromkeys(DISCLOSING, Role.DISCLOSURE_OFFICER)


def hand_over(sender: Person, *, to: Person, by: Person, now: datetime, **kwargs) -> dict[str, int]:
    """Hears `handing_over`. Returns how many papers and duties moved; papers to read stay for the inbox to move."""
    duties = _pass_duties(sender, now)
    _let_in(sender, to, now)
    asking.hand_over(sender, to, now)
    _readdress(sender, to, by, now)
    papers = [_pass_paper(paper, sender, to, by, now) for paper in _papers_of(sender)]
    return {**duties, "paper": sum(papers), "copy": _pass_copies(sender, to, by, now)}


def _papers_of(person: Person):
    return Document.objects.filter(drafter=person).exclude(state=Document.State.ARCHIVED).order_by("pk")


def _pass_paper(paper: Document, person: Person, to: Person, by: Person, now: datetime) -> int:
    """The receiver is the drafter from now on; what was archived meanwhile stays as it was."""
    moved = _papers_of(person).filter(pk=paper.pk).update(drafter=to, revision=F("revision") + 1)
    if moved:
        let_see(paper, [to])
        record(paper, "hand_over", by=by, now=now, facts={"leaver": person.name, "receiver": to.name})
    return moved


def _open(person: Person):
    return WorkItem.objects.todo(person).filter(subject_type=ContentType.objects.get_for_model(Document))


def _pass_duties(person: Person, now: datetime) -> Counter:
    """What a role is asked for is asked of its other holders already; refused where there is none."""
    items = list(_open(person).filter(verb__in=ROLE_OF))
    papers = Document.objects.select_related("organ").in_bulk([item.subject_id for item in items])
    waiting: dict[tuple, int] = defaultdict(int)
    for item in items:
        waiting[papers[item.subject_id].organ, item.verb] += 1
    lacking = [_lacking(*which, count) for which, count in waiting.items() if not _others(*which, person)]
    if lacking:
        raise HandoverRefused(lacking)
    close(WorkItem.objects.filter(pk__in=[item.pk for item in items]), REASSIGNED, now)
    return Counter(item.verb for item in items)


def _others(organ, verb: str, person: Person) -> bool:
    return role_holders(organ, ROLE_OF[verb]).exclude(pk=person.pk).exists()


def _lacking(organ, verb: str, count: int) -> str:
    role = Role(ROLE_OF[verb]).label
    return f"{organ.short_name}有 {count} 件公文等{role}办理，没有别的{role}，请先由安全管理员授予他人该角色。"


def _let_in(person: Person, to: Person, now: datetime) -> None:
    """The receiver may see what they will be asked about; a paper that is only to be read is only read."""
    items = list(_open(person))
    papers = Document.objects.in_bulk([item.subject_id for item in items])
    for item in sorted(items, key=lambda item: item.subject_id):
        paper = papers[item.subject_id]
        if item.verb == "read":
            turn.take(paper.pk)
            grant(paper, [to], Because.RECIPIENT)
            silent = asked.lines_of(paper, person).filter(acknowledged_at=None)
            _stand_in([line for line in silent if not _read_already(paper, line, to, now)], to)
            _deliver(paper, to, now)
        else:
            let_see(paper, [to])


def _stand_in(lines: list[Addressee], to: Person) -> None:
    Addressee.objects.filter(pk__in=[line.pk for line in lines]).update(stand_in=to)
    asked.note({line.pk: [to] for line in lines})


def _read_already(paper: Document, line: Addressee, to: Person, now: datetime) -> bool:
    """What the leaver was to read, the receiver may have read; for a department they have to say so all the same."""
    if line.person_id is None or to.pk not in asked.have_read(paper.pk, [to]):
        return False
    mine = Addressee.objects.filter(pk=line.pk)
    mine.update(stand_in=to)
    asked.settle(mine, to, now)
    return True


def _deliver(paper: Document, to: Person, now: datetime) -> None:
    """A receipt of the receiver's own; the leaver's stays as it was. Who had read it for somebody else reads it again
    when something is left for which they are asked."""
    receipt = Receipt(document=paper, reader=to, department=to.department, delivered_at=now)
    Receipt.objects.bulk_create([receipt], ignore_conflicts=True)
    mine = Receipt.objects.filter(document=paper, reader=to)
    mine.filter(delivered_at=None).update(delivered_at=now)
    if asked.lines_of(paper, to).filter(acknowledged_at=None).exists():
        mine.filter(acknowledged_at__isnull=False).update(delivered_at=now, opened_at=None, acknowledged_at=None)
        done = WorkItem.objects.of(paper).filter(key="read", assignee=to, done_at__isnull=False)
        reopen(done, now, anew=True)


def _readdress(person: Person, to: Person, by: Person, now: datetime) -> None:
    """What is still on its way to the leaver goes to the receiver; delivering waits for the distribution's row.

    Where the receiver is an addressee too, they stand in for the leaver, and are asked once for both.
    """
    on_its_way = Addressee.objects.filter(person=person, delivered_at=None, recalled_at=None)
    for row in on_its_way.select_related("distribution").order_by("distribution", "pk"):
        turn.take(row.distribution.document_id)
        sent = Distribution.objects.select_for_update(no_key=True).get(pk=row.distribution_id)
        twice = sent.addressees.filter(person=to).exists()
        if on_its_way.filter(pk=row.pk).update(**{"stand_in" if twice else "person": to}):
            facts = {"leaver": person.name, "receiver": to.name, "people": [to.name]}
            record(sent.document, "hand_over", by=by, now=now, facts=facts)


def _pass_copies(person: Person, to: Person, by: Person, now: datetime) -> int:
    """Numbered copies are held, and whoever leaves hands them back or on (条例 第三十六条): the receiver holds them."""
    held = list(Copy.objects.filter(held_by=person).select_related("document", "addressee").order_by("pk"))
    for copy in held:
        if copy.addressee.recalled_at is None:
            grant(copy.document, [to], Because.RECIPIENT)
        facts = {"leaver": person.name, "receiver": to.name, "copy": str(copy)}
        record(copy.document, "hand_over", by=by, now=now, facts=facts)
    Copy.objects.filter(pk__in=[copy.pk for copy in held]).update(held_by=to)
    whose = Addressee.objects.filter(copy__in=held, person__isnull=False)
    whose.update(stand_in=to)  # it is called back from whoever holds it
    return len(held)
