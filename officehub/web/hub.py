"""The floor's own entry in the menu; what concerns papers, meetings, tasks and cases is said in their rooms."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from officehub.inbox.badges import asked_of
from officehub.people.models import Role
from officehub.web.hubs import Hub, MenuEntry, Panel
from officehub.workdays.arithmetic import years_lacking


def todo_badge(person) -> int:
    """Open errands, counted no further than a badge shows."""
    return len(asked_of(person))


def my_delegations(delegation) -> str:
    return reverse("delegations") + "?tab=held"


def unconfirmed_year(person, now) -> dict | None:
    """For the system administrator, as long as a year that limits already run into is not confirmed."""
    years = years_lacking(now) if person.is_staff and person.has_role(Role.SYS_ADMIN) else []
    return {"years": years} if years else None


hub = Hub(
    menu=[
        MenuEntry("", _("工作台"), "workbench", "layout-dashboard", badge=todo_badge, on_phone=True),
        MenuEntry("", _("系统管理"), "admin:index", "settings", staff=True, on_phone=True),
    ],
    panels=[Panel("workbench.side", "web/calendar_panel.html", unconfirmed_year)],
    sentences={
        "delegated": _("%(who)s外出，%(since)s至%(until)s委托您代办"),
        "calendar.moved": _("工作日历变更（%(source)s），您有 %(count)s 项时限随之变动"),
        "handed_over": _("%(who)s离岗，%(count)s项工作移交给您"),
        "reminded": _("【%(step)s】%(title)s（时限 %(due)s）"),
        "reminded_late": _("【%(step)s·补发】%(title)s（时限 %(due)s）"),
        "escalated": _("【%(step)s】%(who)s有事项未办结（时限 %(due)s）"),
        "escalated_late": _("【%(step)s·补发】%(who)s有事项未办结（时限 %(due)s）"),
    },
    doors={
        "people.delegation": my_delegations,
        "inbox.reminder": lambda reminder: reverse("reminder", args=[reminder.pk]),
        "workdays.calendarchange": lambda change: reverse("moved_limits", args=[change.pk]),
        "inbox.handover": lambda handover: reverse("handover", args=[handover.pk]),
    },
)
