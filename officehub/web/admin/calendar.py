"""The working calendar: day by day, a year's arrangement taken in as a list, and what every change of it moved."""

from datetime import MAXYEAR, MINYEAR
from urllib.parse import quote

from django import forms
from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from officehub.audit.record import record
from officehub.web.admin_pages import OfficeAdmin, ViewOnly
from officehub.web.listing import ids
from officehub.web.moved import COLUMNS, moved_rows, sheet_rows
from officehub.web.workbook import KIND, long_workbook
from officehub.workdays.arrangement import ListRefused, read
from officehub.workdays.change import KEPT, compared, set_days, take
from officehub.workdays.models import CalendarChange, CalendarDay, DayChange

LARGEST_FILE = 64 * 1024  # bytes


class ListForm(forms.Form):
    """A year's arrangement, pasted or as a file."""

    year = forms.IntegerField(label=_("年份"), validators=[MinValueValidator(2000), MaxValueValidator(2099)])
    text = forms.CharField(
        label=_("名单或通知"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 16, "cols": 80}),
        help_text=_(
            "名单一行一天：2027-01-01,休,元旦,国办发明电〔2026〕×号；或通知的 JSON（year、papers、days）。"
            "可以调整上年12月；未列出的日子按星期计，一并确认。"
        ),
    )
    file = forms.FileField(label=_("或上传文件（UTF-8 的 CSV 或 JSON）"), required=False)
    local = forms.BooleanField(
        label=_("本地规定"),
        required=False,
        help_text=_("民族自治地方等本地假日：只改所列日子，以后导入国家安排时保留不动"),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file is None:
            return ""
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("文件过大，一年的名单不会超过 64 KB。"))
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("文件不是 UTF-8 文字，请另存为 UTF-8。")) from error

    def clean(self):
        text, file = self.cleaned_data.get("text"), self.cleaned_data.get("file")
        if "year" not in self.cleaned_data or "file" not in self.cleaned_data:
            return self.cleaned_data
        if bool(text) == bool(file):
            raise forms.ValidationError(_("请粘贴名单或上传文件，二者取一。"))
        try:
            self.cleaned_data["lines"] = read(text or file or "", self.cleaned_data["year"])
        except ListRefused as refused:
            raise forms.ValidationError(refused.faults) from refused
        return self.cleaned_data

    @property
    def taken(self) -> dict:
        """What is sent back with the preview, to be taken as it was seen."""
        given = self.cleaned_data
        return {"year": given["year"], "text": given["text"] or given["file"], "local": "on" if given["local"] else ""}


class YearFilter(admin.SimpleListFilter):
    title = _("年份")
    parameter_name = "year"

    def lookups(self, request, model_admin):
        return [(day.year, str(day.year)) for day in CalendarDay.objects.dates("date", "year", order="DESC")]

    def queryset(self, request, queryset):
        years = [year for year in ids([str(self.value() or "")]) if MINYEAR <= year <= MAXYEAR]
        return queryset.filter(date__year=years[0]) if years else queryset


