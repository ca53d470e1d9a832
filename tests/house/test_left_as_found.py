"""A test that really commits leaves what the migrations had filled as it found it."""

import pytest

from officehub.people.membership import role_group
from officehub.people.models import Role
from officehub.workdays.models import CalendarDay
from officehub.workdays.seed import known_years


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["one", "another"])
def test_after_one_really_committing_test_another_finds_calendar_and_permissions(turn):
    years = CalendarDay.objects.filter(confirmed=True).values_list("date__year", flat=True).distinct()
    assert sorted(set(years)) == known_years()
    assert role_group(Role.SYS_ADMIN).permissions.filter(content_type__app_label="workdays").count() == 6
