"""The ladder of 催办 a new office begins with (rules.md 3.3, L1–L5): a proposal, to be edited by the administrator."""

from datetime import UTC, datetime

LADDER = (  # step, working days from the limit, whom, hours after which a missed one is not sent any more
    ("到期提醒", -3, "assignee", 48),
    ("今日到期", 0, "assignee", None),
    ("催办", 1, "assignee", None),
    ("催办", 1, "head", None),
    ("督查催办", 3, "supervision", None),
    ("上报分管领导", 5, "leader_in_charge", None),
)
APART = ["read"]  # 待阅 is chased by the documents' own clock
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # in a new office the rules hold from the first errand on


def fill(model, since: datetime = BEGINNING) -> None:
    """Write the ladder where there is no rule at all. `model` may be a migration's."""
    if model.objects.exists():
        return
    model.objects.bulk_create(
        [
            model(step=step, offset=offset, audience=whom, drop_after_hours=hours, since=since,
                  verbs=APART, all_but=True)
            for step, offset, whom, hours in LADDER
        ]
    )  # fmt: skip
