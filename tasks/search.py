"""Finding tasks by number or by words of the title, among the newest one may see."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from officehub.people.grants import newest
from officehub.web.hubs import Hit
from tasks.models import Task

WITHIN = 2000  # the newest tasks looked through


def find(person, words: str, limit: int) -> list[Hit]:
    now = timezone.now()
    exact = Task.objects.visible_to(person, now).filter(number__in={words, f"{words}号"})
    ids = newest(Task, person, WITHIN, now)
    matching = Q(title__icontains=words) | Q(number__icontains=words) | Q(source_text__icontains=words)
    found = Task.objects.filter(matching, pk__in=ids).order_by("-sort_at", "-id")[:limit]
    tasks = {task.pk: task for task in [*exact[:limit], *found]}.values()
    return [
        Hit(
            title=task.title,
            line=f"{task.number or gettext('未编号')} · {gettext(task.get_state_display())}",
            url=reverse("tasks:detail", args=[task.pk]),
            at=task.sort_at,
        )
        for task in list(tasks)[:limit]
    ]
