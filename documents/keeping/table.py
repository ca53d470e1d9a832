"""The retention table an office begins with (国家档案局令第8号); each organ's own is approved by its 档案主管部门.

It is only where the rows come from; the administrator's rows are what holds.
"""

Y, D30, D10 = "Y", "D30", "D10"
DEFAULTS = (  # kind, condition, period
    ("", "normative", Y),  # own 规范性文件
    ("", "important", Y),
    ("", "", D10),
    ("决议", "", Y),
    ("决定", "", Y),
    ("命令", "", Y),
    ("公报", "", Y),
    ("议案", "", Y),
    ("公告", "", D30),
    ("通告", "", D30),
    ("意见", "", D30),
    ("请示", "", D30),
    ("批复", "", D30),
    ("纪要", "", D30),  # 党组、常务、全体会议的纪要 are important, and so for ever
    ("通报", "", D30),
    ("通报", "important", D30),
    ("通知", "", D10),
    ("报告", "", D10),
    ("函", "", D10),
    ("函", "important", D30),
)
RECEIVED = (  # of papers in: what was carried out here weighs less than what was issued here
    ("", "important", D30),
    ("", "", D10),
    ("请示", "important", Y),
    ("请示", "", D30),
    ("批复", "important", Y),
    ("批复", "", D30),
)


def fill(model) -> None:
    """Put the table there where it is missing; rows already there stay."""
    _add(model, DEFAULTS)


def fill_received(model) -> None:
    """The same for papers in."""
    _add(model, RECEIVED, papers="in")


def _add(model, table, **of) -> None:
    rows = [model(kind=kind, condition=condition, retention=period, **of) for kind, condition, period in table]
    model.objects.bulk_create(rows, ignore_conflicts=True)
