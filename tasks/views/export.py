"""The ledger of tasks as Excel: what the list shows, with the same tabs and filters, however long it is."""

from django.db.models import Prefetch
from django.utils import timezone
from django.views.decorators.http import require_safe

from officehub.web.views import for_the_office
from officehub.web.workbook import as_excel, long_workbook
from tasks.forms import FilterForm
from tasks.limits import soon
from tasks.models import Participation, Signal, Task
from tasks.views.lists import TABS, filtered, of_tab

AT_ONCE = 2_000  # rows read in one piece
SHEET = {
    "编号": 18, "任务名称": 50, "类别": 10, "任务来源": 30, "具体要求": 50, "重要程度": 10, "紧急程度": 10,
    "牵头单位": 18, "承办人": 10, "责任人": 10, "协办": 30, "交办人": 10, "核验人": 10, "交办日期": 14,
    "原定时限": 14, "办理时限": 14, "按推算": 8, "状态": 14, "状况": 10, "进度": 8, "延期次数": 9,
    "退回重办次数": 12, "重新办理次数": 12, "提交核验日期": 14, "办结日期": 14,
}  # fmt: skip
RELATED = ("lead_unit", "lead_person", "responsible", "assigner", "verifier", "document", "incoming")


@for_the_office
@require_safe
def export_tasks(request):
    now = timezone.now()
    tab = request.GET.get("tab", "") if request.GET.get("tab") in TABS else "mine"
    rows = filtered(of_tab(tab, request.user, now), FilterForm(request.GET), now)
    name = f"任务台账 {TABS[tab]} {timezone.localdate(now):%Y%m%d}导出.xlsx"
    return as_excel(name, long_workbook("任务台账", SHEET, lines(rows, now)))


def lines(rows, now):
    """One line a task, newest first; read in pieces, each with one more query for who assists."""
    assisting = Participation.objects.filter(role=Participation.Role.ASSIST, state__in=Participation.LIVE)
    prefetch = Prefetch("participations", assisting.select_related("unit", "person").order_by("id"), "assisting")
    found = rows.select_related(*RELATED).prefetch_related(prefetch).order_by("-sort_at", "-id")
    near = soon(now)
    for task in found.iterator(chunk_size=AT_ONCE):
        yield line(task, Signal(task.signal(now, near)).label)


def line(task: Task, signal: str) -> list:
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
