"""The forms of sending: whom it goes to, and what is asked besides."""

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.chosen import SeveralOf
from documents.forms import calendar, print_only, translated
from documents.models import Recall, Return, SendingList
from documents.models.copies import LARGEST_NUMBER
from documents.picking import PeopleField
from documents.sending import lists
from documents.sending.whom import Whom
from officehub.people.models import Department


class WhomForm(forms.Form):
    """Departments and people to tick, and lists that stand for many of them; together each counts once."""

    lists = SeveralOf(SendingList.objects.none(), label=_("常用分送范围"), required=False)
    departments = SeveralOf(Department.objects.filter(is_active=True), label=_("分送部门"), required=False)
    people = PeopleField("person", label=_("分送人员"), required=False)

    def __init__(self, *args, person, whom: Whom | None = None, **kwargs):
        start = (
            {"departments": [d.pk for d in whom.departments], "people": [str(p.pk) for p in whom.people]}
            if whom
            else {}
        )
        super().__init__(*args, initial={**start, **kwargs.pop("initial", {})}, **kwargs)
        self.fields["lists"].queryset = lists.offered_to(person)
        self.left_out: list[str] = []
        print_only(self)

    def whom(self) -> Whom:
        """Everybody chosen, each once; `left_out` names those of the lists who cannot be sent to any more."""
        given = self.cleaned_data
        listed, self.left_out = lists.together(given["lists"])
        return Whom(list(given["departments"]), list(given["people"])) + listed

    def ticked(self, name: str) -> set[str]:
        """The ids that stand ticked in a group of boxes."""
        value = self[name].value() or []
        return {str(getattr(one, "pk", one)) for one in value}


class NumberedForm(WhomForm):
    """Whom, and whether each copy is numbered."""

    numbered = forms.BooleanField(label=_("编份号（每个对象一份，印有份号和受文对象）"), required=False)
    first_number = forms.IntegerField(
        label=_("起始份号"),
        min_value=1,
        max_value=LARGEST_NUMBER,
        required=False,
        help_text=_("六位数；不填即接着上次编"),
    )

    def numbers_from(self, next_number: int) -> int | None:
        given = self.cleaned_data
        return (given["first_number"] or next_number) if given["numbered"] else None


class DistributeForm(NumberedForm):
    beyond = forms.CharField(
        label=_("超出拟定范围的理由"), max_length=200, required=False, help_text=_("分送给拟定范围以外的对象时填写")
    )


class FurtherForm(NumberedForm):
    reason = forms.CharField(label=_("补发说明"), max_length=200, required=False)


class UnnumberedForm(forms.Form):
    reason = forms.CharField(
        label=_("不编份号的理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("编好的份号印件作废，份号不再使用"),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        print_only(self)


class AskWideningForm(WhomForm):
    reason = forms.CharField(
        label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("为何须让他们知悉")
    )


class AnswerWideningForm(forms.Form):
    answer = forms.CharField(
        label=_("答复"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("不批准须写明理由"),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        print_only(self)


class PassOnForm(forms.Form):
    people = PeopleField("person", label=_("转阅人员"), help_text=_("限本部门及其下设科室的人员"))
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        print_only(self)


class ListForm(WhomForm):
    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("如“各县区”“市直部门”"))
    organ = forms.ModelChoiceField(None, label=_("使用范围"), required=False, empty_label=_("仅本人使用"))

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, person=person, **kwargs)
        del self.fields["lists"]
        self.fields["organ"].queryset = lists.kept_organs(person)
        self.fields["organ"].label_from_instance = lambda organ: _("%(organ)s共用") % {"organ": organ.short_name}
        if not self.fields["organ"].queryset:
            del self.fields["organ"]

    def whom(self) -> Whom:
        return Whom(list(self.cleaned_data["departments"]), list(self.cleaned_data["people"]))


class RecallForm(forms.Form):
    """Why, by when, and whether it can still be read meanwhile."""

    reason = forms.CharField(label=_("清退事由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    due_on = forms.DateField(label=_("清退时限"), widget=calendar())
    access = forms.ChoiceField(
        label=_("查阅"), choices=translated(Recall.Access.choices), widget=forms.RadioSelect, initial="at_once"
    )

    def __init__(self, *args, today, provisional=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        if provisional:
            self.fields["due_on"].help_text = _("建议的日期按推算：途经的放假安排尚未确认。")
        print_only(self)

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day < self.today:
            raise forms.ValidationError(_("清退时限不能早于今天。"))
        return day

    def due_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["due_on"], time(23, 59, 59)))


class ConfirmReturnForm(forms.Form):
    how = forms.ChoiceField(
        label=_("处理"), choices=translated(Return.How.choices[:2]), widget=forms.RadioSelect, initial="returned"
    )
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        print_only(self)


class CloseRecallForm(forms.Form):
    remark = forms.CharField(
        label=_("办结说明"), max_length=200, required=False, help_text=_("还有未清退的，须写明情况")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        print_only(self)
