"""The working calendar: day by day, and a year's arrangement pasted in as a list."""

from datetime import MAXYEAR, MINYEAR

from django import forms
from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officehub.audit.record import record
from officehub.web.admin_pages import OfficeAdmin
from officehub.web.listing import ids
from officehub.workdays.arrangement import ListRefused, confirm, read_list
from officehub.workdays.models import CalendarDay

LARGEST_FILE = 64 * 1024  # bytes


class ListForm(forms.Form):
    """A year's arrangement, pasted or as a file."""

    year = forms.IntegerField(label=_("年份"), validators=[MinValueValidator(2000), MaxValueValidator(2099)])
    text = forms.CharField(
        label=_("名单"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 16, "cols": 80}),
        help_text=_("一行一天：2027-01-01,休,元旦,国办发明电〔2026〕×号。未列出的日子按星期计，一并确认。"),
    )
    file = forms.FileField(label=_("或上传 CSV 文件（UTF-8）"), required=False)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file is None:
            return ""
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("文件过大，一年的名单不会超过 64 KB。"))
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("文件不是 UTF-8 文字，请另存为 UTF-8 的 CSV。")) from error

    def clean(self):
        text, file = self.cleaned_data.get("text"), self.cleaned_data.get("file")
        if "year" not in self.cleaned_data or "file" not in self.cleaned_data:
            return self.cleaned_data
        if bool(text) == bool(file):
            raise forms.ValidationError(_("请粘贴名单或上传文件，二者取一。"))
        try:
            self.cleaned_data["lines"] = read_list(text or file or "", self.cleaned_data["year"])
        except ListRefused as refused:
            raise forms.ValidationError(refused.faults) from refused
        return self.cleaned_data


class YearFilter(admin.SimpleListFilter):
    title = _("年份")
    parameter_name = "year"

    def lookups(self, request, model_admin):
        return [(day.year, str(day.year)) for day in CalendarDay.objects.dates("date", "year", order="DESC")]

    def queryset(self, request, queryset):
        years = [year for year in ids([self.value() or ""]) if MINYEAR <= year <= MAXYEAR]
        return queryset.filter(date__year=years[0]) if years else queryset


@admin.register(CalendarDay)
class CalendarDayAdmin(OfficeAdmin):
    """The calendar has one audit chain as a whole: its days are named by date, not by number."""

    list_display = ["date", "weekday", "is_workday", "name", "confirmed", "source"]
    list_filter = [YearFilter, "is_workday", "confirmed"]
    search_fields = ["name", "source"]
    change_list_template = "admin/workdays/calendarday/change_list.html"

    @admin.display(description=_("星期"))
    def weekday(self, day):
        return "星期" + "一二三四五六日"[day.date.weekday()]

    def get_readonly_fields(self, request, obj=None):
        return ["date"] if obj else []

    def get_urls(self):
        own = path("import/", self.admin_site.admin_view(self.import_list), name="workdays_calendarday_import")
        return [own, *super().get_urls()]

    def import_list(self, request):
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        form = ListForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            written = self.take(form.cleaned_data["lines"], form.cleaned_data["year"], request.user)
            self.message_user(request, _("已确认 %(count)s 天。") % {"count": written}, messages.SUCCESS)
            return redirect("admin:workdays_calendarday_changelist")
        context = {**self.admin_site.each_context(request), "form": form, "title": _("导入年度安排"), "opts": self.opts}
        return render(request, "admin/workdays/calendarday/import.html", context)

    @transaction.atomic
    def take(self, lines, year, by) -> int:
        written = confirm(lines, year)
        self._record("calendar_confirmed", by, {"year": year, "listed": len(lines), "source": lines[0].source})
        return written

    def _record(self, verb: str, by, facts: dict) -> None:
        calendar = ContentType.objects.get_for_model(CalendarDay)
        record(calendar, verb, by=by, now=timezone.now(), facts=facts)

    def log_addition(self, request, obj, message):
        self._record("added", request.user, {"date": str(obj.date), "is_workday": obj.is_workday})
        return super(OfficeAdmin, self).log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        self._record("changed", request.user, {"date": str(obj.date), "is_workday": obj.is_workday})
        return super(OfficeAdmin, self).log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for day in queryset:
            self._record("removed", request.user, {"date": str(day.date), "is_workday": day.is_workday})
        return super(OfficeAdmin, self).log_deletions(request, queryset)
