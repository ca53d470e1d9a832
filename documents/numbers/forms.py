"""The forms of numbering: which number a paper gets, and setting numbers aside, letting them go, beginning mid-year."""

from functools import reduce
from operator import or_

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.forms import AsksReasons, calendar, print_only
from documents.models import NumberEntry, Series
from documents.numbers.counter import upcoming
from documents.numbers.registering import takes_reason
from documents.numbers.reserve import MOST
from officehub.web.listing import ids


class OneRow(forms.ModelChoiceField):
    """One of the rows offered; what names none of them, or no row at all, is refused."""

    def to_python(self, value):
        if value not in self.empty_values and not ids([str(value)]):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class NextOf(OneRow):
    """One of the series, with the number that comes next."""

    def label_from_instance(self, obj):
        return _("%(series)s（下一个：%(number)s号）") % {"series": obj, "number": upcoming(obj, obj.period(self.year))}


class ReservedNumber(OneRow):
    """One of the numbers set aside, with what and whom for."""

    def label_from_instance(self, obj):
        held = obj.reservation
        return _("%(number)s（预留：%(reason)s，留给%(holder)s）") % {
            "number": obj, "reason": held.reason, "holder": held.holder,
        }  # fmt: skip


class NumberForm(AsksReasons):
    """The number of a paper: the next of a series, or one set aside; and a reason for each rule that asks for one."""

    series = NextOf(None, label=_("机关代字"), empty_label=None)
    reserved = ReservedNumber(None, label=_("号码"), required=False, empty_label=_("取下一个顺序号"))

    def __init__(self, *args, document, series, findings=(), **kwargs):
        super().__init__(*args, **kwargs)
        year = document.date_of_document().year
        self.fields["series"].queryset = Series.objects.filter(pk__in=[one.pk for one in series])
        self.fields["series"].year = year
        waiting = [Q(series=one, year=one.period(year)) for one in series]
        held = NumberEntry.objects.filter(reduce(or_, waiting, Q(pk__in=[]))).reserved()
        self.fields["reserved"].queryset = held.select_related("series", "reservation").order_by("series_id", "seq")
        self.fields["reserved"].needed = True  # the next number is an answer too
        self.ask_reasons([finding for finding in findings if takes_reason(finding)], document.overrides)

    @property
    def offers_reserved(self) -> bool:
        return self.fields["reserved"].queryset.exists()


class SeriesForm(forms.Form):
    """A form about one of the series one keeps."""

    series = OneRow(None, label=_("机关代字"), empty_label=None)

    def __init__(self, *args, kept, **kwargs):
        super().__init__(*args, **kwargs)
        print_only(self)
        self.fields["series"].queryset = Series.objects.filter(pk__in=kept, is_active=True).order_by("organ", "code")


class ReserveForm(SeriesForm):
    series = NextOf(None, label=_("机关代字"), empty_label=None)
    count = forms.IntegerField(label=_("预留几个号"), min_value=1, max_value=MOST, initial=1)
    first = forms.IntegerField(
        label=_("从几号起"),
        min_value=1,
        max_value=1_000_000,
        required=False,
        help_text=_("可以不填，即接着已用的号；填了而别人刚取了号的，不预留"),
    )
    holder = forms.CharField(label=_("留给谁"), max_length=60, help_text=_("部门或人员"))
    reason = forms.CharField(label=_("事由"), max_length=100)
    until = forms.DateField(
        label=_("留到哪天"),
        widget=calendar(),
        help_text=_("到期未用的，提醒编号人释放"),
    )

    def __init__(self, *args, year: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["series"].year = year


class ReleaseForm(forms.Form):
    """Which of a reservation's numbers go, and why."""

    scope = forms.ChoiceField(
        label=_("释放"), choices=[("one", _("只此一号")), ("all", _("这次预留中未用的全部"))], initial="one",
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = forms.CharField(label=_("原因"), max_length=90)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        print_only(self)


class OpeningForm(SeriesForm):
    year = forms.IntegerField(label=_("年份"), min_value=1949, max_value=9999)
    used = forms.IntegerField(
        label=_("已用到几号"), min_value=1, max_value=1_000_000, help_text=_("下一个号由此接着编")
    )
    reason = forms.CharField(
        label=_("说明"), max_length=100, help_text=_("如“1至86号已在旧系统使用，登记簿存机要文印科”")
    )
