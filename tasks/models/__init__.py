from tasks.models.evidence import Evidence
from tasks.models.extension import Extension
from tasks.models.grants import TaskGroupGrant, TaskUserGrant
from tasks.models.milestone import Milestone
from tasks.models.participation import Participation
from tasks.models.report import Report
from tasks.models.task import Signal, Task, TaskYear

__all__ = [
    "Evidence",
    "Extension",
    "Milestone",
    "Participation",
    "Report",
    "Signal",
    "Task",
    "TaskGroupGrant",
    "TaskUserGrant",
    "TaskYear",
]
