"""The forms of disclosure, the archive and appraisal. A form refuses what is missing; whether the deed may be done is
the verb's to say."""

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.forms import calendar, print_only, translated
from documents.models import Appraisal, ArchivalItem, DisclosureRecord, LeftOut, Retention

Status = DisclosureRecord.Status


class PlainForm(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        print_only(self)


def day_field(label, **kwargs) -> forms.DateField:
    return forms.DateField(label=label, widget=calendar(), **kwargs)


def reason_field(label, most: int = 500, **kwargs) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)


class PublishForm(PlainForm):
    day = day_field(_("公开日期"))
    channel = forms.ChoiceField(label=_("公开方式"), choices=lambda: translated(DisclosureRecord.Channel.choices))
    place = forms.CharField(label=_("公开位置"), max_length=300, help_text=_("网址、公报期号或张贴地点"))


class ReviewForm(PlainForm):
    status = forms.ChoiceField(label=_("审查结论"), widget=forms.RadioSelect)
    reason = reason_field(_("理由"))

    def __init__(self, *args, was: str, **kwargs):
        super().__init__(*args, **kwargs)
        offered = {
            Status.EXEMPT: _("维持不予公开"),
            Status.ON_REQUEST: _("转为依申请公开"),
            Status.PROACTIVE: _("转为主动公开"),
        }
        if was == Status.ON_REQUEST:
            offered = {Status.ON_REQUEST: _("维持依申请公开"), Status.PROACTIVE: _("转为主动公开")}
        self.fields["status"].choices = list(offered.items())


class ArchiveForm(PlainForm):
    retention = forms.ChoiceField(label=_("保管期限"), choices=lambda: translated(Retention.choices))
    deviation = forms.CharField(
        label=_("与保管期限表不一致的理由"), max_length=200, required=False, help_text=_("按表归档的不必填写")
    )
    reason = forms.CharField(label=_("有人未签收而先行归档的理由"), max_length=200, required=False)


class LeaveOutForm(PlainForm):
    ground = forms.ChoiceField(label=_("不归档范围"), choices=lambda: translated(LeftOut.Ground.choices))
    reason = forms.CharField(label=_("说明"), max_length=200, widget=forms.Textarea({"rows": 2}))  # Enter sends nothing


class PackageForm(PlainForm):
    """Which items of which fonds are to be handed over."""

    fonds = forms.ChoiceField(label=_("全宗号"))
    year_from = forms.IntegerField(label=_("起始年度"), min_value=1949, max_value=2199)
    year_to = forms.IntegerField(label=_("截止年度"), min_value=1949, max_value=2199)
    retention = forms.ChoiceField(
        label=_("保管期限"), required=False, choices=lambda: [("", _("全部")), *translated(Retention.choices)]
    )

    def __init__(self, *args, fonds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["fonds"].choices = [(one, one) for one in fonds]

    def clean(self):
        given = super().clean() or self.cleaned_data
        first, last = given.get("year_from"), given.get("year_to")
        if first and last and last < first:
            self.add_error("year_to", _("截止年度不能早于起始年度。"))
        return given


class HandOverForm(PlainForm):
    day = day_field(_("移交日期"))
    receiver = forms.CharField(label=_("接收单位"), max_length=60)


class AppraiseForm(PlainForm):
    """One decision for the items ticked in the list."""

    items = forms.ModelMultipleChoiceField(
        None,
        label=_("文件"),
        error_messages={"required": _("请先勾选文件。"), "invalid_choice": _("所选文件已变动，请重新勾选。")},
    )
    decision = forms.ChoiceField(label=_("鉴定结论"), choices=lambda: translated(Appraisal.Decision.choices))
    retention = forms.ChoiceField(
        label=_("续存期限"), required=False, choices=lambda: [("", _("—")), *translated(Retention.choices)]
    )
    reason = reason_field(_("理由"))

    def __init__(self, *args, items=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["items"].queryset = ArchivalItem.objects.none() if items is None else items

    def clean(self):
        given = super().clean() or self.cleaned_data
        if given.get("decision") == Appraisal.Decision.EXTEND and not given.get("retention"):
            self.add_error("retention", _("续存的，请选择续存期限。"))
        return given


class AnswerForm(PlainForm):
    words = forms.CharField(label=_("审批意见"), max_length=500, required=False, help_text=_("不批准的必填"))
