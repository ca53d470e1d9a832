"""What pages say of answers to 征求意见."""

from django import template

from documents.consulting import summary
from documents.models import Consulted

register = template.Library()


@register.filter
def who_answered(row: Consulted) -> str:
    """Who is responsible for an answer, and who sent it."""
    return summary.who_answered(row)
