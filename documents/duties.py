"""Whose duty a paper is; and when roles change hands, the open errands change hands with them.

The request that changed a role sees to the newest papers; the rest are gone through by a job, a piece at a time, each
piece whole: a killed worker costs one piece, and the sweep finds where it stopped.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Q, QuerySet

from documents.incoming.to_archive import ask_archivists
from documents.keeping import disclosure
from documents.models import Document, Incoming, Rehanding
from documents.signing import ask, let_see
from officehub.audit.record import hold
from officehub.inbox.errands import finish, give, reopen, same_errand
from officehub.inbox.models import WorkItem
from officehub.notifications.tell import enqueue, tell
from officehub.people.grants import Because, hold_to
from officehub.people.models import Role, role_holders
from officehub.workdays.arithmetic import limit_kept

DUTY = {  # the state, what is to be done in it, and whose duty it is
    Document.State.SIGNED: ("recheck", Role.RECHECKER),
    Document.State.RECHECKED: ("number", Role.RECHECKER),
    Document.State.NUMBERED: ("seal", Role.SEAL_KEEPER),
    Document.State.SEALED: ("distribute", Role.REGISTRY_CLERK),
    Document.State.DISTRIBUTED: ("archive", Role.ARCHIVIST),
}
DISCLOSING = {  # what the disclosure officers are asked for while a record stands so
    "disclose": Q(disclosure__publish_by__isnull=False, disclosure__published_on=None),
    "review_disclosure": Q(disclosure__review_on__isnull=False, disclosure__review_asked=True),
}
REASSIGNED = "已改派"
AT_ONCE = 50  # papers of each duty that the request itself sees to
PIECE = 200  # papers in one transaction of the job
LEASE = timedelta(seconds=300)
Paper = Document | Incoming


@dataclass(frozen=True)
class Duty:
    """What the holders of a role are asked while papers wait for them. `again` asks where nobody ever was asked; where
    it is None nothing is asked, and they see the papers for as long as they hold the role."""

    name: str
    verb: str
    role: str
    waiting: Callable[[], QuerySet]
    again: Callable[[Paper, datetime], None] | None


def _of_state(state: str, verb: str, role: str) -> Duty:
    def again(paper, now: datetime) -> None:
        ask(paper, verb, role, now, source=paper.document_number)

    return Duty(verb, verb, role, partial(_waiting, state), again)


def _of_disclosure(verb: str, wanted: Q) -> Duty:
    def waiting() -> QuerySet:
        return Document.objects.filter(wanted).select_related("organ", "department", "disclosure")

    def again(paper, now: datetime) -> None:
        disclosure.ask_again(paper.disclosure, verb, now)

    return Duty(verb, verb, Role.DISCLOSURE_OFFICER, waiting, again)


def _waiting(state: str) -> QuerySet:
    """The papers whose next step is the office's; while one is still being delivered, nobody is asked to file it."""
    papers = Document.objects.filter(state=state).select_related("organ", "department")
    if state == Document.State.DISTRIBUTED:
        sent = {"distributions__nature": "first", "distributions__done_at__isnull": False}
        return papers.filter(**sent, left_out=None)
    return papers


def _closed() -> QuerySet:
    return Incoming.objects.filter(state=Incoming.State.FILED).select_related("organ")


def _archived(model: type[Paper]) -> QuerySet:
    """What archivists keep, and must be able to open long after those who archived it have gone."""
    return model._base_manager.filter(state=model.State.ARCHIVED).select_related("organ")


DUTIES = {
    duty.name: duty
    for duty in (
        *(_of_state(state, *what) for state, what in DUTY.items()),
        *(_of_disclosure(verb, wanted) for verb, wanted in DISCLOSING.items()),
        Duty("archive_in", "archive", Role.ARCHIVIST, _closed, ask_archivists),
        Duty("keep", "", Role.ARCHIVIST, partial(_archived, Document), None),
        Duty("keep_in", "", Role.ARCHIVIST, partial(_archived, Incoming), None),
    )
}


def refresh(now: datetime, roles=tuple(Role.values)) -> int:
    """Give waiting papers' errands to those who hold the role today, and to nobody else: the newest now, the rest by
    the job. Returns how many papers it touched; done twice, the second time touches none."""
    touched = 0
    with transaction.atomic():
        for duty in DUTIES.values():
            if duty.role in roles:
                count, before = _piece(duty, None, AT_ONCE, now)
                touched += count
                _leave_rest(duty, before, now)
    return touched


