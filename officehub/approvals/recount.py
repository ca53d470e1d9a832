"""When the calendar changed: the limits of steps and of opinions asked for, counted anew."""

from officehub.approvals.models import Advice, Run, Step
from officehub.inbox.models import WorkItem, WorkItemQuerySet
from officehub.inbox.recount import Kept, reference_of


class _InRun(Kept):
    """What belongs to a run is of the run's subject."""

    def subject(self, row):
        return row.run.subject

    def items(self, row) -> WorkItemQuerySet:
        run = row.run
        items = WorkItem.objects.filter(subject_type=run.subject_type_id, subject_id=run.subject_id)
        return items.filter(key=row.key)

    def _said(self, row, verb: str) -> dict:
        return {"verb": verb, "title": self.subject(row).approval_title(), "reference": reference_of(self.subject(row))}


class Steps(_InRun):
    """Those that wait as well: they are shown with a limit too."""

    name = "approvals.step"

    def rows(self):
        pending = Step.objects.filter(state__in=Step.PENDING).exclude(run__state=Run.State.SUSPENDED)
        return pending.select_related("run", "stage").prefetch_related("run__subject")

    def people(self, row):
        return [row.approver_id]

    def said(self, row) -> dict:
        return self._said(row, row.stage.verb)


class Opinions(_InRun):
    name = "approvals.advice"

    def rows(self):
        return Advice.objects.filter(state=Advice.State.OPEN).select_related("run").prefetch_related("run__subject")

    def people(self, row):
        return [row.adviser_id]

    def said(self, row) -> dict:
        return self._said(row, "advise")


def owners(sender, **kwargs) -> list[Kept]:
    return [Steps(), Opinions()]
