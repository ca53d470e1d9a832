"""The forms of the room. Nothing typed is lost: what a rule forbids is said beside it; it is kept all the same."""

from decimal import Decimal

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from documents.chosen import SeveralOf, keys, people_field
from documents.drafting import issuing_organs
from documents.elements import CLASSIFICATIONS
from documents.interchange import DISCLOSURES, KINDS, URGENCIES
from documents.keeping.grounds import GROUNDS, joined
from documents.models import Document
from documents.reading import MAX_BODY, MAX_LINE, MAX_TITLE, NUMBER_HINT, NUMBER_PATTERN, goes
from documents.shapes.form import ShapeForm
from documents.strict import unprintable
from officehub.approvals.asked import Choice
from officehub.people.models import Department
from officehub.secrecy import unclassified

DIRECTION_NAMES = [
    ("", _("按文种")),
    ("downward", _("下行文")),
    ("upward", _("上行文")),
    ("parallel", _("平行文")),
    ("public", _("公开发布")),
]


def choices(values) -> list[tuple]:
    return [(value, _(value)) for value in values]


def translated(pairs) -> list[tuple]:
    """The choices of a model, in the reader's language; models keep theirs in Chinese."""
    return [(value, _(label)) for value, label in pairs]


def calendar() -> forms.DateInput:
    """A browser's calendar takes no date but in this form, whatever the reader's language."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


TYPED = dict.fromkeys(map(ord, "\r\n\t"))


def printable(value: str) -> None:
    """Lines and tabs are the typist's; any other control or direction mark would stand unseen in the paper."""
    if code := unprintable(value.translate(TYPED)):
        raise ValidationError(_("含有不能印刷的字符 %(code)s，请删去。"), params={"code": code})


def print_only(form: forms.Form) -> None:
    """Let no field of the form take what cannot be printed, nor what bears a secret mark."""
    for field in form.fields.values():
        if isinstance(field, forms.CharField):
            field.validators += [printable, unclassified]


class KindForm(forms.Form):
    """The first question: what is to be written, in whose name."""

    organ = forms.ModelChoiceField(None, label=_("发文机关"), empty_label=None)
    kind = forms.ChoiceField(label=_("文种"), choices=choices(KINDS), initial="通知")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organ"].queryset = issuing_organs()


class AmountField(forms.DecimalField):
    """An amount, shown again without the noughts that the database keeps behind it."""

    def prepare_value(self, value):
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def grounds() -> list[tuple]:
    """The legal grounds not to publish; a state secret is none where there may be no secrets."""
    offered = [one for one in GROUNDS if settings.CLASSIFIED_ENABLED or one[0] != "state_secret"]
    return [("", _("—")), *translated(offered)]


def classified_fields() -> dict[str, forms.Field]:
    """What a secret paper bears (条例 第九条(一)(二)): asked for only where the system is accredited."""
    levels = [("", _("无")), *choices(CLASSIFICATIONS)]
    return {
        "security_classification": forms.ChoiceField(label=_("密级"), choices=levels, required=False),
        "classification_period": forms.CharField(
            label=_("保密期限"), max_length=20, required=False, help_text=_("如“10年”")
        ),
        "copy_number": forms.CharField(
            label=_("份号"), max_length=6, required=False, help_text=_("6位数字，如 000001"),
            validators=[RegexValidator(r"^[0-9]{6}$", _("份号应为6位半角数字，如 000001。"))],
        ),
    }  # fmt: skip


