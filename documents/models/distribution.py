"""Where a paper went and who has read it: delivered, opened and acknowledged are three different things."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from documents.models.document import Document
from officehub.people.models import Department
from officehub.workdays.models import CountedLimit


class Distribution(CountedLimit):
    """One sending-out of a paper; the job delivers it addressee by addressee."""

    class Nature(models.TextChoices):
        FIRST = "first", "首次分发"
        FURTHER = "further", "补发"
        WIDENED = "widened", "扩大分送"
        PASSED_ON = "passed_on", "转阅"

    document = models.ForeignKey(Document, models.PROTECT, related_name="distributions")
    nature = models.CharField("性质", max_length=10, choices=Nature.choices, default=Nature.FIRST, db_default="first")
    source = models.ForeignKey(
        "Addressee", models.PROTECT, null=True, related_name="passed_on", verbose_name="由谁转阅"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="分发人")
    at = models.DateTimeField("分发时间")
    reason = models.CharField("说明", max_length=200, blank=True, db_default="")
    due_at = models.DateTimeField("阅知时限")
    due_provisional = models.BooleanField(default=False)
    claimed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField("送达时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "分发"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["document"], condition=Q(nature="first"), name="distributed_first_once"),
            models.CheckConstraint(
                condition=Q(nature="passed_on", source__isnull=False)
                | (~Q(nature="passed_on") & Q(source__isnull=True)),
                name="passed_on_from_somebody",
            ),
        ]
        indexes = [models.Index(fields=["at"], condition=Q(done_at=None), name="distribution_waiting")]

    def __str__(self):
        return f"{self.document_id}"


class Addressee(models.Model):
    """A department (reached through its registry clerk, read by its people) or one person.

    A department has acknowledged when one of those asked for it has. `stand_in` reads for somebody who left;
    `readers` are those who were asked for this addressee, and nobody else acknowledges for it.
    """

    distribution = models.ForeignKey(Distribution, models.PROTECT, related_name="addressees")
    department = models.ForeignKey(Department, models.PROTECT, null=True, verbose_name="部门")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="人员"
    )
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="接收人"
    )
    readers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name="收件人")
    delivered_at = models.DateTimeField("送达时间", null=True)
    opened_at = models.DateTimeField("打开时间", null=True)
    acknowledged_at = models.DateTimeField("签收时间", null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签收人"
    )
    recalled_at = models.DateTimeField("清退时间", null=True)
    chased_at = models.DateTimeField("最近催办", null=True)
    chases = models.PositiveSmallIntegerField("催办次数", default=0, db_default=0)
    next_chase_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "分送对象"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["distribution", "department"], name="department_addressed_once"),
            models.UniqueConstraint(fields=["distribution", "person"], name="person_addressed_once"),
            models.CheckConstraint(
                condition=Q(department__isnull=True, person__isnull=False)
                | Q(department__isnull=False, person__isnull=True),
                name="addressee_is_one",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(opened_at__isnull=False, acknowledged_by__isnull=False),
                name="addressee_acknowledged_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["distribution"],
                condition=Q(delivered_at=None, recalled_at=None),
                name="addressee_waiting",
            ),
            models.Index(fields=["next_chase_at"], condition=Q(next_chase_at__isnull=False), name="addressee_to_chase"),
        ]

    def __str__(self):
        return str(self.department or self.person)


class Receipt(models.Model):
    """One reader of one paper. Whoever reads without having been asked gets a row on opening it."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="receipts")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="阅件人")
    department = models.ForeignKey(Department, models.PROTECT, null=True, verbose_name="部门")
    delivered_at = models.DateTimeField("送达", null=True)
    opened_at = models.DateTimeField("打开", null=True)
    acknowledged_at = models.DateTimeField("签收", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "阅件回执"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["document", "reader"], name="receipt_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(opened_at__isnull=False),
                name="receipt_acknowledged_was_opened",
            ),
        ]

    def __str__(self):
        return f"{self.document_id} {self.reader_id}"
