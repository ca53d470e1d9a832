from celery import shared_task
from django.utils import timezone

from officehub.people.models import Person
from tasks import duties


@shared_task(name="tasks.see_again")
def see_again(person: int, before: int):
    left = duties.see_again(Person.objects.get(pk=person), timezone.now(), before)
    if left is not None:
        see_again.delay(person, left)


def roles_changed(signal, sender, roles, **kwargs):
    """Not queued: whoever lost a post must not find its tasks a minute later; many are the job's."""
    duties.changed(sender, timezone.now())
