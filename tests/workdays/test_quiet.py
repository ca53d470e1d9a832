"""When the clock may disturb people."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from officehub.workdays.quiet import after_quiet, is_quiet

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-11-26T09:30:00", "2026-11-26T09:30:00"),
        ("2026-11-26T07:59:59", "2026-11-26T08:00:00"),
        ("2026-11-26T18:00:00", "2026-11-27T08:00:00"),
        ("2026-11-27T23:59:59", "2026-11-30T08:00:00"),  # a Friday night
        ("2026-02-14T10:00:00", "2026-02-14T10:00:00"),  # a Saturday that is worked
        ("2026-02-15T10:00:00", "2026-02-24T08:00:00"),  # the Spring Festival
    ],
)
def test_nobody_is_disturbed_out_of_hours(moment, told):
    assert after_quiet(at(moment)) == at(told)
    assert is_quiet(at(moment)) == (moment != told)
