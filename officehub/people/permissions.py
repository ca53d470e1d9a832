"""What the three administrators may do in the admin pages: each a part, none the whole (GB/T 22239-2019 8.1.4, 三员).

None of them reads papers by virtue of it; the audit administrator changes nothing.
"""

from django.contrib.auth.models import Permission
from django.db.models import Q

from officehub.people.membership import role_group, sync
from officehub.people.models import Person, Role
from officehub.people.models.persons import ADMINISTRATORS

MAY: dict[str, dict[str, tuple[str, ...]]] = {
    Role.SYS_ADMIN: {
        "people": ("organ", "department", "post", "person", "appointment", "delegation"),
        "workdays": ("calendarday",),
        "approvals": ("route", "routeversion", "stage"),
        "inbox": ("reminderrule",),
        "documents": ("series", "retentionrule"),
        "notifications": ("robot", "outlet"),
        "django_celery_beat": ("periodictask", "intervalschedule", "crontabschedule"),
    },
    Role.SECURITY_ADMIN: {"people": ("roleholding",)},
}
MAY_ONLY_VIEW: dict[str, dict[str, tuple[str, ...]]] = {
    Role.SYS_ADMIN: {
        "documents": ("numberentry",),
        "notifications": ("message",),
        "inbox": ("handover", "reminder"),
        "workdays": ("calendarchange", "daychange"),
    },
    Role.SECURITY_ADMIN: {"people": ("person", "department", "organ"), "axes": ("accessattempt",)},
    Role.AUDIT_ADMIN: {
        "audit": ("event", "seal"),
        "axes": ("accesslog", "accessattempt", "accessfailurelog"),
        "approvals": ("bypass",),
    },
}


def _permissions(models: dict[str, tuple[str, ...]], only_view: bool = False):
    wanted = Q(pk__in=[])
    for app, names in models.items():
        wanted |= Q(content_type__app_label=app, content_type__model__in=names)
    found = Permission.objects.filter(wanted)
    return found.filter(codename__startswith="view_") if only_view else found


def grant_roles(**kwargs) -> None:
    """After migrations: make the role groups' permissions, and their members' groups, exactly what is written here."""
    for role in ADMINISTRATORS:
        full = _permissions(MAY.get(role, {}))
        view = _permissions(MAY_ONLY_VIEW.get(role, {}), only_view=True)
        role_group(role).permissions.set({*full, *view})
    for person in Person.objects.filter(role_holdings__role__in=ADMINISTRATORS):
        sync(person)
