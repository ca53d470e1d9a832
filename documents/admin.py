"""The number series (the system administrator's) and the register of numbers given, which is only read."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from documents.interchange import KINDS
from documents.models import NumberEntry, RetentionRule, Series
from officehub.web.admin_pages import OfficeAdmin, SafeDelete, ViewOnly


class SeriesForm(forms.ModelForm):
    kinds = forms.MultipleChoiceField(
        label=_("用于文种"),
        choices=[(kind, kind) for kind in KINDS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("一个都不选，即用于没有专门系列的其余文种。"),
    )

    class Meta:
        model = Series
        fields = ["organ", "code", "form", "term_from", "kinds", "is_active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "form" in self.fields:
            self.fields["form"].required = False  # unsaid it is the usual one

    def clean(self):
        given = super().clean()
        form = given.get("form") or self.instance.form
        if given.get("term_from") and form != Series.Form.ORDER:
            self.add_error("term_from", _("只有令号按届编号，请清空或者改选编号方式。"))
        return given


@admin.register(Series)
class SeriesAdmin(SafeDelete, OfficeAdmin):
    form = SeriesForm
    list_display = ["code", "organ", "used_for", "is_active"]
    list_filter = ["is_active", ("organ", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["organ"]
    search_fields = ["code", "organ__name"]
    autocomplete_fields = ["organ"]

    @admin.display(description=_("用于文种"))
    def used_for(self, series):
        return "、".join(series.kinds) or "其余文种"

    def get_readonly_fields(self, request, obj=None):
        """A code that has been printed on a paper stays as it is."""
        return ["organ", "code", "form"] if obj and obj.entries.exists() else []


@admin.register(NumberEntry)
class NumberEntryAdmin(ViewOnly):
    """Numbers, without the papers behind them: an administrator does not read papers by virtue of the office."""

    list_display = ["__str__", "series", "year", "seq", "at", "reason", "reservation"]
    list_filter = ["year", "series"]
    list_select_related = ["series", "reservation__series"]
    search_fields = ["series__code", "=seq"]
    ordering = ["-id"]
    fields = ["series", "year", "seq", "at", "reason", "reservation", "emptied_by", "emptied_at"]


@admin.register(RetentionRule)
class RetentionRuleAdmin(OfficeAdmin):
    """The retention table: what is proposed when a paper is filed. Items filed already keep their period."""

    list_display = ["__str__", "papers", "kind", "condition", "retention"]
    list_filter = ["papers", "retention", "condition"]
