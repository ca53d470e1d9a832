from tasks.models.evidence import Evidence
from tasks.models.export import LedgerExport
from tasks.models.extension import Extension
from tasks.models.feed import CalendarFeed, FeedEntry
from tasks.models.grants import SeeingAgain, TaskGroupGrant, TaskUserGrant
from tasks.models.imports import ImportRow, TaskImport
from tasks.models.milestone import Milestone
from tasks.models.participation import Participation
from tasks.models.recurring import Occurrence, Recurrence, TaskTemplate
from tasks.models.report import Report
from tasks.models.request import RequestAnswer, RequestGroupGrant, RequestUserGrant, RequestYear, ServiceRequest
from tasks.models.task import Signal, Task, TaskYear

__all__ = [
    "CalendarFeed",
    "Evidence",
    "Extension",
    "FeedEntry",
    "ImportRow",
    "LedgerExport",
    "Milestone",
    "Occurrence",
    "Participation",
    "Recurrence",
    "Report",
    "RequestAnswer",
    "RequestGroupGrant",
    "RequestUserGrant",
    "RequestYear",
    "SeeingAgain",
    "ServiceRequest",
    "Signal",
    "Task",
    "TaskGroupGrant",
    "TaskImport",
    "TaskTemplate",
    "TaskUserGrant",
    "TaskYear",
]
