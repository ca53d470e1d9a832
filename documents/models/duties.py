"""A role that changed hands while many papers waited for its holders."""

from django.db import models


class Rehanding(models.Model):
    """One duty whose errands are being handed to those who hold it now, and how far: papers are gone through newest
    first, and the row is gone when the last was. `turn` tells one change of hands from the next."""

    duty = models.CharField("职责", max_length=20, unique=True)
    before = models.BigIntegerField("已办到")
    turn = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField("变动时间")
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "职责改派"
        default_permissions = ()

    def __str__(self):
        return f"{self.duty} < {self.before}"
