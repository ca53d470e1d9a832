"""What the text view of a paper shares with its print, so that both say the same. It lays nothing out."""

from datetime import date

from django import template
from django.utils import timezone

from documents.elements import Attachment, Paper
from documents.paper.ending import attendance_of, remarks_of, sealing
from documents.paper.head import number_text
from documents.transmitted import annexes, transmitted

register = template.Library()


@register.filter
def remarks(paper: Paper) -> list[str]:
    """附注, each without its brackets, the mark of publication included."""
    return remarks_of(paper)


@register.filter
def printed_number(paper: Paper) -> str:
    """文号 as printed; empty while there is none."""
    return number_text(paper)


@register.filter
def seals(paper: Paper | str, document) -> str:
    """The organs whose seals a paper bears, in order; empty of one that bears none (条例 第九条(十三)). Of a paper that
    could not be drawn just now, its issuing organ."""
    return "、".join(sealing(paper)) if isinstance(paper, Paper) else document.organ.name


@register.filter
def attendance(paper: Paper) -> list[tuple[str, str]]:
    """出席、请假、列席 of minutes, those that are given."""
    return [(label, "、".join(names)) for label, names in attendance_of(paper)]


@register.filter
def reason_in(finding, reasons: dict[str, str]) -> str:
    """Why the rule of a finding was set aside, as recorded with the paper; empty when it was not."""
    return reasons.get(finding.rule, "") if finding.severity in ("override", "warn") and reasons else ""


@register.filter
def is_to_come(day: date) -> bool:
    """Whether a day lies ahead, on the office's calendar."""
    return day > timezone.localtime().date()


@register.filter
def listed(paper: Paper) -> tuple[Attachment, ...]:
    """The attachments that 附件说明 names; the text that the paper transmits is none of them."""
    return annexes(paper)


@register.filter
def carried(paper: Paper) -> Attachment | None:
    """The text that the paper transmits (印发、转发、批转)."""
    return transmitted(paper)
