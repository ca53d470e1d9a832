"""The floor's own entry in the menu; what concerns papers, meetings, tasks and cases is said in their rooms."""

from django.utils.translation import gettext_lazy as _

from officehub.inbox.models import WorkItem
from officehub.web.hubs import Hub, MenuEntry


def todo_badge(person) -> int:
    """Open errands, counted no further than a badge shows."""
    return len(WorkItem.objects.todo(person).values_list("pk")[:100])


hub = Hub(
    menu=[
        MenuEntry("", _("工作台"), "workbench", "layout-dashboard", badge=todo_badge, on_phone=True),
        MenuEntry("", _("系统管理"), "admin:index", "settings", staff=True, on_phone=True),
    ],
)
