"""The incoming paper: one line of the register of receipt (条例 第二十四条), its files, and where it stands."""

import hashlib
import json
from datetime import UTC, date, datetime

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from documents.elements import KINDS
from documents.models.document import DocumentQuerySet
from officehub.files.models import StoredFile
from officehub.moves import Move
from officehub.people.models import Organ
from officehub.workdays.models import CountedLimit

OTHER = "其他"  # letters, forms and reports that are none of the fifteen kinds
INCOMING_KINDS = (*KINDS, OTHER)
URGENCIES = ("特急", "加急", "特提", "平急")  # the last two on telegrams only (条例 第九条(三))


class IncomingYear(models.Model):
    """The counter of an organ's register in one year. Its row is the lock under which the next number is taken."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "收文年度编号"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["organ", "year"], name="incoming_year")]

    def __str__(self):
        return f"{self.organ}收〔{self.year}〕"


class Incoming(CountedLimit):
    """One paper received, from its registration to the file. It has the number 收〔year〕seq号 of the organ's register.

    A registration made by mistake keeps its number, voided, with the reason: the register has no gaps.
    """

    class State(models.TextChoices):
        REGISTERED = "registered", "待初审"
        RETURNED = "returned", "已退文"
        VOIDED = "voided", "已作废"
        FOR_READING = "for_reading", "待分送"
        CIRCULATING = "circulating", "传阅中"
        READ = "read", "传阅完毕"
        FOR_ACTION = "for_action", "待拟办"
        PROPOSED = "proposed", "待审定"
        INSTRUCTING = "instructing", "待批示"
        INSTRUCTED = "instructed", "待分办"
        ASSIGNED = "assigned", "待承办"
        HANDLING = "handling", "承办中"
        ANSWERED = "answered", "已答复"
        FILED = "filed", "已办结"
        ARCHIVED = "archived", "已归档"
        LEFT_OUT = "left_out", "不归档"

    class Nature(models.TextChoices):
        """阅知性 or 批办性 (条例 第二十四条(四))."""

        INFORMATION = "for_information", "阅知"
        ACTION = "for_action", "批办"

    class Source(models.TextChoices):
        EXCHANGE = "exchange", "公文交换"
        ELECTRONIC = "electronic", "电子公文"
        POST = "post", "邮寄"
        BY_HAND = "by_hand", "直送"
        FAX = "fax", "传真"
        OTHER = "other", "其他"

    CLOSED = (State.FILED, State.ARCHIVED, State.LEFT_OUT)  # done with; what is left is its place in the archive
    ENDED = (State.RETURNED, State.VOIDED, *CLOSED)
    UNDER_WAY = (State.ASSIGNED, State.HANDLING)  # in a department's hands
    WITH_OFFICE = (State.FOR_ACTION, State.PROPOSED, State.INSTRUCTING, State.INSTRUCTED)  # 批办, not yet in hand
    UNANSWERED = (
        *(State.REGISTERED, State.FOR_READING, State.CIRCULATING, State.READ),
        *(State.FOR_ACTION, State.PROPOSED, State.INSTRUCTING, State.INSTRUCTED, State.ASSIGNED, State.HANDLING),
    )
    MOVES = {  # 条例 第二十四条, in that order
        "read_only": Move((State.REGISTERED,), State.FOR_READING),
        "act_on": Move((State.REGISTERED,), State.FOR_ACTION),
        "return_": Move(UNANSWERED, State.RETURNED),
        "void": Move(UNANSWERED, State.VOIDED),
        "reclassify": Move((State.FOR_READING, State.CIRCULATING, State.READ), State.FOR_ACTION),  # it needs doing
        "read_instead": Move(WITH_OFFICE, State.FOR_READING),  # it needs no doing after all
        "circulate": Move((State.FOR_READING,), State.CIRCULATING),
        "circulated": Move((State.CIRCULATING,), State.READ),
        "propose": Move((State.FOR_ACTION,), State.PROPOSED),
        "withdraw_proposal": Move((State.PROPOSED,), State.FOR_ACTION),
        "submit_to_leaders": Move((State.FOR_ACTION, State.PROPOSED), State.INSTRUCTING),
        "pass_on": Move((State.FOR_ACTION, State.PROPOSED), State.INSTRUCTED),  # 转有关部门办理, without 批示
        "instruct": Move((State.INSTRUCTING,), State.INSTRUCTING),
        "read": Move((State.CIRCULATING,), State.CIRCULATING),
        "instructed": Move((State.INSTRUCTING,), State.INSTRUCTED),
        "assign": Move((State.INSTRUCTED,), State.ASSIGNED),
        "put_away": Move((State.INSTRUCTED,), State.FILED),  # 存查: a leader only noted it
        "refuse": Move(UNDER_WAY, State.INSTRUCTED),  # the lead says: not ours
        "take_back": Move(UNDER_WAY, State.INSTRUCTED),  # the office says: not theirs
        "reassign": Move(UNDER_WAY, State.ASSIGNED),
        "accept": Move((State.ASSIGNED,), State.HANDLING),
        "answer": Move((State.HANDLING,), State.ANSWERED),
        "do_again": Move((State.ANSWERED,), State.HANDLING),
        "do_again_anew": Move((State.ANSWERED,), State.ASSIGNED),  # its handler left: the head names another
        "file": Move((State.READ, State.ANSWERED), State.FILED),
        "archive": Move((State.FILED, State.LEFT_OUT), State.ARCHIVED),
        "leave_out": Move((State.FILED,), State.LEFT_OUT),  # 国家档案局令第8号 第四条
    }

    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="收文机关", related_name="incoming")
    year = models.PositiveSmallIntegerField("年份")
    seq = models.PositiveIntegerField("收文顺序号", validators=[MinValueValidator(1)])
    received_at = models.DateTimeField("签收时间")
    receiver = models.CharField("签收人", max_length=60)
    source = models.CharField("来文渠道", max_length=12, choices=Source.choices, default=Source.EXCHANGE)
    copies = models.PositiveIntegerField("份数", default=1, validators=[MinValueValidator(1)])
    pages = models.PositiveIntegerField("页数", null=True, blank=True)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    registered_at = models.DateTimeField("登记时间")
    sort_at = models.DateTimeField(editable=False)

    sender = models.ForeignKey(
        Organ, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="来文机关（在册）"
    )
    sender_name = models.CharField("来文机关", max_length=120)
    document_number = models.CharField("来文字号", max_length=60, blank=True)
    title = models.CharField("标题", max_length=200)
    kind = models.CharField("文种", max_length=12, choices=[(kind, kind) for kind in INCOMING_KINDS])
    dated = models.DateField("成文日期", null=True, blank=True)
    urgency = models.CharField("紧急程度", max_length=4, blank=True, choices=[(u, u) for u in URGENCIES])
    important = models.BooleanField("重要公文", default=False)
    recipients = models.CharField("主送机关", max_length=300, blank=True)
    cc = models.CharField("抄送机关", max_length=300, blank=True)
    contact = models.CharField("联系人和电话", max_length=120, blank=True)
    asked_due = models.DateField("来文要求的时限", null=True, blank=True)
    remarks = models.CharField("备注", max_length=200, blank=True)
    twin_reason = models.CharField("重复登记的理由", max_length=200, blank=True)

    nature = models.CharField("办件类别", max_length=16, blank=True, choices=Nature.choices)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.REGISTERED)
    screened = models.JSONField("初审", default=dict, blank=True)
    reason = models.CharField("退文或作废的理由", max_length=500, blank=True)
    chaser = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="催办人"
    )
    due_at = models.DateTimeField("办理时限", null=True, blank=True)
    due_provisional = models.BooleanField("时限按推算", default=False)
    alarmed_at = models.DateTimeField("超期提醒", null=True, blank=True)
    filed_at = models.DateTimeField("办结时间", null=True, blank=True)
    retention = models.CharField("保管期限", max_length=3, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "收文"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["organ", "year", "seq"], name="incoming_number_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "voided"]) | ~Q(reason=""),
                name="incoming_returned_with_reason",
                violation_error_message="退文、作废须写明理由（条例 第二十四条(三)）。",
            ),
            models.CheckConstraint(
                condition=Q(nature__in=["for_information", "for_action"])
                | Q(state__in=["registered", "returned", "voided"]),
                name="incoming_screened_has_nature",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["assigned", "handling"]) | Q(urgency="") | Q(due_at__isnull=False),
                name="incoming_urgent_has_limit",
                violation_error_message="紧急公文应当明确办理时限（条例 第二十四条(四)）。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["assigned", "handling"])
                | Q(urgency="", important=False)
                | Q(chaser__isnull=False),
                name="incoming_urgent_has_chaser",
                violation_error_message="紧急或者重要公文应当由专人负责催办（条例 第二十四条(六)）。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["filed", "archived", "left_out"]) | Q(filed_at__isnull=False),
                name="incoming_filed_when",
            ),
        ]
        indexes = [
            models.Index(F("organ"), F("registered_at").desc(), F("id").desc(), name="incoming_register"),
            models.Index(F("registered_at").desc(), F("id").desc(), name="incoming_newest"),
            models.Index(F("state"), F("registered_at").desc(), F("id").desc(), name="incoming_by_state"),
            models.Index(
                fields=["organ", "state"],
                condition=Q(
                    state__in=[
                        *("registered", "for_reading", "circulating", "read", "for_action", "proposed"),
                        *("instructing", "instructed", "assigned", "handling", "answered"),
                    ]
                ),
                name="incoming_open",
            ),
            models.Index(fields=["document_number"], name="incoming_number"),
            models.Index(
                F("organ"), F("filed_at").desc(), F("id").desc(), condition=Q(state="filed"), name="incoming_to_archive"
            ),
            models.Index(
                fields=["organ", "due_at", "id"],
                condition=Q(state__in=["assigned", "handling"]),
                name="incoming_limits",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether its limit still runs: neither answered nor ended."""
        return self.state in self.UNANSWERED

    def __str__(self):
        return self.title

    @property
    def reference(self) -> str:
        """By which those know it who need not know what it is about."""
        return self.number

    @property
    def number(self) -> str:
        return f"收〔{self.year}〕{self.seq}号"

    @property
    def is_pressing(self) -> bool:
        """紧急或者重要公文: has a limit and somebody who chases it (R43, R45)."""
        return bool(self.urgency) or self.important

    REGISTERED_FACTS = (
        *("sender_name", "document_number", "title", "kind", "dated", "urgency", "important", "recipients", "cc"),
        *("contact", "asked_due", "remarks", "received_at", "receiver", "source", "copies", "pages"),
    )

    def entry(self) -> dict:
        """What the register says of it, as plain JSON."""
        return {name: _plain(getattr(self, name)) for name in self.REGISTERED_FACTS}

    def entry_hash(self) -> str:
        """SHA-256 of the entry and its files: what somebody saw when they signed an instruction."""
        files = list(self.files.filter(note=None).order_by("id").values_list("stored__sha256", flat=True))
        said = json.dumps([self.number, self.entry(), files], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def _plain(value):
    """As JSON, alike whether just typed or read back from any database."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


class IncomingFile(models.Model):
    """A scan or file of an incoming paper, or of a note on it; uploaded and not yet registered, of none.

    `pages` is how many can be shown as pictures (a PDF's); 1 for a picture, 0 for what is only downloaded.
    """

    incoming = models.ForeignKey(Incoming, models.PROTECT, null=True, blank=True, related_name="files")
    note = models.ForeignKey("documents.IncomingNote", models.PROTECT, null=True, blank=True, related_name="files")
    stored = models.ForeignKey(StoredFile, models.PROTECT, verbose_name="文件", related_name="+")
    is_main = models.BooleanField("正文", default=False)  # the paper itself; the others are its attachments
    pages = models.PositiveIntegerField("页数", default=0)
    recognised = models.JSONField("识别结果", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "收文文件"
        default_permissions = ("view",)
        indexes = [models.Index(fields=["id"], condition=Q(incoming=None), name="incoming_file_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["incoming"],
                condition=Q(is_main=True),
                name="incoming_file_one_main",
                violation_error_message="一件收文只有一份正文。",
            )
        ]

    def __str__(self):
        return self.stored.name
