"""编号: every task gets the next number of its organ and year when it is first assigned."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from officehub.people.models import Organ
from tasks.models import Task, TaskYear


def take(organ: Organ, now: datetime) -> dict:
    """The next number, as the columns of the task. The counter's row stays locked until the transaction ends, so that
    what is rolled back is taken by the next in line and leaves no gap."""
    year = timezone.localdate(now).year
    TaskYear.objects.bulk_create([TaskYear(organ=organ, year=year)], ignore_conflicts=True)
    counter = TaskYear.objects.filter(organ=organ, year=year)
    counter.update(last=F("last") + 1)
    seq = counter.get().last
    return {"year": year, "seq": seq, "number": settings.TASK_NUMBER.format(year=year, seq=seq)}


def faults() -> Iterator[str]:
    """A sentence for every number that is missing, or that the counter does not know."""
    for counter in TaskYear.objects.select_related("organ").order_by("organ", "year"):
        given = Task.objects.filter(organ=counter.organ, year=counter.year).order_by("seq")
        expected = 1
        for seq in given.values_list("seq", flat=True).iterator():
            if seq > expected:
                yield f"{counter.organ.short_name} {counter.year} 年任务编号缺 {expected} 至 {seq - 1} 号。"
            expected = seq + 1
        if expected - 1 != counter.last:
            said = f"任务已编到 {counter.last} 号，登记到 {expected - 1} 号。"
            yield f"{counter.organ.short_name} {counter.year} 年{said}"