class DraftForm(ShapeForm):
    """A paper as it is written. Field names are those of the interchange format, but for those of `ShapeForm`."""

    kind = forms.ChoiceField(label=_("文种"), choices=choices(KINDS))
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=[("", _("无")), *choices(URGENCIES)], required=False)
    direction = forms.ChoiceField(label=_("行文方向"), choices=DIRECTION_NAMES, required=False)
    important = forms.BooleanField(label=_("重要公文（由主要负责人签发）"), required=False)
    normative = forms.BooleanField(label=_("规范性文件（须合法性审核）"), required=False)
    affects_business = forms.BooleanField(label=_("涉及经营者经济活动（须公平竞争审查）"), required=False)
    amount = AmountField(
        label=_("金额（万元）"),
        min_value=0,
        max_digits=14,
        decimal_places=4,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("只用于审批，不印出"),
        error_messages={"invalid": _("请写一个数，如 1200.5，不写单位和千分号。")},
    )
    title = forms.CharField(
        label=_("标题"), max_length=MAX_TITLE, required=False, help_text=_("发文机关＋关于＋事由＋的＋文种")
    )
    primary_recipients = forms.CharField(
        label=_("主送机关"),
        max_length=MAX_LINE,
        required=False,
        help_text=_("照印出的样子写，如“各县（区）人民政府，市政府各部门”"),
    )
    body = forms.CharField(
        label=_("正文"),
        max_length=MAX_BODY,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_("一行一段。一、（一）1.（1）自动认作标题；以 | 开头的行认作表格"),
    )
    remarks = forms.CharField(
        label=_("附注"), max_length=MAX_LINE, required=False, help_text=_("请示须写联系人和电话；不写括号")
    )
    cc_recipients = forms.CharField(label=_("抄送机关"), max_length=MAX_LINE, required=False)
    in_reply_to = forms.CharField(
        label=_("所答复来文的字号"),
        max_length=60,
        required=False,
        help_text=_("批复、复函填写"),
        validators=[RegexValidator(rf"^{NUMBER_PATTERN}$", NUMBER_HINT)],
    )
    printing_office = forms.CharField(label=_("印发机关"), max_length=60, required=False)
    print_run = forms.IntegerField(label=_("印数"), min_value=1, max_value=100_000, required=False)
    disclosure = forms.ChoiceField(
        label=_("公开属性"), choices=[("", _("未定")), *choices(DISCLOSURES)], required=False
    )
    disclosure_ground = forms.ChoiceField(
        label=_("不予公开的情形"), choices=grounds, required=False, help_text=_("选“不予公开”时必选，政府信息公开条例")
    )
    disclosure_reason = forms.CharField(
        label=_("不予公开的理由"), max_length=200, required=False, help_text=_("选“不予公开”时必填")
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if settings.CLASSIFIED_ENABLED:
            self.fields |= classified_fields()
        print_only(self)
        for name in {"title", "primary_recipients", "disclosure"} & self.fields.keys():  # a paper hardly lacks them
            self.fields[name].needed = True
        self.offer()

    def clean(self):
        given = super().clean() or self.cleaned_data
        if not goes(given.get("kind", ""), given.get("direction", "")):
            self.add_error("direction", _("请示、报告是上行文（条例 第八条），请改选上行文或按文种。"))
        if "title" in given and not given["title"] and self.kind_given() != "命令":
            self.add_error("title", _("请填写标题（只有命令可以没有标题）。"))
        self.clean_shape(given)
        return given

    def kind_given(self) -> str:
        """The kind chosen; where it is not asked for, the one the paper has."""
        return self.cleaned_data.get("kind") or self.initial.get("kind", "")

    def fields_of_paper(self) -> dict:
        """What was typed, by the names of the interchange format."""
        apart = {*Document.OFFICE_FACTS, *self.SHAPE, "revision", "disclosure_ground"}
        fields = {key: value for key, value in self.cleaned_data.items() if key not in apart}
        if "kind" in self.fields and self.was():
            fields |= self.shape()
        ground = self.cleaned_data.get("disclosure_ground")
        if ground and fields.get("disclosure") == "不予公开":
            fields["disclosure_reason"] = joined(ground, fields.get("disclosure_reason", ""))
        return fields

    def office_facts(self) -> dict:
        """What was said of the paper that is not printed."""
        return {name: self.cleaned_data[name] for name in Document.OFFICE_FACTS}


class CorrectionForm(DraftForm):
    """What a rechecker may set right in a signed paper; kind, facts, disclosure and attachments are not among it."""

    kind = urgency = direction = important = normative = affects_business = amount = None
    in_reply_to = printing_office = print_run = disclosure = disclosure_reason = None
    layout = co_issuers = co_signers = masthead_form = masthead = ending = stamp_office = stamp_name = None
    present = excused = observers = None
    reason = forms.CharField(
        label=_("改正的理由"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("记入办理过程，并告知拟稿人和签发人"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].needed = True  # to set it right; not to see what was changed

    def fields_of_paper(self) -> dict:
        return {key: value for key, value in super().fields_of_paper().items() if key != "reason"}


class AttachForm(forms.Form):
    """An attachment: a text set after the main one, or a file. It stands beside the draft, so its ids are its own."""

    title = forms.CharField(label=_("附件名称"), max_length=120, help_text=_("不写书名号和句末标点"))
    body = forms.CharField(
        label=_("附件正文"), max_length=MAX_BODY, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    file = forms.FileField(label=_("或者上传文件"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="attach_%s", **kwargs)
        print_only(self)

    def clean(self):
        given = super().clean()
        if not self.errors and bool(given.get("body")) == bool(given.get("file")):
            raise ValidationError({"body": _("请写附件正文或者上传文件，二者取一。")})
        return given


class AsksReasons(forms.Form):
    """A form that asks why a rule is to be set aside, once for each finding that a reason lifts."""

    def ask_reasons(self, findings, kept: dict[str, str]) -> None:
        for finding in findings:
            self.fields[f"reason_{finding.rule}"] = forms.CharField(
                label=f"{finding.message}（{finding.basis}）",
                max_length=200,
                required=False,
                initial=kept.get(finding.rule, ""),
                validators=[printable],
                help_text=_("确需如此的，写明理由"),
            )
            self.fields[f"reason_{finding.rule}"].needed = True

    def asking_reasons(self) -> list:
        return [field for field in self if field.name.startswith("reason_")]

    def reasons(self) -> dict[str, str]:
        named = {key: value for key, value in self.cleaned_data.items() if key.startswith("reason_")}
        return {key.removeprefix("reason_"): value for key, value in named.items()}


class SubmitForm(AsksReasons):
    """Who countersigns, who was chosen for the stages that let the drafter choose, and the reasons for going against
    a rule that allows exceptions. `stages` are those to choose people for; `before` what was chosen last time."""

    departments = SeveralOf(None, label=_("会签部门"), required=False)

    def __init__(self, *args, document, overrides=(), stages=(), before: Choice, **kwargs):
        super().__init__(*args, initial={"departments": before.departments}, **kwargs)
        self.before, self.stages = before, stages
        headed = Department.objects.filter(is_active=True, parent=None, posts__is_head=True).distinct()
        own = document.department.ancestors_and_self().values("pk")
        self.fields["departments"].queryset = headed.exclude(pk__in=own)
        for stage in stages:
            self.fields[f"people_{stage.pk}"] = people_field(stage, document, before.at(stage))
        self.ask_reasons(overrides, document.overrides)

    def choosing(self) -> list:
        """The fields that say whom the paper goes to; the others ask for reasons."""
        return [self["departments"], *(self[f"people_{stage.pk}"] for stage in self.stages)]

    def choice(self) -> Choice:
        """What was ticked, leaving out what could not be taken; before anything is, what was chosen last time."""
        if not self.is_bound:
            return self.before
        self.errors  # noqa: B018  asking for them cleans the form
        given = self.cleaned_data
        people = {str(stage.pk): keys(given.get(f"people_{stage.pk}")) for stage in self.stages}
        return Choice(keys(given.get("departments")), {stage: chosen for stage, chosen in people.items() if chosen})
