"""Asking, taking up, answering, judging: each in one transaction, with its event, its errands and its news."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext

from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.inbox.errands import Errand, close, finish_verb, give, reopen
from officehub.inbox.models import WorkItem, WorkItemQuerySet
from officehub.moves import TooLate, move
from officehub.notifications.models import Notice
from officehub.notifications.tell import tell
from officehub.people.grants import Because, grant
from officehub.people.models import Organ, Person, Role, role_holders
from officehub.workdays.arithmetic import Unit, limit, limit_kept
from tasks import given
from tasks.models import RequestAnswer, RequestYear, ServiceRequest, Task

STATE, RATING = ServiceRequest.State, RequestAnswer.Rating
ANSWER, RATE = "request_answer", "request_rate"  # the errands: the office's, and the asker's


def receivers(organ: Organ) -> list[Person]:
    """Who receives requests to an organ: the holders of the role the office set, of its 办公厅（室）."""
    return list(role_holders(organ, settings.SERVICE_ROLE))


def is_receiver(person: Person, organ: Organ) -> bool:
    return person.has_role(settings.SERVICE_ROLE) and any(one.pk == person.pk for one in receivers(organ))


def ask(
    *, organ: Organ, by: Person, now: datetime, title: str, details: str = "", contact: str, kind: str,
    wished_on: date | None = None,
) -> ServiceRequest:  # fmt: skip
    """提出服务事项. Raises DecisionRefused where nobody would receive it."""
    if by.department is None:
        raise DecisionRefused(["您没有所在部门，请系统管理员补充后再提出。"])
    people = receivers(organ)
    if not people:
        role = gettext(Role(settings.SERVICE_ROLE).label)
        said = gettext("%(organ)s没有%(role)s，请系统管理员补充。")
        raise DecisionRefused([said % {"organ": organ.short_name, "role": role}])
    due = limit(now, settings.SERVICE_LIMIT_WORKING_DAYS, Unit.WORKING_DAYS)
    with transaction.atomic():
        year, seq = _next(organ, now)
        made = ServiceRequest.objects.create(
            organ=organ, year=year, seq=seq, asker=by, unit=by.department, asked_at=now, sort_at=now, title=title,
            details=details, contact=contact, kind=kind, wished_on=wished_on, **due.fields,
        )  # fmt: skip
        record(made, "ask_service", by=by, now=now, facts={"number": made.number, "title": title})
        heads = made.unit.heads(timezone.localdate(now))
        grant(made, [by, *people], Because.PARTICIPANT)
        grant(made, heads, Because.SUPERIOR)
        _ask_office(made, people, now)
    return made


def _next(organ: Organ, now: datetime) -> tuple[int, int]:
    """The next number of the year; the counter's row stays locked until the request is there."""
    year = timezone.localdate(now).year
    RequestYear.objects.bulk_create([RequestYear(organ=organ, year=year)], ignore_conflicts=True)
    counter = RequestYear.objects.filter(organ=organ, year=year)
    counter.update(last=F("last") + 1)
    return year, counter.get().last


def _ask_office(request: ServiceRequest, people: list[Person], now: datetime) -> None:
    """The errand of this round: to answer in time."""
    key = f"{ANSWER}:{request.round}"
    give(_errand(request, ANSWER, key, limit_kept(request).shown), request, people, now)
    verb = "tasks.service_again" if request.round > 1 else "tasks.service_asked"
    tell(verb, request, people, now, key=key, **_said(request))


def _errand(request: ServiceRequest, verb: str, key: str, limits: dict) -> Errand:
    source = f"{request.number} {request.unit.name}"
    return Errand(verb, key, request.title, source, **limits)


def _said(request: ServiceRequest, **more: str) -> dict[str, str]:
    return {"number": request.number, "title": request.title, "unit": request.unit.name, **more}


def hold(request: ServiceRequest) -> ServiceRequest:
    """The row, fresh and locked."""
    rows = ServiceRequest.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organ__office", "unit", "asker", "task").get(pk=request.pk)


