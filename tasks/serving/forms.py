"""The forms of 服务事项. What is typed is kept; what cannot be taken is said by its field."""

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.chosen import OnePerson
from documents.decision_forms import in_office_words
from documents.forms import calendar, translated
from officehub.people.models import Department, Organ
from officehub.people.models.persons import addressable
from officehub.web.listing import ids
from officehub.workdays.arithmetic import FURTHEST, Unit
from tasks.models import RequestAnswer, ServiceRequest


def box(label, longest: int = 2000, **kwargs) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": 4}), **kwargs)


class AskForm(forms.Form):
    organ = forms.ModelChoiceField(None, label=_("向谁提出"), empty_label=None)
    kind = forms.ChoiceField(label=_("类别"), initial=ServiceRequest.Kind.DEPARTMENTS)
    title = forms.CharField(label=_("事项"), max_length=200, help_text=_("一句话说清需要办什么。"))
    details = box(_("具体内容"), required=False)
    contact = forms.CharField(label=_("联系人和电话"), max_length=120)
    wished_on = forms.DateField(label=_("希望办结日期"), required=False, widget=calendar())

    def __init__(self, data=None, *, person, today, **kwargs):
        super().__init__(data, initial={"contact": f"{person.name} {person.phone}".strip()}, **kwargs)
        self.today = today
        self.fields["kind"].choices = translated(ServiceRequest.Kind.choices)
        self.fields["organ"].queryset = Organ.objects.filter(is_own=True).order_by("-kind", "id")
        in_office_words(self)

    def clean_wished_on(self):
        day = self.cleaned_data["wished_on"]
        if day and day < self.today:
            raise forms.ValidationError(_("已经过去，请填今天或以后的日期。"))
        return day


class AnswerForm(forms.Form):
    text = box(_("答复内容"))
    seen_round = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_office_words(self)


class RateForm(forms.Form):
    rating = forms.ChoiceField(
        label=_("您对答复是否满意"), widget=forms.RadioSelect, error_messages={"required": _("请选择一项。")}
    )
    words = box(_("评价"), longest=500, required=False, help_text=_("不满意的，须写明原因，将重新办理。"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rating"].choices = translated(RequestAnswer.Rating.choices)
        in_office_words(self)

    def clean(self):
        given = super().clean()
        if given.get("rating") == RequestAnswer.Rating.DISSATISFIED and not given.get("words", "").strip():
            self.add_error("words", _("不满意的，请写明原因，以便重新办理。"))
        return given


class OneDepartment(forms.ModelChoiceField):
    def to_python(self, value):
        if value and not ids([value]):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class TakeUpForm(forms.Form):
    """What a request becomes as a task: to whom, by when."""

    title = forms.CharField(label=_("任务名称"), max_length=200)
    details = box(_("具体要求"), required=False)
    lead_unit = OneDepartment(None, label=_("牵头单位"), required=False, empty_label="——")
    lead_person = OnePerson(None, label=_("承办人"), required=False, widget=forms.Select, empty_label="——")
    limit_value = forms.IntegerField(label=_("时限"), min_value=1, max_value=FURTHEST)
    limit_unit = forms.ChoiceField(label=_("时限单位"))

    def __init__(self, data=None, *, request, person, **kwargs):
        initial = {"title": request.title, "details": request.details, "limit_value": 3, "limit_unit": "working_days"}
        super().__init__(data, initial=initial, **kwargs)
        self.fields["limit_unit"].choices = translated(Unit.choices)
        active = Department.objects.filter(is_active=True).order_by("order", "path")
        self.fields["lead_unit"].queryset = active
        self.fields["lead_person"].queryset = (
            addressable().exclude(pk=person.pk).select_related("department").order_by("department__path", "name_key")
        )
        in_office_words(self)

    def clean(self):
        given = super().clean()
        if not self.errors and not given.get("lead_unit") and not given.get("lead_person"):
            self.add_error("lead_unit", _("牵头单位、承办人至少填一项。"))
        return given

    def plain(self) -> dict:
        """As `tasks.given` takes it."""
        said = {**self.cleaned_data}
        for name in ("lead_unit", "lead_person"):
            said[name] = said[name].pk if said[name] else None
        return said


class FilterForm(forms.Form):
    words = forms.CharField(label=_("事项或单位"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("状态"), required=False)
    since = forms.DateField(label=_("自"), required=False, widget=calendar())
    until = forms.DateField(label=_("至"), required=False, widget=calendar())
    overdue = forms.BooleanField(label=_("只看逾期"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("全部")), *translated(ServiceRequest.State.choices)]
