"""Who takes part in a task: the lead, those that assist, and who answers for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from officehub.people.models import Department
from tasks.models.task import Task


class Participation(models.Model):
    """One part in a task. The lead's and the responsible person's rows follow the task's own columns and keep its
    history; an assisting unit's or person's row is where its part is asked for and heard."""

    class Role(models.TextChoices):
        LEAD = "lead", "牵头"
        ASSIST = "assist", "协办"
        RESPONSIBLE = "responsible", "责任人"

    class State(models.TextChoices):
        ASKED = "asked", "待签收"
        ACCEPTED = "accepted", "办理中"
        DONE = "done", "已办"
        SENT_BACK = "sent_back", "已退回"
        WITHDRAWN = "withdrawn", "已撤回"

    LIVE = (State.ASKED, State.ACCEPTED, State.DONE)

    task = models.ForeignKey(Task, models.PROTECT, related_name="participations")
    role = models.CharField("角色", max_length=12, choices=Role.choices)
    unit = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="participations",
        verbose_name="人员",
    )  # fmt: skip
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ASKED)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="交办人")
    at = models.DateTimeField("交办时间")
    accepted_at = models.DateTimeField("签收时间", null=True, blank=True)
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)
    reason = models.CharField("退回理由", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "参与办理"
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(person__isnull=False), name="participation_of_somebody"
            ),
            models.UniqueConstraint(
                fields=["task", "role"],
                condition=Q(role__in=["lead", "responsible"], state__in=["asked", "accepted", "done"]),
                name="participation_one_lead",
                violation_error_message="一项任务只有一个牵头、一个责任人。",
            ),
            models.UniqueConstraint(
                fields=["task", "unit"],
                condition=Q(role="assist", unit__isnull=False, state__in=["asked", "accepted", "done"]),
                name="participation_unit_once",
            ),
            models.UniqueConstraint(
                fields=["task", "person"],
                condition=Q(role="assist", unit__isnull=True, state__in=["asked", "accepted", "done"]),
                name="participation_person_once",
            ),
            models.CheckConstraint(condition=~Q(state="sent_back") | ~Q(reason=""), name="participation_sent_back_why"),
        ]
        indexes = [
            models.Index(
                fields=["person", "role", "-task"],
                condition=Q(state__in=["asked", "accepted", "done"]),
                name="participation_of_person",
            ),
            models.Index(
                fields=["unit", "role", "-task"],
                condition=Q(state__in=["asked", "accepted", "done"]),
                name="participation_of_unit",
            ),
        ]

    def __str__(self):
        return f"{self.unit or self.person}{self.get_role_display()}"
