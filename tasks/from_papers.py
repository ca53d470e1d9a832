"""转为任务: on the page of a paper, the tasks that come from it, and the way to make another."""

from datetime import datetime

from django.urls import reverse

from tasks.models import Task

MOST_SHOWN = 20


def tasks_of(person, now: datetime, paper) -> dict | None:
    """The tasks that come from a paper, as far as this person may see them; nothing for an administrator."""
    if person.is_staff or person.department_id is None:
        return None
    name = paper._meta.model_name
    found = Task.objects.filter(**{name: paper}).visible_to(person, now).select_related("lead_unit", "lead_person")
    return {"tasks": list(found.order_by("-id")[:MOST_SHOWN]), "url": f"{reverse('tasks:new')}?{name}={paper.pk}"}