def take_up(request: ServiceRequest, fields: dict[str, Any], *, by: Person, now: datetime) -> Task:
    """Make a task of it (`fields` are `tasks.given.FIELDS`); the answer follows when the task is done. Raises TooLate,
    and DecisionRefused when the task cannot be given so."""
    with transaction.atomic():
        held = hold(request)
        if held.state not in (STATE.ASKED, STATE.REDO):
            raise TooLate(held, "take_up")
        said = {"source_text": f"服务事项{held.number}（{held.unit.name}）"}
        made = given.give({**fields, **said}, by=by, now=now, kind=Task.Kind.REQUEST, organ=held.organ)
        move(held, "take_up", by=by, now=now, facts={"task": made.number}, task=made)
        tell("tasks.service_taken_up", held, [held.asker], now, key=f"taken_up:{held.round}", **_said(held))
    return made


def answer(request: ServiceRequest, text: str, *, by: Person, now: datetime, seen_round: int = 0) -> RequestAnswer:
    """答复: the asker is told and asked to judge it. Raises TooLate when another answered this round (`seen_round`)."""
    if not text.strip():
        raise DecisionRefused(["请写明答复。"])
    with transaction.atomic():
        held = hold(request)
        if seen_round and held.round != seen_round:
            raise TooLate(held, "answer")
        if held.task and held.task.is_open:
            said = gettext("任务“%(number)s”还没有办结，请待办结后答复，或者先撤销任务。")
            raise DecisionRefused([said % {"number": held.task.number}])
        move(held, "answer", by=by, now=now, facts={"round": held.round, "text": text.strip()})
        made = RequestAnswer.objects.create(
            request=held,
            round=held.round,
            text=text.strip(),
            by=by,
            at=now,
            due_at=held.due_at,
            task=held.task,
        )
        finish_verb(held, ANSWER, "已答复", now)
        due = limit(now, settings.SERVICE_RATING_WORKING_DAYS, Unit.WORKING_DAYS)
        give(_errand(held, RATE, f"{RATE}:{held.round}", due.fields), held, [held.asker], now)
        tell("tasks.service_answered", held, [held.asker], now, key=f"answered:{held.round}", **_said(held))
    return made


def rate(request: ServiceRequest, rating: str, *, by: Person, now: datetime, words: str = "") -> ServiceRequest:
    """满意度. Content ends it; not content (rules.md 3.5): it is done again, with a new limit, and counted."""
    if rating not in RATING.values:
        raise DecisionRefused(["请选择满意、基本满意或不满意。"])
    if rating == RATING.DISSATISFIED and not words.strip():
        raise DecisionRefused(["不满意的，请写明原因，以便重新办理。"])
    with transaction.atomic():
        held = hold(request)
        if held.state != STATE.ANSWERED:
            raise TooLate(held, "rate")
        facts = {"round": held.round, "rating": rating, "words": words.strip()}
        judged = {"rating": rating, "words": words.strip()[:500], "rated_at": now}
        held.answers.filter(round=held.round).update(**judged)
        finish_verb(held, RATE, RATING(rating).label, now)
        if rating != RATING.DISSATISFIED:
            move(held, "rate", by=by, now=now, facts=facts)
            return held
        due = limit(now, settings.SERVICE_LIMIT_WORKING_DAYS, Unit.WORKING_DAYS)
        again = {"round": held.round + 1, "task": None, **due.fields}
        move(held, "redo", by=by, now=now, facts=facts | {"task": held.task.number if held.task else ""}, **again)
        people = receivers(held.organ)
        grant(held, people, Because.PARTICIPANT)
        _ask_office(held, people, now)
    return held


def withdraw(request: ServiceRequest, *, by: Person, now: datetime) -> None:
    """撤回, while nobody has taken it up."""
    with transaction.atomic():
        move(request, "withdraw", by=by, now=now)
        finish_verb(request, ANSWER, "提出人已撤回", now)


