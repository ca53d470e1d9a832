"""The ledgers of this room as lines of a workbook: what somebody may read of each, as far as filters let through."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officehub.people.models import Person
from tasks.forms import FilterForm
from tasks.limits import soon
from tasks.models import Participation, ServiceRequest, Signal, Task
from tasks.views import lists, requests

AT_ONCE = 2_000  # rows read in one piece
SHEET = {
    "编号": 18, "任务名称": 50, "类别": 10, "任务来源": 30, "具体要求": 50, "重要程度": 10, "紧急程度": 10,
    "牵头单位": 18, "承办人": 10, "责任人": 10, "协办": 30, "交办人": 10, "核验人": 10, "交办日期": 14,
    "原定时限": 14, "办理时限": 14, "按推算": 8, "状态": 14, "状况": 10, "进度": 8, "延期次数": 9,
    "退回重办次数": 12, "重新办理次数": 12, "提交核验日期": 14, "办结日期": 14,
}  # fmt: skip
REQUESTS_SHEET = {
    "编号": 16, "类别": 10, "事项": 50, "具体内容": 50, "提出单位": 18, "提出人": 10, "联系人和电话": 22,
    "提出日期": 14, "希望办结日期": 14, "答复时限": 14, "状态": 10, "答复": 50, "答复日期": 14,
    "按时答复": 9, "满意度": 10, "评价": 30, "重新办理次数": 12, "任务": 18,
}  # fmt: skip
RELATED = ("lead_unit", "lead_person", "responsible", "assigner", "verifier", "document", "incoming")


@dataclass(frozen=True)
class Ledger:
    """`rows` are what a person may read with the filters of an address, `lines` what is written of them."""

    title: str
    label: Any
    sheet: dict[str, int]
    rows: Callable[[Person, QueryDict, datetime], QuerySet]
    lines: Callable[[QuerySet, datetime], Iterator[list]]


def task_rows(person: Person, asked: QueryDict, now: datetime) -> QuerySet[Task]:
    tab = asked.get("tab", "")
    return lists.filtered(lists.of_tab(tab if tab in lists.TABS else "mine", person, now), FilterForm(asked), now)


def request_rows(person: Person, asked: QueryDict, now: datetime) -> QuerySet[ServiceRequest]:
    return requests.filtered(person, asked, now)[0]


def task_lines(rows, now: datetime) -> Iterator[list]:
    """One line a task, newest first; read in pieces, each with one more query for who assists."""
    assisting = Participation.objects.filter(role=Participation.Role.ASSIST, state__in=Participation.LIVE)
    prefetch = Prefetch("participations", assisting.select_related("unit", "person").order_by("id"), "assisting")
    found = rows.select_related(*RELATED).prefetch_related(prefetch).order_by("-sort_at", "-id")
    near = soon(now)
    for task in found.iterator(chunk_size=AT_ONCE):
        yield _task(task, Signal(task.signal(now, near)).label)


def _task(task: Task, signal: str) -> list:
    return [
        task.number, task.title, task.get_kind_display(), source(task), task.details, task.get_importance_display(),
        task.urgency, task.lead_unit and task.lead_unit.name, task.lead_person and task.lead_person.name,
        task.responsible and task.responsible.name, "、".join(str(one.unit or one.person) for one in task.assisting),
        task.assigner.name, task.verifier.name, day(task.assigned_at), day(task.first_due_at), day(task.due_at),
        "是" if task.due_provisional else "", task.get_state_display(), signal, f"{task.percent}%", task.extended,
        task.returned, task.reopened, day(task.submitted_at), day(task.closed_at),
    ]  # fmt: skip


def source(task: Task) -> str:
    paper = task.document or task.incoming
    number = paper.document_number if paper else ""
    return " ".join(filter(None, [task.get_source_display(), number, task.source_text]))


def day(moment):
    return timezone.localdate(moment) if moment else None


def request_lines(rows, now: datetime) -> Iterator[list]:
    found = rows.select_related("unit", "asker", "task").prefetch_related("answers").order_by("-asked_at", "-id")
    yield from map(_request, found.iterator(chunk_size=AT_ONCE))


def _request(one: ServiceRequest) -> list:
    answers = list(one.answers.all())
    last = answers[-1] if answers else None
    return [
        one.number, one.get_kind_display(), one.title, one.details, one.unit.name, one.asker.name, one.contact,
        timezone.localdate(one.asked_at), one.wished_on, timezone.localdate(one.due_at), one.get_state_display(),
        last and last.text, last and timezone.localdate(last.at),
        last and ("是" if answers[0].in_time else "否"), last and last.get_rating_display(), last and last.words,
        one.reopened, one.task and one.task.number,
    ]  # fmt: skip


LEDGERS = {
    "tasks": Ledger("任务台账", _("任务台账"), SHEET, task_rows, task_lines),
    "requests": Ledger("服务事项台账", _("服务事项台账"), REQUESTS_SHEET, request_rows, request_lines),
}
