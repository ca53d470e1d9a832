"""督查单: one escalation, as the person it went to sees it; the paper itself only where they may open it anyway."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from officehub.inbox.models import Reminder
from officehub.web import hubs
from officehub.web.office_time import WorkingDays, due_label

MOST_STEPS = 50  # what was sent before, newest first


@require_safe
def reminder(request, pk):
    """Who has it, what kind of thing, how late, whom to call, and what they were told before."""
    mine = Reminder.objects.visible_to(request.user).select_related("rule", "item__assignee__department")
    found, now = get_object_or_404(mine, pk=pk), timezone.now()
    item = found.item
    seen = sees(request.user, item, now)
    before = Reminder.objects.filter(item=item, state__in=Reminder.SENT).select_related("rule", "recipient")
    context = {
        "reminder": found,
        "item": item,
        "stands": due_label(item.due_at, now, WorkingDays([item.due_at], now)),
        "title": item.title if seen else "",
        "url": (hubs.door(item.subject) or "") if seen else "",
        "steps": before.order_by("-settled_at", "-id")[:MOST_STEPS],
    }
    return render(request, "web/reminder.html", context)


def sees(person, item, now) -> bool:
    """Whether the access table shows a person what the errand is about; what it does not know, it does not show."""
    model = item.subject_type.model_class()
    rows = model._default_manager.all()
    return hasattr(rows, "visible_to") and rows.visible_to(person, now).filter(pk=item.subject_id).exists()
