"""The doors of the surroundings of the tasks, with something real behind them, for `tests/house/test_doors.py`.

The head imported a workbook, keeps a template and lets it recur; the drafter asked the office for something.
"""

from tasks.imports.take import take
from tasks.recurring import make, templates
from tasks.serving import deeds
from tests.tasks.around.books import ROW, book, upload
from tests.tasks.around.conftest import GIVEN

OK, GONE, NO, LOGIN, LATE = 200, 404, 405, 302, 409
OFFICE, HEADS, PRESSED = (OK, OK, OK, GONE), (GONE, OK, GONE, GONE), (NO, NO, NO, GONE)

DOORS = {
    **dict.fromkeys(
        [f"tasks:{name}" for name in (
            "export_tasks", "delegated", "imports", "import_form", "requests", "export_requests", "ask_service",
            "recurrences", "new_template", "calendar", "calendar_feed",
        )],
        OFFICE,
    ),
    **dict.fromkeys(
        [f"tasks:{name}" for name in (
            "import", "import_progress", "import_file", "recurrence", "change_recurrence", "change_template",
            "use_template", "new_recurrence", "workload", "export_workload", "workload_of",
        )],
        HEADS,
    ),
    **dict.fromkeys(
        [f"tasks:{name}" for name in (
            "chase_many", "confirm_import", "drop_import", "retry_import", "answer_request", "take_up_request",
            "rate_request", "withdraw_request", "skip_period", "pause_recurrence", "resume_recurrence",
            "end_recurrence", "drop_template", "revoke_feed", "keep_template",
        )],
        PRESSED,
    ),
    "tasks:request": (OK, OK, GONE, GONE),  # whoever asked, and the head of their department
    "tasks:workloads": (OK, LOGIN, OK, GONE),
    **dict.fromkeys(["tasks:export", "tasks:export_file"], (GONE, GONE, GONE, GONE)),  # nothing was ordered
    "tasks:ics": (GONE, GONE, GONE, GONE),  # no such address: it opens by its secret alone
}  # fmt: skip
POSTS = {
    **dict.fromkeys(
        [f"tasks:{name}" for name in ("chase_many", "imports", "ask_service", "new_template")], (422, 422, 422, GONE)
    ),
    "tasks:calendar_feed": OFFICE,
    "tasks:revoke_feed": (LOGIN, LOGIN, LOGIN, GONE),
    "tasks:keep_template": (GONE, GONE, GONE, GONE),  # there is no such task
    "tasks:retry_import": (GONE, LATE, GONE, GONE),
    "tasks:confirm_import": (GONE, LOGIN, GONE, GONE),
    "tasks:drop_import": (GONE, LATE, GONE, GONE),  # it was confirmed
    "tasks:answer_request": (GONE, GONE, GONE, GONE),
    "tasks:take_up_request": (GONE, GONE, GONE, GONE),
    "tasks:rate_request": (LATE, GONE, GONE, GONE),  # not answered yet
    "tasks:withdraw_request": (LOGIN, GONE, GONE, GONE),
    **dict.fromkeys(
        [f"tasks:{name}" for name in ("change_recurrence", "skip_period", "change_template", "use_template")],
        (GONE, 422, GONE, GONE),
    ),
    "tasks:new_recurrence": (GONE, 422, GONE, GONE),
    "tasks:drop_template": (GONE, LOGIN, GONE, GONE),
    "tasks:pause_recurrence": (GONE, LOGIN, GONE, GONE),
    "tasks:resume_recurrence": (GONE, LOGIN, GONE, GONE),
    "tasks:end_recurrence": (GONE, LOGIN, GONE, GONE),
}
WITHOUT_LOGIN = {"tasks:ics": GONE}


ORDERED = {"tasks:export": [1], "tasks:export_file": [1], "tasks:keep_template": [10**6]}


def behind(cast, now) -> dict[str, list]:
    """The arguments of the addresses."""
    workbook = take(upload(book([ROW])), by=cast.head, now=now)
    fields = {**GIVEN, "title": "报送【单位】情况", "lead_unit": cast.bureau.pk}
    blank = templates.keep(by=cast.head, now=now, name="情况", fields=fields, shared=False)
    full = templates.keep(by=cast.head, now=now, name="月报", fields={**fields, "title": "月报"}, shared=False)
    weekly = {"every": "week", "weekday": 0, "starts_on": now.date()}
    rule = make.start(full, by=cast.head, now=now, **weekly)
    more = {"title": "要会议室", "contact": "文书", "kind": "departments"}
    asked = deeds.ask(organ=cast.office, by=cast.drafter, now=now, **more)
    names = {
        workbook: ("import", "import_progress", "import_file", "confirm_import", "drop_import", "retry_import"),
        asked: ("request", "answer_request", "take_up_request", "rate_request", "withdraw_request"),
        rule: ("recurrence", "change_recurrence", "skip_period", "pause_recurrence", "resume_recurrence",
               "end_recurrence"),
        blank: ("change_template", "use_template", "new_recurrence", "drop_template"),
        cast.section: ("workload", "export_workload"),
    }  # fmt: skip
    found = {f"tasks:{name}": [thing.pk] for thing, listed in names.items() for name in listed}
    return {**found, "tasks:workload_of": [cast.section.pk, cast.drafter.pk], "tasks:ics": ["forged"], **ORDERED}
