from celery import shared_task
from django.utils import timezone

from tasks import duties, exporting
from tasks.imports import make
from tasks.recurring import make as recurring
from tasks.serving import deeds as serving


@shared_task(name="tasks.see_again")
def see_again(person: int):
    if duties.go_on(person, timezone.now()):
        duties.poke(person)


@shared_task(name="tasks.make_tasks")
def make_tasks(pk: int):
    if make.make(pk, timezone.now()):
        make.poke(pk)


@shared_task(name="tasks.give_out")
def give_out(pk: int):
    recurring.give_out(pk, timezone.now())


@shared_task(name="tasks.write_ledger")
def write_ledger(pk: int):
    exporting.write(pk, timezone.now())


@shared_task(name="tasks.recur")
def recur():
    """定期任务: whatever has fallen due, each in a job of its own; what a dead worker left is found an hour later."""
    for pk in recurring.due_now(timezone.localdate(timezone.now())).values_list("pk", flat=True):
        give_out.delay(pk)


@shared_task(name="tasks.look_around")
def look_around():
    """What a lost message or a dead worker left behind, and what the clock does to service requests."""
    now = timezone.now()
    for person in duties.left_behind(now)[:20]:
        see_again.delay(person)
    for pk in make.waiting(now).values_list("pk", flat=True)[:20]:
        make_tasks.delay(pk)
    for pk in exporting.waiting(now).values_list("pk", flat=True)[:20]:
        write_ledger.delay(pk)
    exporting.sweep(now)
    serving.tell_done(now)
    serving.close_unrated(now)
    serving.refresh(now)


def roles_changed(signal, sender, roles, **kwargs):
    """Not queued: whoever lost a post must not find its tasks a minute later; many are the job's."""
    duties.changed(sender, timezone.now())
