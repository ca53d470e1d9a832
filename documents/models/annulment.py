"""撤销 and 废止 of papers that were issued (条例 第三十三条)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from documents.models.document import Document
from officehub.people.models import Organ


class Annulment(models.Model):
    """One decision that a paper, or a part of it, is void: from the beginning (撤销) or from a day on (废止).

    It stands for good; made by mistake, it is corrected (更正) by a deed of its own that leaves it on record.
    """

    class Sort(models.TextChoices):
        REVOKE = "revoked", "撤销"
        REPEAL = "repealed", "废止"

    document = models.ForeignKey(Document, models.PROTECT, related_name="annulments", verbose_name="公文")
    sort = models.CharField("方式", max_length=8, choices=Sort.choices)
    part = models.CharField("部分条款", max_length=100, blank=True)
    effective_from = models.DateField("自何日失效")
    decided_by = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name="决定机关")
    basis = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="annuls", verbose_name="决定文件"
    )
    basis_number = models.CharField("决定文件字号", max_length=60, blank=True)
    basis_title = models.CharField("决定文件标题", max_length=200, blank=True)
    reason = models.CharField("理由", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间")
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="更正人"
    )
    undone_at = models.DateTimeField("更正时间", null=True, blank=True)
    undone_reason = models.CharField("更正理由", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "撤销与废止"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["document", "part"], condition=Q(undone_at=None), name="annulled_once"),
            models.CheckConstraint(
                condition=Q(basis__isnull=False) | (~Q(basis_number="") & ~Q(basis_title="")),
                name="annulment_has_basis",
                violation_error_message="撤销、废止须写明决定文件（条例 第三十三条）。",
            ),
            models.CheckConstraint(
                condition=Q(basis__isnull=True) | ~Q(basis=F("document")), name="annulment_not_by_itself"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="annulment_has_reason"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None, undone_reason="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_reason="")),
                name="annulment_undone_whole",
            ),
        ]
        indexes = [models.Index(F("at").desc(), F("id").desc(), name="annulment_newest")]

    def __str__(self):
        return f"{self.document_id} {self.get_sort_display()}"

    @property
    def basis_said(self) -> str:
        """The deciding paper as it is cited: 《title》（number）."""
        number = self.basis.document_number if self.basis else self.basis_number
        title = self.basis.title if self.basis else self.basis_title
        return f"《{title}》（{number}）"