# --- by the clock, and when roles change hands ----------------------------------------------------------------------


def close_unrated(now: datetime) -> int:
    """What was answered and not judged in time ends unjudged. Returns how many."""
    answered = ServiceRequest.objects.filter(state=STATE.ANSWERED)
    late = _errands_of(answered).filter(verb=RATE, due_at__lt=now).order_by("id")
    return sum(_close_one(pk, now) for pk in list(late.values_list("subject_id", flat=True)[:500]))


def _errands_of(requests) -> WorkItemQuerySet:
    """The open errands of these requests, found by them and not among all that is open in the house."""
    kind = ContentType.objects.get_for_model(ServiceRequest)
    return WorkItem.objects.filter(subject_type=kind, subject_id__in=requests.order_by().values("pk"), done_at=None)


def _close_one(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        held = hold(ServiceRequest(pk=pk))
        if held.state != STATE.ANSWERED:
            return False
        move(held, "close_unrated", by=None, now=now, facts={"round": held.round})
        finish_verb(held, RATE, "逾期未评价", now)
    return True


def tell_done(now: datetime) -> int:
    """Whoever owes an answer is told, once, that the task it waited for has ended. Returns how many requests."""
    ended = ServiceRequest.objects.filter(state=STATE.IN_HAND, task__state__in=Task.ENDED).order_by("id")
    untold = list(ended.filter(~Exists(_told_of_end())).select_related("organ", "unit", "task")[:500])
    for request in untold:
        key = f"task_ended:{request.task_id}:{request.task.reopened}"
        with transaction.atomic():
            tell("tasks.service_task_ended", request, receivers(request.organ), now, key=key, **_said(request))
    return len(untold)


def _told_of_end():
    """The notices of a request that say that its task, as often as it was reopened, has ended."""
    kind = ContentType.objects.get_for_model(ServiceRequest)
    task, times = (Cast(OuterRef(name), CharField()) for name in ("task_id", "task__reopened"))
    key = Concat(Value("task_ended:"), task, Value(":"), times)
    return Notice.objects.filter(subject_type=kind, subject_id=OuterRef("pk"), key=key)


def refresh(now: datetime) -> int:
    """The open answers are asked of whoever holds the role today, and of nobody else. Returns how many moved."""
    waiting, moved = ServiceRequest.objects.filter(state__in=ServiceRequest.OPEN), 0
    for organ in Organ.objects.filter(pk__in=waiting.values("organ")):
        if wanted := receivers(organ):  # without anybody to take them over they stay where they are
            moved += sum(_hand_on(one, wanted, now) for one in _held_by_others(waiting.filter(organ=organ), wanted))
    return moved


def _held_by_others(requests, wanted: list[Person]) -> list[ServiceRequest]:
    """Those whose open answer is not asked of exactly these people; two queries, and no lock."""
    has: dict[int, set[int]] = defaultdict(set)
    for request, person in _errands_of(requests).filter(verb=ANSWER).values_list("subject_id", "assignee"):
        has[request].add(person)
    right = {one.pk for one in wanted}
    return [one for one in requests.order_by("pk") if has[one.pk] != right]


def _hand_on(request: ServiceRequest, wanted: list[Person], now: datetime) -> bool:
    with transaction.atomic():
        held = hold(request)
        if held.state not in ServiceRequest.OPEN:
            return False
        rows = WorkItem.objects.of(held).filter(verb=ANSWER, done_at=None)
        has = set(rows.values_list("assignee", flat=True))
        if has == {one.pk for one in wanted}:
            return False
        close(rows.exclude(assignee__in=wanted), "已改派", now)
        grant(held, wanted, Because.PARTICIPANT)
        again = WorkItem.objects.of(held).filter(key=f"{ANSWER}:{held.round}", assignee__in=wanted, outcome="已改派")
        reopen(again, now, **limit_kept(held).shown)
        _ask_office(held, wanted, now)
    return True
