"""扩大分送 (R59, 条例 第三十一条): whoever received a paper may ask for it to go further; only its issuer lets it."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from documents.distribute import NATURE, send, sendable
from documents.models import Document, Widening
from documents.receive import READABLE
from documents.sending import number_copies, scope, turn
from documents.sending.whom import Whom, standing
from documents.signing import let_see
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import record
from officehub.inbox.errands import Errand, close, finish, give, reopen, same_errand
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, move
from officehub.notifications.tell import tell
from officehub.people.models import Person, Role, role_holders
from officehub.workdays.arithmetic import Unit, limit, limit_kept

KEY = "widen"


def deciders(document: Document) -> list[Person]:
    """Who may let a paper go further: the office director of its issuer, or else its registry."""
    return list(role_holders(document.organ, Role.OFFICE_DIRECTOR)) or list(
        role_holders(document.organ, Role.REGISTRY_CLERK)
    )


def asked_whom(widening: Widening) -> Whom:
    return Whom(
        list(widening.departments.select_related("organ").order_by("order", "path")),
        list(widening.people.select_related("department").order_by("name_key", "id")),
    )


def may_decide(widening: Widening, person: Person) -> bool:
    """The deciders of today, and whoever has been handed the errand."""
    asked = WorkItem.objects.of(widening).filter(assignee=person, key=KEY, done_at=None)
    return person in deciders(widening.document) or asked.exists()


def ask(document: Document, to: Whom, *, by: Person, now: datetime, reason: str) -> Widening:
    """Ask the issuer. Raises DecisionRefused when nobody is named who lacks it, NeedsReason without a reason."""
    if document.state not in READABLE:
        raise TooLate(document, "widen")
    if not reason.strip():
        raise NeedsReason
    to = to - standing(document)
    if not to:
        raise DecisionRefused(["请选择还没有收到本件的部门或人员。"])
    people = deciders(document)
    if not people:
        raise DecisionRefused(
            [
                gettext("%(organ)s没有办公室主任，也没有收发员，请安全管理员授予角色后再请求。")
                % {"organ": document.organ}
            ]
        )
    with transaction.atomic():
        Document.objects.select_for_update(no_key=True).get(pk=document.pk)
        if any(not to - asked_whom(one) for one in document.widenings.filter(asked_by=by, state=Widening.State.OPEN)):
            raise DecisionRefused(["您已请求分送给他们，正在等批准，不必再请求。"])
        asked = Widening.objects.create(document=document, asked_by=by, asked_at=now, reason=reason.strip()[:200])
        asked.departments.set(to.departments)
        asked.people.set(to.people)
        let_see(document, people)
        due = limit(now, settings.OFFICE_STEP_LIMIT_WORKING_DAYS, Unit.WORKING_DAYS)
        source = f"{by.name}请求扩大分送"
        errand = Errand("widen", KEY, str(document), source, document.urgency, **due.fields)
        give(errand, asked, people, now)
        tell("documents.widening_asked", asked, people, now, key=KEY, title=str(document), who=by.name)
        record(document, "ask_widening", by=by, now=now, facts=_facts(to, asked))
    return asked


def _facts(to: Whom, widening: Widening) -> dict:
    return {
        "departments": [department.name for department in to.departments],
        "people": [person.name for person in to.people],
        "reason": widening.reason,
        "widening": widening.pk,
    }


def agree(widening: Widening, *, by: Person, now: datetime, answer: str = "") -> None:
    """The issuer lets it: they are in the scope from now on, and it is sent to those who have not got it meanwhile."""
    document = widening.document
    with transaction.atomic():
        turn.take(document.pk)
        _decide(widening, "agree_widening", by, now, answer)
        to = asked_whom(widening) - standing(document)
        scope.register(document, asked_whom(widening), scope.Origin.WIDENED, by, now)
        record(document, "agree_widening", by=by, now=now, facts={**_facts(to, widening), "answer": answer})
        if to:
            first = number_copies.next_number(document) if document.copies.exists() else None
            original = sendable(document, to, now)
            widening.distribution = send(
                document,
                to,
                original,
                nature=NATURE.WIDENED,
                by=by,
                now=now,
                reason=widening.reason,
                first_number=first,
            )
            widening.save(update_fields=["distribution"])
        _tell(widening, "documents.widening_agreed", now, answer)


def refuse(widening: Widening, *, by: Person, now: datetime, answer: str) -> None:
    if not answer.strip():
        raise NeedsReason
    with transaction.atomic():
        turn.take(widening.document_id)
        _decide(widening, "refuse_widening", by, now, answer.strip())
        facts = {**_facts(asked_whom(widening), widening), "reason": answer.strip()}
        record(widening.document, "refuse_widening", by=by, now=now, facts=facts)
        _tell(widening, "documents.widening_refused", now, answer.strip())


def _decide(widening: Widening, name: str, by: Person, now: datetime, answer: str) -> None:
    move(widening, name, by=by, now=now, decided_by=by, decided_at=now, answer=answer[:200])
    finish(widening, KEY, widening.get_state_display(), now)


def _tell(widening: Widening, verb: str, now: datetime, answer: str) -> None:
    said = {"title": str(widening.document), "who": widening.decided_by.name, "reason": answer}
    tell(verb, widening, [widening.asked_by], now, key="decided", **said)


def refresh(now: datetime) -> None:
    """When roles change hands, the open requests are asked of those who decide today."""
    waiting = Widening.objects.filter(state=Widening.State.OPEN).order_by("document")
    open_ones = waiting.select_related("document__organ__office")
    for pk, document in [(one.pk, one.document_id) for one in open_ones if _differs(one)]:
        with transaction.atomic():
            turn.take(document)  # whoever answers it at this moment is seen, or waits
            widening = waiting.filter(pk=pk).select_related("document__organ__office").first()
            if widening:
                _refresh(widening, now)


def _differs(widening: Widening) -> bool:
    """Whether others are asked than those who decide today: only then is the paper held."""
    asked = WorkItem.objects.of(widening).filter(key=KEY, done_at=None).values_list("assignee_id", flat=True)
    return {person.pk for person in deciders(widening.document)} != set(asked)


def _refresh(widening: Widening, now: datetime) -> None:
    people, open_items = deciders(widening.document), WorkItem.objects.of(widening).filter(key=KEY, done_at=None)
    had = {item.assignee_id: item for item in open_items}
    missing = [person for person in people if person.pk not in had]
    if missing and had:
        model = next(iter(had.values()))
        let_see(widening.document, missing)
        give(same_errand(model), widening, missing, now)
        again = WorkItem.objects.of(widening).filter(key=KEY, assignee__in=missing)
        reopen(again, now, **limit_kept(model).fields)
        close(open_items.exclude(assignee__in=people), "已改派", now)
