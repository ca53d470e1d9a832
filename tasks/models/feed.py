"""Private calendar feeds: their tokens, and what a calendar program was told last."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class CalendarFeed(models.Model):
    """One person's feed. The token is kept as its hash only; whoever has the address reads the feed, so it can be
    revoked, and a new address issued."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True)
    with_titles = models.BooleanField("显示事项标题", default=False)
    issued_at = models.DateTimeField("启用时间")
    hour = models.DateTimeField(null=True, blank=True)  # of the readings counted
    readings = models.PositiveIntegerField(default=0)  # in that hour
    read_at = models.DateTimeField("最近读取", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "日历订阅"
        default_permissions = ("view",)

    def __str__(self):
        return str(self.person)


class FeedEntry(models.Model):
    """What a feed said last of one thing, so that a change is told as one (RFC 5545 3.8.7.4, SEQUENCE)."""

    feed = models.ForeignKey(CalendarFeed, models.CASCADE, related_name="entries")
    key = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField(default=0)
    starts = models.DateTimeField()
    changed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "日历订阅的条目"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["feed", "key"], name="feed_entry_once")]
        indexes = [models.Index(fields=["feed"], condition=Q(cancelled_at__isnull=False), name="feed_entry_cancelled")]

    def __str__(self):
        return self.key
