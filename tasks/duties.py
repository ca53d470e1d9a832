"""When heads, clerks, leaders in charge or 督查员 change: what waits for a unit's head is asked of the new one, and
those above a unit see its tasks as long as they are that."""

from datetime import datetime, timedelta
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q

from officehub.inbox.errands import finish, give, reopen, same_errand
from officehub.inbox.models import WorkItem
from officehub.notifications.tell import enqueue
from officehub.people.grants import Because
from officehub.people.models import Department, Organ, Person, Role
from officehub.workdays.arithmetic import limit_kept
from tasks.asking import ALLOCATE, ASSIST, hold, news
from tasks.models import Participation, SeeingAgain, Task, TaskUserGrant
from tasks.who import answer_for, let_see, show_above

REASSIGNED = "已改派"
STALE = timedelta(minutes=2)  # no lot takes so long
AT_ONCE = 100  # tasks looked at in the deed itself; the rest is the job's


def changed(person: Person, now: datetime) -> None:
    """Somebody's posts or roles are others now: what waits for heads is handed on, and the newest tasks are shown to
    whoever is above them; the rest is the job's."""
    hand_on(units_about(person), now)
    SeeingAgain.objects.filter(person=person).delete()
    before = see_again(person, now, None)
    if before is not None:
        SeeingAgain.objects.create(person=person, before=before, at=now)
        transaction.on_commit(partial(poke, person.pk))


def poke(person: int) -> None:
    from tasks.jobs import see_again as job  # the job calls back into this module

    enqueue(job, person)


def go_on(person: int, now: datetime) -> bool:
    """The next lot of a person's tasks; done twice, it gives the same. Returns whether there is more."""
    row = SeeingAgain.objects.filter(person=person).select_related("person").first()
    if row is None:
        return False
    before = see_again(row.person, now, row.before)
    same = SeeingAgain.objects.filter(pk=row.pk, before=row.before)  # unless their posts changed once more meanwhile
    if before is None:
        same.delete()
    else:
        same.update(before=before, at=now)
    return SeeingAgain.objects.filter(person=person).exists()


def left_behind(now: datetime):
    """Those whose job was lost, or died."""
    return SeeingAgain.objects.filter(at__lt=now - STALE).values_list("person", flat=True)


def units_about(person: Person) -> list[Department]:
    """The units a person's posts have to do with: where they have or had one, and what they are asked for."""
    kind = ContentType.objects.get_for_model(Task)
    asked = WorkItem.objects.todo(person).filter(subject_type=kind, verb__in=[ALLOCATE, ASSIST])
    of_tasks = Task.objects.filter(pk__in=asked.values("subject_id")).values("lead_unit")
    parts = Participation.objects.filter(task__in=asked.values("subject_id"), unit__isnull=False).values("unit")
    mine = Q(posts__appointments__person=person) | Q(people=person)
    return list(Department.objects.filter(mine | Q(pk__in=of_tasks) | Q(pk__in=parts)).distinct().order_by("pk"))


# --- what waits for a unit's head -----------------------------------------------------------------------------------


def hand_on(units: list[Department], now: datetime) -> int:
    """Tasks and parts nobody was named for yet are asked of those who answer for the unit today. Returns how many."""
    moved = 0
    for unit in units:
        wanted = answer_for(unit, now)
        if not wanted:
            continue  # nobody could take it over: it stays where it is until there is somebody
        tasks = Task.objects.filter(lead_unit=unit, lead_person=None, state=Task.State.ASSIGNED)
        for pk in tasks.order_by("pk").values_list("pk", flat=True):
            moved += _hand_on(pk, Q(verb=ALLOCATE), wanted, now)
        parts = Participation.objects.filter(unit=unit, person=None, role="assist", state=Participation.State.ASKED)
        for task, part in parts.order_by("task", "pk").values_list("task", "pk"):
            moved += _hand_on(task, Q(verb=ASSIST, key=f"{ASSIST}:{part}"), wanted, now)
    return moved


def _hand_on(pk: int, which: Q, wanted: list[Person], now: datetime) -> bool:
    """One errand of a task, its row held; those who have it already keep it."""
    with transaction.atomic():
        task = hold(Task(pk=pk))
        rows = WorkItem.objects.of(task).filter(which, done_at=None).select_related("assignee").order_by("id")
        held = {item.assignee_id: item for item in rows}
        if not held or set(held) == {one.pk for one in wanted}:
            return False
        model = next(iter(held.values()))
        missing = [one for one in wanted if one.pk not in held]
        let_see(task, missing)
        before = WorkItem.objects.of(task).filter(key=model.key, assignee__in=missing)
        reopen(before, now, **limit_kept(model).fields)
        give(same_errand(model), task, missing, now)
        for item in held.values():
            if item.assignee_id not in {one.pk for one in wanted}:
                finish(task, item.key, REASSIGNED, now, assignee=item.assignee)
        news(model.verb, task, missing, now, seq=model.key.partition(":")[2])
    return True


# --- who sees -------------------------------------------------------------------------------------------------------


def see_again(person: Person, now: datetime, before: int | None) -> int | None:
    """Write anew who is above, for the next tasks that a person's posts and roles have to do with, newest first.
    Returns before which task to go on, or None when that was all."""
    rows = Task.objects.filter(_about(person))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    pks = list(rows.order_by("-pk").values_list("pk", flat=True)[: AT_ONCE + 1])
    for task in Task.objects.filter(pk__in=pks[:AT_ONCE]).select_related("organ", "lead_unit").order_by("pk"):
        with transaction.atomic():
            show_above(task, now)
    return pks[AT_ONCE - 1] if len(pks) > AT_ONCE else None


def _about(person: Person) -> Q:
    seen = TaskUserGrant.objects.filter(user=person, because__in=[Because.SUPERIOR, Because.ROLE])
    units = Department.objects.filter(_below(person)).values("pk")
    parts = Participation.objects.filter(unit__in=units, state__in=Participation.LIVE).values("task")
    about = Q(pk__in=seen.values("content_object")) | Q(lead_unit__in=units) | Q(pk__in=parts)
    if person.role_holdings.filter(role=Role.SUPERVISOR).exists() and person.department:
        organ = person.department.organ_id
        about |= Q(organ__in=Organ.objects.filter(Q(pk=organ, office=None) | Q(office=organ)))
    return about


def _below(person: Person) -> Q:
    """The units below those that a person heads, those they are in charge of, and the one whose clerk they are."""
    below = Q(leader_in_charge__appointments__person=person)
    for path in Department.objects.filter(posts__is_head=True, posts__appointments__person=person).values_list(
        "path", flat=True
    ):
        below |= Q(path__startswith=path)
    if person.role_holdings.filter(role=Role.REGISTRY_CLERK).exists() and person.department_id:
        below |= Q(pk=person.department_id)
    return below
