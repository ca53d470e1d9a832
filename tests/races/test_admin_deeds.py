"""What administrators do outside Django's own forms is one transaction too, where transactions are real."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from officehub.approvals.models import RouteVersion
from officehub.audit.models import Event
from officehub.audit.record import broken
from officehub.people.models import Person, RoleHolding
from officehub.workdays.models import CalendarDay


@pytest.fixture
def as_(committed):
    def logged_in(name: str) -> Client:
        client = Client()
        client.force_login(committed.people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return logged_in


def chosen(action, *rows) -> dict:
    return {"action": action, "_selected_action": [row.pk for row in rows], "post": "yes"}


def test_actions_and_their_events_commit_together(as_, committed):
    day = CalendarDay.objects.create(date=date(2031, 1, 1), is_workday=False, source="推测")
    system, security = as_("sys_admin"), as_("security_admin")
    version = RouteVersion.objects.get()
    system.post(reverse("admin:workdays_calendarday_changelist"), chosen("delete_selected", day))
    system.post(reverse("admin:people_person_changelist"), chosen("retire", committed.stranger))
    system.post(reverse("admin:approvals_routeversion_changelist"), chosen("new_version", version))
    system.post(
        reverse("admin:approvals_routeversion_changelist"), chosen("publish", RouteVersion.objects.get(number=2))
    )
    security.post(
        reverse("admin:people_roleholding_changelist"),
        chosen("delete_selected", *RoleHolding.objects.filter(role="vetter")),
    )
    verbs = Event.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["removed", "retired", "added", "published", "role_taken"]
    assert list(broken()) == []


def test_a_new_password_and_its_event_commit_together(as_, committed):
    fields = {"password1": "another-Password-7", "password2": "another-Password-7", "usable_password": "true"}
    url = reverse("admin:auth_user_password_change", args=[committed.drafter.pk])
    assert as_("sys_admin").post(url, fields).status_code == 302
    assert Person.objects.get(username="drafter").check_password("another-Password-7")
    assert Event.objects.get().verb == "changed"
