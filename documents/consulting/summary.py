"""征求意见情况汇总表: who was asked, what each said, what became of it; for a panel, a page to print and a sheet."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext

from documents.consulting.concerns import words_of
from documents.models import Consultation, Consulted, Document
from officehub.web.workbook import workbook

State, Answer, Decision = Consulted.State, Consulted.Answer, Consulted.Decision
SHEET = {
    "序号": 6, "轮次": 6, "单位": 24, "答复": 14, "意见内容": 60, "答复人": 20, "答复时间": 18, "采纳情况": 10,
    "说明": 40, "协商经过": 40, "协商结果": 14,
}  # fmt: skip


@dataclass(frozen=True)
class Summary:
    """Every round of a paper with its rows, and how many of them came out how. Withdrawn rounds are not counted."""

    rounds: list[Consultation]
    tally: list[tuple[str, int]]
    objections: list[Consulted]  # 不同意, settled or not: they go with the paper

    @property
    def rows(self) -> list[Consulted]:
        return [row for sent in self.rounds for row in sent.rows]


def summary(document: Document) -> Summary | None:
    """Three queries, however many were asked; None when nobody was."""
    rounds = list(document.consultations.select_related("by__department").order_by("number"))
    if not rounds:
        return None
    people = ("department", "answered_by", "responsible", "settled_by")
    rows = Consulted.objects.filter(consultation__in=rounds).select_related(*people).prefetch_related("files__stored")
    for sent in rounds:
        sent.document = document
        sent.rows = []
    by_round = {sent.pk: sent for sent in rounds}
    for row in rows.order_by("consultation__number", "id"):
        row.consultation = by_round[row.consultation_id]
        row.consultation.rows.append(row)
    counted = [row for sent in rounds if sent.state != Consultation.State.WITHDRAWN for row in sent.rows]
    return Summary(rounds, _tally(counted), [row for row in counted if row.answer == Answer.OBJECT])


def _tally(rows: Iterable[Consulted]) -> list[tuple[str, int]]:
    rows = list(rows)
    opinions = [row for row in rows if row.is_opinion]
    counts = [
        (gettext("征求"), len(rows)),
        (gettext("无意见"), sum(row.answer == Answer.NONE for row in rows)),
        (gettext("逾期未复"), sum(row.state == State.SILENT for row in rows)),
        (gettext("待答复"), sum(row.state == State.WAITING for row in rows)),
        (gettext("有意见"), len(opinions)),
        (gettext("采纳"), sum(row.decision == Decision.ADOPTED for row in opinions)),
        (gettext("部分采纳"), sum(row.decision == Decision.PARTLY for row in opinions)),
        (gettext("不采纳"), sum(row.decision == Decision.REJECTED for row in opinions)),
        (gettext("未处理"), sum(not row.decision for row in opinions)),
    ]
    return [(label, count) for place, (label, count) in enumerate(counts) if count or place < 2]


def who_answered(row: Consulted) -> str:
    """Who is responsible for an answer, and who sent it (经×××同意)."""
    if row.letter_number:
        return row.letter_number
    if row.answered_by is None:
        return ""
    if row.responsible_id in (None, row.answered_by_id):
        return row.answered_by.name
    gaps = {"who": row.answered_by.name, "head": row.responsible.name}
    return gettext("%(who)s（经%(head)s同意）") % gaps


def as_workbook(found: Summary) -> bytes:
    """The table as .xlsx; whatever was typed is text."""
    lines = ([place, *_cells(row)] for place, row in enumerate(found.rows, 1))
    return workbook("征求意见情况汇总表", SHEET, lines, wrapped=True)


def _cells(row: Consulted) -> list[str]:
    at = timezone.localtime(row.answered_at) if row.answered_at else None
    return [
        f"第{row.consultation.number}轮",
        str(row),
        words_of(row),
        row.text,
        who_answered(row),
        f"{at:%Y-%m-%d %H:%M}" if at else "",
        row.get_decision_display(),
        row.explanation,
        row.talks,
        row.get_outcome_display(),
    ]
