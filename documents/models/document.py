"""The outgoing paper: what it says, where it is, and what an approval asks of it."""

import hashlib
import json
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from documents import signing
from documents.interchange import DIRECTIONS, KINDS, URGENCIES, Paper, content_hash, parse
from documents.rules.dates import adopted_on
from officehub.approvals.conditions import Fact, Type
from officehub.files.models import StoredFile
from officehub.moves import Move
from officehub.people.grants import visible_to
from officehub.people.models import Department, Organ
from officehub.workdays.arithmetic import Unit

DIRECTION_WORDS = {"upward": "上行文", "downward": "下行文", "parallel": "平行文", "public": "公开发布"}


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, person, now):
        """What this person may open; strangers get nothing, so their page is a 404."""
        return visible_to(self, person, now)


class Document(models.Model):
    """One paper from its first draft to the archive.

    `content` is the paper in the interchange format as the drafter left it; what is fixed later (number, date,
    signers) has columns of its own, and `paper()` puts them together.
    """

    class State(models.TextChoices):
        DRAFTING = "drafting", "拟稿"
        IN_APPROVAL = "in_approval", "审批中"
        RETURNED = "returned", "已退回"
        SIGNED = "signed", "已签发"
        RECHECKED = "rechecked", "已复核"
        NUMBERED = "numbered", "已编号"
        SEALED = "sealed", "已用印"
        DISTRIBUTED = "distributed", "已分发"
        ARCHIVED = "archived", "已归档"
        TERMINATED = "terminated", "已终止"

    class Annulled(models.TextChoices):
        """How a paper stands by the annulments on record (条例 第三十三条); they write it, nobody else."""

        REVOKED = "revoked", "已撤销"
        REPEALED = "repealed", "已废止"
        PARTLY = "partly", "部分失效"

    EDITABLE = (State.DRAFTING, State.RETURNED)
    SIGNED_STATES = (State.SIGNED, State.RECHECKED, State.NUMBERED, State.SEALED, State.DISTRIBUTED, State.ARCHIVED)
    MOVES = {  # 条例 第十九条至第二十五条, in that order
        "submit": Move((State.DRAFTING, State.RETURNED), State.IN_APPROVAL),
        "withdraw": Move((State.IN_APPROVAL,), State.DRAFTING),
        "return_": Move((State.IN_APPROVAL,), State.RETURNED),
        "take_back": Move((State.RETURNED, State.SIGNED), State.IN_APPROVAL),  # the decision that led there
        "terminate": Move((State.IN_APPROVAL,), State.TERMINATED),
        "sign_off": Move((State.IN_APPROVAL,), State.SIGNED),
        "recheck": Move((State.SIGNED,), State.RECHECKED),
        "recheck_return": Move((State.SIGNED, State.RECHECKED), State.RETURNED),
        "reapprove": Move((State.SIGNED, State.RECHECKED), State.IN_APPROVAL),  # 报原签批人复审
        "number": Move((State.RECHECKED,), State.NUMBERED),
        "void_number": Move((State.NUMBERED,), State.RETURNED),
        "seal": Move((State.NUMBERED,), State.SEALED),
        "distribute": Move((State.SEALED,), State.DISTRIBUTED),
        "archive": Move((State.DISTRIBUTED,), State.ARCHIVED),
    }
    APPROVAL_RELATED = ("organ__office", "department", "drafter__department")
    OFFICE_FACTS = ("important", "amount", "normative", "affects_business")  # known to the office, not printed
    APPROVAL_FACTS = {
        "kind": Fact("文种", choices=tuple((kind, kind) for kind in KINDS)),
        "direction": Fact("行文方向", choices=tuple(DIRECTION_WORDS.items())),
        "urgency": Fact("紧急程度", choices=(("", "无"), *((urgency, urgency) for urgency in URGENCIES))),
        "important": Fact("重要公文", Type.FLAG, ((True, "是重要公文"), (False, "不是重要公文"))),
        "needs_principal": Fact(
            "须主要负责人签发", Type.FLAG, ((True, "须主要负责人签发"), (False, "无须主要负责人签发"))
        ),
        "amount": Fact("金额", Type.NUMBER, unit="万元"),
        "normative": Fact("规范性文件", Type.FLAG, ((True, "是规范性文件"), (False, "不是规范性文件"))),
        "affects_business": Fact(
            "涉及经营者经济活动", Type.FLAG, ((True, "涉及经营者经济活动"), (False, "不涉及经营者经济活动"))
        ),
        "drafting_department": Fact("拟稿部门"),
        "issuers": Fact("发文机关", Type.LIST),
    }

    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="发文机关", related_name="documents")
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="拟稿部门", related_name="+")
    drafter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="拟稿人", related_name="drafts")
    kind = models.CharField("文种", max_length=12, choices=[(kind, kind) for kind in KINDS])
    title = models.CharField("标题", max_length=200, blank=True)
    direction = models.CharField("行文方向", max_length=10, choices=[(d, d) for d in DIRECTIONS])
    urgency = models.CharField("紧急程度", max_length=4, blank=True, choices=[(u, u) for u in URGENCIES])
    important = models.BooleanField("重要公文", default=False)
    amount = models.DecimalField("金额（万元）", max_digits=14, decimal_places=4, null=True, blank=True)
    normative = models.BooleanField("规范性文件", default=False)
    affects_business = models.BooleanField("涉及经营者经济活动", default=False)  # 公平竞争审查条例 第二条
    content = models.JSONField("内容")
    overrides = models.JSONField("例外理由", default=dict)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.DRAFTING)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField("拟稿时间")
    sort_at = models.DateTimeField(editable=False)

    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签发人"
    )
    signed_at = models.DateTimeField("签发时间", null=True)
    signed_hash = models.CharField("签发文本", max_length=64, blank=True)
    corrected_hash = models.CharField("复核改正后的文本", max_length=64, blank=True, db_default="")
    document_number = models.CharField("发文字号", max_length=60, null=True, unique=True)  # noqa: DJ001  unique, absent until numbered
    printing_date = models.DateField("印发日期", null=True)
    annulled = models.CharField("失效", max_length=8, choices=Annulled.choices, blank=True, db_default="")
    annulled_from = models.DateField("自何日失效", null=True)
    answers = models.ForeignKey(
        "documents.Incoming",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answering",
        verbose_name="所答复的来文",
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公文"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["drafting", "in_approval", "returned", "terminated"])
                | (Q(signed_by__isnull=False, signed_at__isnull=False) & ~Q(signed_hash="")),
                name="document_signed_has_signer",
            ),
            models.CheckConstraint(
                condition=Q(document_number__isnull=False)
                | Q(state__in=["drafting", "in_approval", "returned", "terminated", "signed", "rechecked"]),
                name="document_number_after_recheck",
                violation_error_message="复核之后才编号（条例 第二十五条）。",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="document_amount_not_negative",
                violation_error_message="金额不能小于零。",
            ),
        ]
        indexes = [
            models.Index(F("drafter"), F("sort_at").desc(), F("id").desc(), name="document_drafts"),
            models.Index(fields=["state"], condition=Q(state__in=["numbered", "sealed"]), name="document_printing"),
        ]

    def __str__(self):
        return self.title or self.document_number or f"（无标题的{self.kind}）"

    @property
    def reference(self) -> str:
        """By which those know it who need not know what it is about; empty before it is numbered."""
        return self.document_number or ""

    @property
    def needs_principal(self) -> bool:
        """重要公文和上行文由机关主要负责人签发 (条例 第二十二条)."""
        return self.important or self.direction == "upward"

    @property
    def issued_hash(self) -> str:
        """The text as it is issued: what was signed, or what 复核 made of it without touching the substance."""
        return self.corrected_hash or self.signed_hash

    # --- what it says ---------------------------------------------------------------------------------------

    def raw(self) -> dict:
        """The interchange form as it stands, number, date and signer included."""
        raw = {**self.content, "attachments": [attached.raw() for attached in self.attached.all()]}
        if not raw["attachments"]:
            del raw["attachments"]
        others = raw.pop("signers", [])  # of a joint paper, in the order of its organs
        if self.document_number:
            raw["document_number"] = self.document_number
        if self.signed_at:
            raw["date_of_document"] = self.date_of_document().isoformat()
            if self.direction == "upward":
                raw["signers"] = [self.signed_by.name, *others]
        if self.printing_date:
            raw["printing_date"] = self.printing_date.isoformat()
        return raw

    def date_of_document(self) -> date:
        """成文日期 (条例 第九条(十二)): of adoption by a meeting, else of sign-off, the last of the signatures."""
        note = str(self.content.get("body", "")).partition("\n")[0]
        return adopted_on(self.kind, note) or timezone.localdate(self.signed_at)

    def paper(self) -> Paper:
        """The paper as data. Raises `Refused`, naming each field, while the draft is not complete."""
        return parse(self.raw(), settings.CLASSIFIED_ENABLED)

    def content_hash(self) -> str:
        return content_hash(self.paper())

    def approval_hash(self) -> str:
        """What is approved: the text and the office's facts of it, which settle who must agree. Nobody's consent
        outlives a change of either."""
        facts: dict[str, bool | str] = {
            name: True for name in self.OFFICE_FACTS if name != "amount" and getattr(self, name)
        }
        if self.amount is not None:
            facts["amount"] = f"{Decimal(self.amount).normalize():f}"  # alike whether just typed or read back
        if not facts:
            return self.content_hash()
        said = json.dumps([self.content_hash(), facts], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()

    # --- what an approval asks of it and tells it -----------------------------------------------------------

    def approval_facts(self) -> dict:
        return {
            "kind": self.kind,
            "direction": self.direction,
            "urgency": self.urgency,
            "important": self.important,
            "needs_principal": self.needs_principal,
            "amount": self.amount,
            "normative": self.normative,
            "affects_business": self.affects_business,
            "drafting_department": self.department.name,
            "issuers": self.content.get("issuers", []),
        }

    def approval_limit(self) -> tuple[int, str] | None:
        """At most so long at any stage, when the paper is urgent (特急、加急; the days are the office's custom)."""
        days = settings.URGENCY_LIMIT_WORKING_DAYS.get(self.urgency)
        return (days, Unit.WORKING_DAYS) if days else None

    def approval_organ(self) -> Organ:
        return self.organ

    def approval_drafter_id(self) -> int:
        return self.drafter_id

    def approval_department(self) -> Department:
        return self.department

    def approval_title(self) -> str:
        return str(self)

    def approval_source(self) -> str:
        return f"拟稿：{self.drafter.name}（{self.department.name}）"

    def check_decision(self, step, decision, by, extra, now) -> dict:
        return signing.check_decision(self, step, decision, by, extra, now)

    def approval_asked(self, people, now) -> None:
        signing.let_see(self, people)

    def approval_settled(self, run, by, now) -> None:
        signing.sign_off(self, run, by, now)

    def approval_returned(self, run, step, by, now) -> None:
        signing.return_to_drafter(self, step, by, now)

    def approval_terminated(self, run, by, reason, now) -> None:
        signing.terminate(self, by, reason, now)

    def approval_silence_consents(self) -> bool:
        """联合行文须由各发文机关负责人会签 (条例 第二十二条): nobody's silence stands for that."""
        return len(self.content.get("issuers", [])) < 2

    def approval_untouched(self, run, step) -> bool:
        return signing.untouched(self)

    def approval_taken_back(self, run, was, by, now) -> None:
        signing.taken_back(self, by, now)


class Attached(models.Model):
    """An attachment of a paper: a text set after the main one, or a separate file; in the order of 附件说明."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="attached")
    order = models.PositiveSmallIntegerField("序号")
    title = models.CharField("名称", max_length=120)
    body = models.TextField("正文", blank=True)
    stored = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, verbose_name="文件")

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["document", "order"], name="attached_order"),
            models.CheckConstraint(
                condition=Q(body="") | Q(stored=None),
                name="attached_text_or_file",
                violation_error_message="附件或者是正文后的文字，或者是文件，不能都是。",
            ),
        ]

    def __str__(self):
        return self.title

    def raw(self) -> dict:
        raw = {"title": self.title}
        if self.body:
            raw["body"] = self.body
        if self.stored_id:
            raw["file"] = self.stored.sha256[:16] + "." + self.stored.name.rpartition(".")[2].lower()
        return raw
