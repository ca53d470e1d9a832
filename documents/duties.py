"""Whose duty a paper is after sign-off; and when roles change hands, the open errands change hands with them."""

from collections import defaultdict
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from documents.models import Document
from documents.signing import ask, let_see
from officehub.inbox.errands import Errand, finish, give
from officehub.inbox.models import WorkItem
from officehub.notifications.tell import tell
from officehub.people.models import Organ, Role, role_holders

DUTY = {  # the state, what is to be done in it, and whose duty it is
    Document.State.SIGNED: ("recheck", Role.RECHECKER),
    Document.State.RECHECKED: ("number", Role.RECHECKER),
    Document.State.NUMBERED: ("seal", Role.SEAL_KEEPER),
    Document.State.SEALED: ("distribute", Role.REGISTRY_CLERK),
    Document.State.DISTRIBUTED: ("archive", Role.ARCHIVIST),
}
REASSIGNED = "已改派"


def refresh(now: datetime, roles=tuple(Role.values)) -> int:
    """Give every waiting paper's errand to those who hold the role today, and to nobody else.

    Returns how many papers it touched; done twice, the second time touches none.
    """
    touched = 0
    with transaction.atomic():
        for state, (verb, role) in DUTY.items():
            if role in roles:
                for organ in Organ.objects.filter(pk__in=_waiting(state).values("organ")):
                    touched += _refresh_organ(organ, state, verb, role, now)
    return touched


def _waiting(state: str):
    """The papers whose next step is the office's; while one is still being delivered, nobody is asked to file it."""
    papers = Document.objects.filter(state=state)
    sent = {"distributions__nature": "first", "distributions__done_at__isnull": False}
    return papers.filter(**sent) if state == Document.State.DISTRIBUTED else papers


def _refresh_organ(organ: Organ, state: str, verb: str, role: str, now: datetime) -> int:
    holders = {person.pk: person for person in role_holders(organ, role)}
    papers = _waiting(state).filter(organ=organ).select_related("organ", "department").in_bulk()
    held = _open(papers, verb)
    wrong = [paper for pk, paper in papers.items() if set(held[pk]) != set(holders)]
    for paper in wrong:
        _hand_over(paper, verb, role, holders, held[paper.pk], now)
    return len(wrong)


def _open(papers: dict, verb: str) -> dict[int, dict[int, WorkItem]]:
    """The open errands of one verb: by paper, then by assignee."""
    kind = ContentType.objects.get_for_model(Document)
    found: dict[int, dict[int, WorkItem]] = defaultdict(dict)
    for item in WorkItem.objects.filter(subject_type=kind, verb=verb, done_at=None).select_related("assignee"):
        if item.subject_id in papers:
            found[item.subject_id][item.assignee_id] = item
    return found


def _hand_over(paper: Document, verb: str, role: str, holders: dict, held: dict[int, WorkItem], now: datetime) -> None:
    """The missing get what the others have, with the same limit; those who hold the role no longer are rid of it."""
    model = next(iter(held.values()), None) or _last_reassigned(paper, verb)
    missing = [person for pk, person in holders.items() if pk not in held]
    if missing and model:
        _give_as(model, paper, missing, now)
    elif missing:
        ask(paper, verb, role, now, source=paper.document_number)
    for pk, item in held.items():
        if pk not in holders:
            finish(paper, item.key, REASSIGNED, now, assignee=item.assignee)


def _last_reassigned(paper: Document, verb: str) -> WorkItem | None:
    """What was asked for in this course when nobody was left to do it."""
    asked = WorkItem.objects.of(paper).filter(verb=verb, outcome=REASSIGNED, opened_at__gte=paper.signed_at)
    return asked.order_by("-opened_at", "-id").first()


def _give_as(model: WorkItem, paper: Document, people: list, now: datetime) -> None:
    names = ("verb", "key", "title", "source", "urgency", "due_at", "due_provisional")
    let_see(paper, people)
    give(Errand(**{name: getattr(model, name) for name in names}), paper, people, now)
    again = WorkItem.objects.of(paper).filter(key=model.key, assignee__in=people, outcome=REASSIGNED)
    again.update(done_at=None, outcome="")  # who had it before has it again: there is one row per person and key
    tell(f"documents.{model.verb}_asked", paper, people, now, key=model.key, title=str(paper))
