"""The forms of 征求意见: whom to ask and what, the answer, the settlement of an opinion, and the departments concerned.

A form refuses only what is missing or of the wrong form; whether a deed may be done is for the deed to say.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from documents.chosen import OnePerson, SeveralOf
from documents.consulting import answers
from documents.decision_forms import NOT_OFFERED, FilesField, in_office_words, reason_field
from documents.forms import calendar, translated
from documents.models import Consulted, Outcome
from documents.reading import NUMBER_HINT, NUMBER_PATTERN
from officehub.people.models import Department, Person

MOST_UNITS, LONGEST_UNIT = 20, 60
MOST_DAYS = 30


def headed(document):
    """The departments that may be asked: those with a head, but the drafter's own and those above it."""
    found = Department.objects.filter(is_active=True, parent=None, posts__is_head=True).distinct()
    return found.exclude(pk__in=document.department.ancestors_and_self().values("pk"))


class InOfficeWords(forms.Form):
    """A form whose fields take nothing that cannot be printed, and say what is too long in the office's words."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.arrange()
        in_office_words(self)

    def arrange(self) -> None:
        """What depends on the case."""


class AskForm(InOfficeWords):
    """Which departments and units are asked, and what."""

    departments = SeveralOf(None, label=_("征求意见的部门"), required=False)
    units = forms.CharField(
        label=_("系统外单位"), max_length=1500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("一行一个全称；其复函由您登记，附扫描件"),
    )  # fmt: skip
    question = forms.CharField(
        label=_("请对方研究的事项"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, document, **kwargs):
        self.document = document
        super().__init__(*args, **kwargs)

    def arrange(self) -> None:
        self.fields["departments"].queryset = headed(self.document)
        self.fields["departments"].needed = True
        self.fields["departments"].initial = list(self.document.concerns.values_list("department", flat=True))

    def clean_units(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["units"].splitlines()]
        units = list(dict.fromkeys(filter(None, lines)))
        if len(units) > MOST_UNITS or any(len(unit) > LONGEST_UNIT for unit in units):
            raise ValidationError(_("系统外单位最多20个，每个不超过60字，一行一个。"))
        return units

    def clean(self):
        given = super().clean()
        if not self.errors and not given.get("departments") and not given.get("units"):
            raise ValidationError({"departments": _("请选择征求意见的部门，或者写明系统外单位。")})
        return given


class AnswerForm(InOfficeWords):
    """The answer of a department; who is not its head says with whose consent."""

    answer = forms.ChoiceField(
        label=_("答复"), choices=translated(Consulted.Answer.choices), widget=forms.RadioSelect,
        error_messages={"required": _("请选择答复。"), **NOT_OFFERED},
    )  # fmt: skip
    text = forms.CharField(
        label=_("意见"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("有修改意见或者不同意的，请逐条写明"),
    )  # fmt: skip
    responsible = OnePerson(None, label=_("经本部门负责人同意"), empty_label=None, required=True)
    files = FilesField()

    def __init__(self, *args, consulted, person, today, **kwargs):
        self.consulted, self.person, self.today = consulted, person, today
        super().__init__(*args, auto_id="answer-%s", **kwargs)

    def arrange(self) -> None:
        self.fields["text"].needed = True
        heads = answers.heads_of(self.consulted, self.today)
        if self.person in heads:
            del self.fields["responsible"]
            return
        field = self.fields["responsible"]
        field.queryset = Person.objects.filter(pk__in=[one.pk for one in heads]).select_related("department")
        field.error_messages["required"] = _("请选择同意此答复的负责人。")
        if not heads:
            field.help_text = _("本部门没有负责人，请系统管理员在“岗位”中补充。")

    def clean(self):
        given = super().clean()
        if given.get("answer") in Consulted.OPINIONS and not given.get("text", "").strip():
            self.add_error("text", _("有修改意见或者不同意的，请写明意见。"))
        return given


class LetterForm(AnswerForm):
    """What a unit outside the system wrote, as the drafter enters it."""

    number = forms.CharField(
        label=_("复函字号"), max_length=60, validators=[RegexValidator(rf"^{NUMBER_PATTERN}$", NUMBER_HINT)]
    )
    dated = forms.DateField(
        label=_("复函日期"), widget=calendar(),
        error_messages={"invalid": _("请填写日期，如 2026-11-23。")},
    )  # fmt: skip
    field_order = ("answer", "text", "number", "dated", "files")

    def arrange(self) -> None:
        del self.fields["responsible"]
        self.fields["text"].needed = True
        self.fields["files"].required = True
        self.fields["files"].label = _("复函扫描件")

    def clean_dated(self):
        dated = self.cleaned_data["dated"]
        if dated > self.today:
            raise ValidationError(_("复函日期不能晚于今天。"))
        return dated

    def clean_files(self):
        if not self.cleaned_data["files"]:
            raise ValidationError(_("请附复函的扫描件。"))
        return self.cleaned_data["files"]


def talks_fields() -> dict:
    return {
        "talks": forms.CharField(
            label=_("协商经过"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("何时由谁同谁协商，各方理据，怎样取得一致；报上级裁定的，写明裁定人和意见"),
        ),
        "outcome": forms.ChoiceField(
            label=_("协商结果"), choices=translated(Outcome.choices), required=False,
            widget=forms.RadioSelect, error_messages=NOT_OFFERED,
        ),
    }  # fmt: skip


class SettleForm(InOfficeWords):
    """What becomes of one opinion; of a disagreement also how it was talked over."""

    decision = forms.ChoiceField(
        label=_("采纳情况"), choices=translated(Consulted.Decision.choices), widget=forms.RadioSelect,
        error_messages={"required": _("请选择采纳情况。"), **NOT_OFFERED},
    )  # fmt: skip
    explanation = forms.CharField(
        label=_("说明"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("采纳的，可写改在何处；未全部采纳的，须写明理由"),
    )  # fmt: skip

    def __init__(self, *args, consulted, **kwargs):
        self.consulted = consulted
        names = ("decision", "explanation", "talks", "outcome")
        super().__init__(*args, initial={name: getattr(consulted, name) for name in names}, **kwargs)

    def arrange(self) -> None:
        self.fields["explanation"].needed = True
        if self.consulted.answer == Consulted.Answer.OBJECT:
            self.fields.update(talks_fields())
            self.fields["talks"].needed = self.fields["outcome"].needed = True


class TalksForm(InOfficeWords):
    """协商 with a department that disagreed when it countersigned."""

    def arrange(self) -> None:
        self.fields.update(talks_fields())
        for name in ("talks", "outcome"):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = _("请写明协商经过和结果。")


class ConcernsForm(forms.Form):
    """Whose powers the paper touches."""

    departments = SeveralOf(None, label=_("涉及哪些部门的职权"), required=False)

    def __init__(self, *args, document, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["departments"].queryset = headed(document)
        self.fields["departments"].initial = list(document.concerns.values_list("department", flat=True))


class ExtendForm(InOfficeWords):
    days = forms.IntegerField(
        label=_("自今日起的工作日数"), min_value=1, max_value=MOST_DAYS, initial=3,
        error_messages={"invalid": _("请写一个整数。"), "required": _("请写明天数。")},
    )  # fmt: skip
    reason = reason_field(_("延期理由"))


class CloseForm(InOfficeWords):
    reason = reason_field(_("提前结束的理由"), required=False, help_text=_("还有部门没有答复的，须写明"))


class WithdrawForm(InOfficeWords):
    reason = reason_field(_("撤回理由"))
