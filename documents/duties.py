"""Whose duty a paper is after sign-off; and when roles change hands, the open errands change hands with them."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q

from documents.keeping import disclosure
from documents.models import DisclosureRecord, Document
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
DISCLOSING = {  # what the disclosure officers are asked for while a record stands so
    "disclose": Q(publish_by__isnull=False, published_on=None),
    "review_disclosure": Q(review_on__isnull=False, review_asked=True),
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
        if Role.DISCLOSURE_OFFICER in roles:
            touched += sum(_refresh_disclosure(verb, wanted, now) for verb, wanted in DISCLOSING.items())
    return touched


def _refresh_disclosure(verb: str, wanted: Q, now: datetime) -> int:
    """The same for what the officers of an organ have to publish or to review."""
    kept = {one.document_id: one for one in DisclosureRecord.objects.filter(wanted).select_related("document__organ")}
    held = _open({pk: one.document for pk, one in kept.items()}, verb)
    changed = [pk for pk, one in kept.items() if set(held[pk]) != {p.pk for p in disclosure.officers(one.document)}]
    for pk in changed:
        document = kept[pk].document
        holders = {person.pk: person for person in disclosure.officers(document)}
        again = partial(disclosure.ask_again, kept[pk], verb, now)
        _hand_over(document, verb, holders, held[pk], again, now)
    return len(changed)


def _waiting(state: str):
    """The papers whose next step is the office's; while one is still being delivered, nobody is asked to file it."""
    papers = Document.objects.filter(state=state)
    if state == Document.State.DISTRIBUTED:
        sent = {"distributions__nature": "first", "distributions__done_at__isnull": False}
        return papers.filter(**sent, left_out=None)
    return papers


def _refresh_organ(organ: Organ, state: str, verb: str, role: str, now: datetime) -> int:
    holders = {person.pk: person for person in role_holders(organ, role)}
    papers = _waiting(state).filter(organ=organ).select_related("organ", "department").in_bulk()
    held = _open(papers, verb)
    wrong = [paper for pk, paper in papers.items() if set(held[pk]) != set(holders)]
    for paper in wrong:
        again = partial(ask, paper, verb, role, now, source=paper.document_number)
        _hand_over(paper, verb, holders, held[paper.pk], again, now)
    return len(wrong)


def _open(papers: dict, verb: str) -> dict[int, dict[int, WorkItem]]:
    """The open errands of one verb: by paper, then by assignee."""
    kind = ContentType.objects.get_for_model(Document)
    found: dict[int, dict[int, WorkItem]] = defaultdict(dict)
    for item in WorkItem.objects.filter(subject_type=kind, verb=verb, done_at=None).select_related("assignee"):
        if item.subject_id in papers:
            found[item.subject_id][item.assignee_id] = item
    return found


def _hand_over(
    paper: Document, verb: str, holders: dict, held: dict[int, WorkItem], again: Callable[[], None], now: datetime
) -> None:
    """The missing get what the others have, with the same limit, or are asked `again` where nobody ever had it; those
    who hold the role no longer are rid of it."""
    model = next(iter(held.values()), None) or _last_reassigned(paper, verb)
    missing = [person for pk, person in holders.items() if pk not in held]
    if missing and model:
        _give_as(model, paper, missing, now)
    elif missing:
        again()
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
