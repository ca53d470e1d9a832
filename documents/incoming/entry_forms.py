"""The forms of the register of receipt: a line as it is entered, uploads, and what it is looked through for."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.decision_forms import FilesField
from documents.forms import choices, translated
from documents.incoming.duty import organs_registering
from documents.incoming.forms import Guarded, day, reason
from documents.models import Incoming
from documents.models.incoming import INCOMING_KINDS, URGENCIES


class EntryForm(Guarded):
    """A line of the register, in the order the eye finds it on the paper; the keyboard goes through it once."""

    sender_name = forms.CharField(label=_("来文机关"), max_length=120)
    document_number = forms.CharField(
        label=_("来文字号"), max_length=60, required=False, help_text=_("括号、全角数字会自动改正")
    )
    title = forms.CharField(label=_("标题"), max_length=200)
    kind = forms.ChoiceField(label=_("文种"), choices=choices(INCOMING_KINDS), initial="通知")
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=[("", _("无")), *choices(URGENCIES)], required=False)
    important = forms.BooleanField(label=_("重要公文"), required=False)
    dated = day(_("成文日期"))
    copies = forms.IntegerField(label=_("份数"), min_value=1, max_value=100_000, initial=1)
    pages = forms.IntegerField(label=_("页数"), min_value=1, max_value=100_000, required=False)
    source = forms.ChoiceField(label=_("来文渠道"), choices=translated(Incoming.Source.choices))
    received_at = forms.DateTimeField(
        label=_("签收时间"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    receiver = forms.CharField(label=_("签收人"), max_length=60)
    asked_due = day(_("来文要求的时限"))
    recipients = forms.CharField(label=_("主送机关"), max_length=300, required=False)
    cc = forms.CharField(label=_("抄送机关"), max_length=300, required=False)
    contact = forms.CharField(label=_("联系人和电话"), max_length=120, required=False)
    remarks = forms.CharField(label=_("备注"), max_length=200, required=False)

    def __init__(self, *args, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now
        self.guard()
        self.fields["dated"].needed = self.fields["document_number"].needed = True

    def clean_received_at(self):
        value = self.cleaned_data["received_at"]
        if value > self.now + timedelta(minutes=5):
            raise ValidationError(_("签收时间还没有到，请核对。"))
        return value

    def clean_dated(self):
        value = self.cleaned_data["dated"]
        if value and value > timezone.localdate(self.now):
            raise ValidationError(_("成文日期还没有到，请核对。"))
        return value

    def entry(self) -> dict:
        return {name: self.cleaned_data[name] for name in Incoming.REGISTERED_FACTS}


class RegisterForm(EntryForm):
    """A new line; the reason for a second one of the same paper is asked for when there is one."""

    organ = forms.ModelChoiceField(None, label=_("收文机关"), empty_label=None)
    twin_reason = forms.CharField(label=_("重复登记的理由"), max_length=200, required=False)
    files = FilesField()
    field_order = ["organ", *EntryForm.base_fields]

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        organs = organs_registering(person)
        self.fields["files"].label = _("随本件登记的文件")
        self.fields["files"].help_text = _("没有先上传的，在此选择：第一份为正文，其余为附件")
        field = self.fields["organ"]
        field.queryset = type(organs[0]).objects.filter(pk__in=[one.pk for one in organs])
        field.initial = kwargs.get("initial", {}).get("organ") or organs[0].pk


class CorrectForm(EntryForm):
    reason = reason(_("更正的理由"))


class UploadForm(forms.Form):
    uploads = FilesField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["uploads"].label = _("扫描件或文件")
        self.fields["uploads"].help_text = _("PDF、图片、.docx 等，可一次选多份，逐份登记")


WITHIN = [MinValueValidator(date(1949, 10, 1)), MaxValueValidator(date(2199, 12, 31))]  # days one can reckon with


class FilterForm(forms.Form):
    """What the register is looked through for; what is not understood filters nothing."""

    sender = forms.CharField(label=_("来文机关"), max_length=60, required=False)
    since = day(_("登记自"), validators=WITHIN)
    until = day(_("至"), validators=WITHIN)
    state = forms.ChoiceField(label=_("状态"), required=False)
    overdue = forms.BooleanField(label=_("只看逾期"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("全部")), *translated(Incoming.State.choices)]
