"""The two different effects in time of 撤销 and 废止 (条例 第三十三条), on documents that no database holds."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from documents.annulling.force import in_force, void
from documents.models import Document

SIGNED = datetime(2026, 3, 2, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def paper(annulled="", since=None, signed=SIGNED) -> Document:
    return Document(signed_at=signed, annulled=annulled, annulled_from=since)


REPEALED = paper("repealed", date(2026, 7, 1))
CASES = [  # the paper, the day, in force, void
    (paper(), date(2026, 3, 1), False, False),  # not signed yet
    (paper(), date(2026, 3, 2), True, False),  # 成文日期
    (paper(), date(2030, 1, 1), True, False),
    (paper(signed=None), date(2026, 3, 2), False, False),
    (REPEALED, date(2026, 3, 2), True, False),  # what was done under it stays valid
    (REPEALED, date(2026, 6, 30), True, False),
    (REPEALED, date(2026, 7, 1), False, True),
    (REPEALED, date(2027, 1, 1), False, True),
    (paper("revoked", date(2026, 3, 2)), date(2026, 3, 2), False, True),  # void from the beginning
    (paper("revoked", date(2026, 3, 2)), date(2026, 6, 30), False, True),
    (paper("partly"), date(2026, 6, 30), True, False),
]


@pytest.mark.parametrize(("document", "day", "force", "is_void"), CASES)
def test_in_force_and_void(document, day, force, is_void):
    assert (in_force(document, day), void(document, day)) == (force, is_void)
