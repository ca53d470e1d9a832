"""An office that gives tasks: brought to any state by the deeds themselves."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from officehub.inbox.models import WorkItem
from tasks import accept, assign, cancelling, extending, reporting, stock, verify
from tasks.limits import Limit
from tasks.models import Participation, Task

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def text_file(name="说明.txt", content="情况说明") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode(), "text/plain")


class Steps:
    """The deeds in their order: the mayor gives, the bureau's head (countersigner) allocates, its clerk (reader) does.
    A task given to a person goes to the drafter, who is in the section."""

    def __init__(self, cast, now):
        self.cast, self.now = cast, now
        stock.extension_route(now)

    def written(self, **more) -> Task:
        given = {
            "title": "报送今冬供暖保障方案", "limit": Limit(day=date(2026, 12, 10)), "lead_unit": self.cast.bureau,
            **more,
        }  # fmt: skip
        by = given.pop("by", self.cast.mayor)
        return assign.write(by=by, now=self.now, **given)

    def assigned(self, **more) -> Task:
        made = self.written(**more)
        return assign.assign(made, by=made.assigner, now=self.now)

    def allocated(self, **more) -> Task:
        made = self.assigned(**more)
        return accept.allocate(made, self.cast.reader, by=self.cast.countersigner, now=self.now)

    def under_way(self, **more) -> Task:
        made = self.allocated(**more)
        return accept.accept(made, by=self.cast.reader, now=self.now)

    def submitted(self, **more) -> Task:
        made = self.under_way(**more)
        return verify.submit(made, by=self.cast.reader, now=self.now, text="方案已报送。", files=[text_file()])

    def closed(self, **more) -> Task:
        made = self.submitted(**more)
        return verify.close(made, by=self.cast.mayor, now=self.now, words="同意办结。")

    def to_person(self, **more) -> Task:
        more = {"lead_unit": None, "lead_person": self.cast.drafter, "by": self.cast.head, **more}
        return self.assigned(**more)

    def doing(self, **more) -> Task:
        made = self.to_person(**more)
        return accept.accept(made, by=self.cast.drafter, now=self.now)

    def part(self, whole: Task, **more) -> Task:
        """A subtask of a task under way, given to the drafter by whoever does the whole."""
        given = {"lead_unit": None, "lead_person": self.cast.drafter, "by": self.cast.reader, **more}
        return self.assigned(parent=whole, title="测算供热用煤需求", **given)

    def part_closed(self, whole: Task, **more) -> Task:
        made = self.part(whole, **more)
        accept.accept(made, by=self.cast.drafter, now=self.now)
        verify.submit(made, by=self.cast.drafter, now=self.now, text="已测算。")
        return verify.close(made, by=self.cast.reader, now=self.now)

    def extension(self, task: Task | None = None, until=date(2026, 12, 20), **more):
        task = task or self.under_way()
        said = {"until": until, "reason": "需等省里下达指标。", "by": self.cast.reader, "now": self.now, **more}
        return extending.ask_extension(task, **said)

    def decide(self, extension, name="mayor", agreed=True, words="", now=None) -> None:
        by = getattr(self.cast, name)
        step = extending.step_of(extension, by)
        said = {"seen": extension.approval_hash(), "agreed": agreed, "words": words}
        extending.decide(extension, step, by=by, now=now or self.now, **said)

    def report(self, task: Task, percent=40, text="已完成摸底。", **more):
        said = {"by": self.cast.reader, "now": self.now, "percent": percent, "text": text, **more}
        return reporting.report(task, **said)

    def cancel(self, task: Task, **more):
        return cancelling.cancel(task, **{"by": task.assigner, "now": self.now, "reason": "任务取消。", **more})


@pytest.fixture
def steps(cast, now) -> Steps:
    return Steps(cast, now)


@pytest.fixture
def state():
    return lambda task: Task.objects.values_list("state", flat=True).get(pk=task.pk)


def asked(verb: str = "") -> set[str]:
    """Who has an open errand (of one verb)."""
    rows = WorkItem.objects.filter(done_at=None)
    rows = rows.filter(verb=verb) if verb else rows
    return set(rows.values_list("assignee__username", flat=True))


def assisting(task: Task) -> dict[str, str]:
    rows = Participation.objects.filter(task=task, role="assist").select_related("unit", "person").order_by("id")
    return {str(row.unit or row.person): row.state for row in rows}
