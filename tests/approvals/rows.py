"""Everything a deed may change, row by row."""

from documents.models import Document
from documents.models.grants import DocumentUserGrant
from officehub.approvals.models import Advice, Bypass, OpinionFile, Run, Step, Visit
from officehub.audit.models import Event
from officehub.inbox.models import WorkItem
from officehub.notifications.models import Message, Notice

KEPT = (Run, Visit, Step, Advice, Bypass, OpinionFile, WorkItem, Event, Notice, Message, Document, DocumentUserGrant)


def snapshot(without=None) -> dict:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in KEPT if model is not without}
