"""Running cases follow the people: who holds the post now is asked now."""

from datetime import timedelta

from documents import drafting
from officehub.approvals.models import Step
from officehub.approvals.reassigning import reassign_all
from officehub.inbox.models import WorkItem
from officehub.people.models import Appointment
from tests.cast import NOTICE, person


def test_running_cases_follow_who_heads_a_department_now(cast, now, django_capture_on_commit_callbacks):
    """The morning's look, and the one after every change, hand an open stage to whoever holds it."""
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})
    yesterday = now.date() - timedelta(days=1)
    with django_capture_on_commit_callbacks(execute=True):
        appointment = Appointment.objects.get(person=cast.head)
        appointment.until = yesterday
        appointment.save()
        new_head = person("head2", cast.section, "科长", True, [])
    assert list(Step.objects.filter(state="open").values_list("approver__username", flat=True)) == ["head2"]
    assert list(WorkItem.objects.todo(new_head).values_list("verb", flat=True)) == ["review"]
    assert reassign_all(now) == 0
