"""The floor's own entry in the menu; what concerns papers, meetings, tasks and cases is said in their rooms."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from officehub.inbox.badges import asked_of
from officehub.web.hubs import Hub, MenuEntry


def todo_badge(person) -> int:
    """Open errands, counted no further than a badge shows."""
    return len(asked_of(person))


def my_delegations(delegation) -> str:
    return reverse("delegations") + "?tab=held"


hub = Hub(
    menu=[
        MenuEntry("", _("工作台"), "workbench", "layout-dashboard", badge=todo_badge, on_phone=True),
        MenuEntry("", _("系统管理"), "admin:index", "settings", staff=True, on_phone=True),
    ],
    sentences={
        "delegated": _("%(who)s外出，%(since)s至%(until)s委托您代办"),
        "handed_over": _("%(who)s离岗，%(count)s项工作移交给您"),
    },
    doors={
        "people.delegation": my_delegations,
        "inbox.handover": lambda handover: reverse("handover", args=[handover.pk]),
    },
)