def _leave_rest(duty: Duty, before: int | None, now: datetime) -> None:
    """From the paper `before` on it is the job's; where an earlier change is not gone through yet, it begins anew."""
    mine = Rehanding.objects.filter(duty=duty.name)
    if before is None:
        mine.delete()
        return
    Rehanding.objects.bulk_create(
        [Rehanding(duty=duty.name, before=before, asked_at=now)],
        update_conflicts=True, unique_fields=["duty"], update_fields=["before", "asked_at"],
    )  # fmt: skip
    mine.update(turn=F("turn") + 1, claimed_at=None)
    transaction.on_commit(partial(poke, duty.name))


def poke(name: str) -> None:
    from documents.jobs import hand_errands_on  # the job calls back into this module

    enqueue(hand_errands_on, name)


def waiting(now: datetime):
    """Duties not gone through that nobody works on, those of a worker that died among them."""
    return Rehanding.objects.filter(Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE))


def go_on(name: str, now: datetime) -> bool:
    """One piece of a duty. True when there is more; False when it is done, or somebody else is at it."""
    if not waiting(now).filter(duty=name).update(claimed_at=now):
        return False
    asked = Rehanding.objects.filter(duty=name, claimed_at=now).first()
    if asked is None:
        return False
    with transaction.atomic():
        _count, before = _piece(DUTIES[name], asked.before, PIECE, now)
        mine = Rehanding.objects.filter(pk=asked.pk, turn=asked.turn, claimed_at=now)
        if before is None:
            return not mine.delete()[0] and waiting(now).filter(duty=name).exists()
        mine.update(before=before, claimed_at=None)
    return waiting(now).filter(duty=name).exists()


def _piece(duty: Duty, before: int | None, size: int, now: datetime) -> tuple[int, int | None]:
    """So many papers, newest first: how many had the wrong people, and before which paper to go on, if there is one."""
    rows = duty.waiting() if before is None else duty.waiting().filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    papers = found[:size]
    rest = papers[-1].pk if len(found) > size else None
    holders = cache(lambda organ: {person.pk: person for person in role_holders(organ, duty.role)})
    if duty.again is None:
        for paper in papers:
            hold_to(paper, holders(paper.organ).values(), Because.ROLE)
        return 0, rest
    held = _open(papers, duty.verb)
    differing = [paper for paper in papers if set(held[paper.pk]) != set(holders(paper.organ))]
    wrong = [paper for paper in sorted(differing, key=lambda paper: paper.pk) if _waits(duty, paper)]
    for paper in wrong:
        _hand_over(duty, paper, holders(paper.organ), held[paper.pk], now)
    return len(wrong), rest


def _waits(duty: Duty, paper: Paper) -> bool:
    """Whether the paper, held from now on, still waits: somebody may have just done what it waited for."""
    hold(paper)
    return duty.waiting().filter(pk=paper.pk).exists()


def _open(papers: list, verb: str) -> dict[int, dict[int, WorkItem]]:
    """The open errands of one verb of these papers: by paper, then by assignee."""
    found: dict[int, dict[int, WorkItem]] = defaultdict(dict)
    if papers:
        kind = ContentType.objects.get_for_model(papers[0])
        ids = [paper.pk for paper in papers]
        items = WorkItem.objects.filter(subject_type=kind, subject_id__in=ids, verb=verb, done_at=None)
        for item in items.select_related("assignee"):
            found[item.subject_id][item.assignee_id] = item
    return found


def _hand_over(duty: Duty, paper, holders: dict, held: dict[int, WorkItem], now: datetime) -> None:
    """The missing get what the others have, with the same limit, or are asked anew where nobody ever had it; those who
    hold the role no longer are rid of it."""
    model = next(iter(held.values()), None) or _last_reassigned(paper, duty.verb)
    missing = [person for pk, person in holders.items() if pk not in held]
    if missing and model:
        _give_as(model, paper, missing, now)
    elif missing:
        duty.again(paper, now)
    for pk, item in held.items():
        if pk not in holders:
            finish(paper, item.key, REASSIGNED, now, assignee=item.assignee)


def _last_reassigned(paper: Paper, verb: str) -> WorkItem | None:
    """What was asked for in this course when nobody was left to do it."""
    since = paper.filed_at if isinstance(paper, Incoming) else paper.signed_at
    asked = WorkItem.objects.of(paper).filter(verb=verb, outcome=REASSIGNED, opened_at__gte=since)
    return asked.order_by("-opened_at", "-id").first()


def _give_as(model: WorkItem, paper: Paper, people: list, now: datetime) -> None:
    let_see(paper, people)
    give(same_errand(model), paper, people, now)
    again = WorkItem.objects.of(paper).filter(key=model.key, assignee__in=people, outcome=REASSIGNED)
    # who had it before has it again: there is one row per person and key
    reopen(again, now, **limit_kept(model).fields)
    room, facts = "documents", {"title": str(paper)}
    if isinstance(paper, Incoming):
        room, facts["number"] = "incoming", paper.number
    tell(f"{room}.{model.verb}_asked", paper, people, now, key=model.key, **facts)
