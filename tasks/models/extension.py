"""延期: a later limit, asked for before the limit passes and decided by approval."""

import hashlib
import json
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from officehub.approvals.conditions import Fact, Type
from officehub.moves import Move, TooLate
from officehub.people.grants import Because, grant
from officehub.people.models import Department, Organ
from tasks.models.task import Signal, Task


class Extension(models.Model):
    """One request for a later limit, and what became of it. It keeps the limit it was asked against and how the task
    stood by that limit then, so that neither is lost when the limit moves."""

    class State(models.TextChoices):
        ASKED = "asked", "待批"
        GRANTED = "granted", "同意延期"
        REFUSED = "refused", "不同意延期"
        WITHDRAWN = "withdrawn", "已撤回"
        LAPSED = "lapsed", "不再需要"

    MOVES = {
        "grant": Move((State.ASKED,), State.GRANTED),
        "refuse": Move((State.ASKED,), State.REFUSED),
        "withdraw": Move((State.ASKED,), State.WITHDRAWN),
        "lapse": Move((State.ASKED,), State.LAPSED),  # handed in, or taken off whoever asked
    }
    APPROVAL_RELATED = (*("task__organ__office", "task__lead_unit", "task__assigner__department", "by__department"),)
    APPROVAL_FACTS = {
        "importance": Fact("任务重要程度", choices=tuple((str(one.value), one.label) for one in Task.Importance)),
        "task_kind": Fact("任务类别", choices=tuple(Task.Kind.choices)),
        "times": Fact("已延期次数", Type.NUMBER, unit="次"),
        "days": Fact("延长天数", Type.NUMBER, unit="天"),
        "lead_unit": Fact("牵头单位"),
    }

    task = models.ForeignKey(Task, models.PROTECT, related_name="extensions")
    until = models.DateField("申请延至")
    reason = models.CharField("理由", max_length=500)
    was_due_at = models.DateTimeField("申请时的时限")
    was_signal = models.CharField("申请时的状况", max_length=16, choices=Signal.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    at = models.DateTimeField("申请时间")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ASKED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    decided_at = models.DateTimeField("批复时间", null=True, blank=True)
    answer = models.CharField("批复意见", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "延期申请"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["task"], condition=Q(state="asked"), name="task_extension_one_asked"),
            models.CheckConstraint(condition=~Q(reason=""), name="task_extension_has_reason"),
            models.CheckConstraint(
                condition=Q(at__lte=F("was_due_at")),
                name="task_extension_before_due",
                violation_error_message="延期须在时限届满之前申请。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["granted", "refused"]) | Q(decided_at__isnull=False),
                name="task_extension_decided",
            ),
        ]
        indexes = [models.Index(fields=["task", "id"], name="extension_of_task")]

    def __str__(self):
        return f"{self.task.title} 延至 {date.isoformat(self.until)}"

    # --- what an approval asks of it and tells it (what it does: `tasks/extending.py`) ------------------------------

    def approval_facts(self) -> dict:
        return {
            "importance": str(self.task.importance),
            "urgency": self.task.urgency,  # shown with the errand; a paper's fact of that name is another
            "task_kind": self.task.kind,
            "times": self.task.extended,
            "days": (self.until - timezone.localdate(self.was_due_at)).days,
            "lead_unit": self.task.lead_unit.name if self.task.lead_unit else "",
        }

    def approval_organ(self) -> Organ:
        return self.task.organ

    def approval_drafter_id(self) -> int:
        return self.by_id

    def approval_department(self) -> Department:
        return self.task.lead_unit or self.by.department

    def approval_answers_to(self, now) -> list:
        """交办人: whoever gave the task says whether it may take longer."""
        from tasks import extending

        return extending.deciders(self, now)

    def approval_limit(self) -> tuple[int, str] | None:
        return None

    def approval_title(self) -> str:
        return f"{self.task.title}（延至{self.until.month}月{self.until.day}日）"

    def approval_source(self) -> str:
        return f"申请延期：{self.by.name}　{self.task.number}"

    def approval_hash(self) -> str:
        """What is agreed to: the day and the reason, against the limit as it was."""
        said = json.dumps([self.task_id, self.until.isoformat(), self.reason], ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()

    def check_decision(self, step, decision, by, extra, now) -> dict:
        from tasks import extending

        if decision in step.CONSENTS:
            extending.refuse_consent(self, by, now)
        return {}

    def approval_asked(self, people, now) -> None:
        grant(self.task, people, Because.PARTICIPANT)

    def approval_settled(self, run, by, now) -> None:
        from tasks import extending

        extending.grant_it(self, run, by, now)

    def approval_returned(self, run, step, by, now) -> None:
        from tasks import extending

        extending.refuse_it(self, step, by, now)

    def approval_terminated(self, run, by, reason, now) -> None:
        from tasks import extending

        extending.end_it(self, by, reason, now)

    def approval_silence_consents(self) -> bool:
        """Nobody's silence gives more time."""
        return False

    def approval_untouched(self, run, step) -> bool:
        """A limit that moved has been told to everybody at once: it is not taken back."""
        return False

    def approval_taken_back(self, run, was, by, now) -> None:
        raise TooLate(self, "take_back")