@admin.register(CalendarDay)
class CalendarDayAdmin(OfficeAdmin):
    """The calendar has one audit chain as a whole: its days are named by date, not by number."""

    list_display = ["date", "weekday", "is_workday", "name", "confirmed", "is_local", "source"]
    list_filter = [YearFilter, "is_workday", "confirmed", "is_local"]
    search_fields = ["name", "source"]
    change_list_template = "admin/workdays/calendarday/change_list.html"

    @admin.display(description=_("星期"))
    def weekday(self, day):
        return weekday(day.date)

    def get_readonly_fields(self, request, obj=None):
        return ["date"] if obj else []

    def get_urls(self):
        own = path("import/", self.admin_site.admin_view(self.import_list), name="workdays_calendarday_import")
        return [own, *super().get_urls()]

    # --- a year ---------------------------------------------------------------------------------------------------

    def import_list(self, request):
        """First what would change, then, when that is confirmed, the list as it was seen."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        form, seen = ListForm(request.POST or None, request.FILES or None), None
        if request.method == "POST" and form.is_valid():
            if request.POST.get("take"):
                return self.take_list(request, form.cleaned_data)
            seen = self.preview(form)
        title = _("核对年度安排") if seen else _("导入年度安排")
        context = {
            **self.admin_site.each_context(request),
            "form": form,
            "title": title,
            "opts": self.opts,
            "seen": seen,
        }
        return render(request, "admin/workdays/calendarday/import.html", context)

    def preview(self, form: ListForm) -> dict:
        given = form.cleaned_data
        taken = compared(given["lines"], given["year"], local=given["local"])
        named = [{"date": one.date, "weekday": weekday(one.date), "was": day_said(one.was, one.date),
                  "became": day_said(one.became, one.date)} for one in taken.named]  # fmt: skip
        return {"taken": taken, "named": named, "plain": len(taken.changed) - len(named), "fields": form.taken}

    @transaction.atomic
    def take_list(self, request, given):
        now = timezone.now()
        taken, change = take(given["lines"], given["year"], by=request.user, now=now, local=given["local"])
        facts = {"year": given["year"], "listed": len(given["lines"]), "source": given["lines"][0].source}
        self._record("calendar_confirmed", request.user, facts | ({"is_local": True} if given["local"] else {}))
        self.message_user(request, _("已确认 %(count)s 天。") % {"count": taken.written}, messages.SUCCESS)
        if change is None:
            return redirect("admin:workdays_calendarday_changelist")
        return redirect("admin:workdays_calendarchange_change", change.pk)

    # --- one day ----------------------------------------------------------------------------------------------------

    def save_model(self, request, obj, form, change):
        row = {name: getattr(obj, name) for name in KEPT}
        set_days({obj.date: row}, by=request.user, now=timezone.now())

    def delete_model(self, request, obj):
        set_days({obj.date: None}, by=request.user, now=timezone.now())

    def delete_queryset(self, request, queryset):
        days = dict.fromkeys(queryset.values_list("date", flat=True))
        set_days(days, by=request.user, now=timezone.now())

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


def weekday(day) -> str:
    return "星期" + "一二三四五六日"[day.weekday()]


def day_said(row: dict | None, day) -> str:
    """班 or 休 with the holiday's name; what nobody has confirmed is said to be reckoned."""
    if row is None:
        return said("%(worked)s（按推算）") % {"worked": said("班") if day.weekday() < 5 else said("休")}
    worked = said("班") if row["is_workday"] else said("休")
    local = said("，本地规定") if row["is_local"] else ""
    return " ".join(part for part in (worked, row["name"]) if part) + local


class DayInline(admin.TabularInline):
    """The days a change is about; a whole confirmed year is told by those that are not plain."""

    model = DayChange
    fields = ["date", "was_said", "became_said", "from_where"]
    readonly_fields = ["date", "was_said", "became_said", "from_where"]
    can_delete = False
    extra = 0
    verbose_name_plural = _("变更的日子（不含按星期确认的）")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        plain = {"was": None, "became__name": ""}
        named = super().get_queryset(request)
        return named.exclude(**plain, became__is_workday=True, date__week_day__in=range(2, 7)).exclude(
            **plain, became__is_workday=False, date__week_day__in=(1, 7)
        )

    @admin.display(description=_("原为"))
    def was_said(self, one):
        return day_said(one.was, one.date)

    @admin.display(description=_("改为"))
    def became_said(self, one):
        return day_said(one.became, one.date)

    @admin.display(description=_("来源"))
    def from_where(self, one):
        return (one.became or one.was)["source"]


@admin.register(CalendarChange)
class CalendarChangeAdmin(ViewOnly):
    """What every change of the calendar moved: by number and person, never by title (三员分立)."""

    list_display = ["at", "how", "year", "source", "by", "moved_count", "settled", "done_at"]
    list_select_related = ["by"]
    list_per_page = 50
    fields = ["at", "how", "year", "source", "by", "first", "last", "moved_count", "settled", "done_at", "sheet"]
    inlines = [DayInline]
    change_form_template = "admin/workdays/calendarchange/change_form.html"

    def get_urls(self):
        own = path("<int:pk>/moved.xlsx", self.admin_site.admin_view(self.export), name="workdays_calendarchange_moved")
        return [own, *super().get_urls()]

    @admin.display(description=_("变动时限"))
    def moved_count(self, change):
        return change.moves.count()

    @admin.display(description=_("变动清单"))
    def sheet(self, change):
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:workdays_calendarchange_moved", args=[change.pk]), _("导出 Excel")
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        found = CalendarChange.objects.filter(pk__in=ids([object_id])).first()
        shown = moved_rows(found.moves.all(), LONGEST_SHOWN) if found else []
        return super().change_view(request, object_id, form_url, {"moved": shown, "longest": LONGEST_SHOWN})

    def export(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        change = get_object_or_404(CalendarChange, pk=pk)
        name = said("时限变动清单")
        file = long_workbook(name, COLUMNS(), sheet_rows(change.moves.all()))
        answer = FileResponse(file, as_attachment=True, content_type=KIND)
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{name}-{change.pk}.xlsx')}"
        return answer


LONGEST_SHOWN = 500  # on the page; the sheet has all
