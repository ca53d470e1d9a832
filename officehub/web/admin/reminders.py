"""Rules of reminding, version by version, and the ledger of what they planned; neither names what it is about."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from officehub.audit.record import record
from officehub.inbox.models import Reminder, ReminderRule
from officehub.notifications.remind import LATE
from officehub.web import hubs
from officehub.web.admin_pages import OfficeAdmin, ViewOnly

COUNTED = 10_000  # a ledger has millions of rows; nobody turns to its last page


class RuleForm(forms.ModelForm):
    """The verbs are chosen by their words; ones kept from before stay chosen."""

    verbs = forms.MultipleChoiceField(
        label=_("事项"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("不选即全部事项。")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "verbs" in self.fields:
            known = dict(hubs.verbs())
            kept = [(verb, verb) for verb in self.instance.verbs if verb not in known]
            self.fields["verbs"].choices = [*known.items(), *kept]  # type: ignore[attr-defined]


class InForceFilter(admin.SimpleListFilter):
    """Rules in force, unless one asks for all that ever were."""

    title = _("状态")
    parameter_name = "ended"

    def lookups(self, request, model_admin):
        return [("yes", _("已停用")), ("all", _("全部"))]

    def choices(self, changelist):
        for choice in super().choices(changelist):
            yield {**choice, "display": _("现行")} if choice["query_string"] == "?" else choice

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(until__isnull=self.value() != "yes")


@admin.register(ReminderRule)
class ReminderRuleAdmin(OfficeAdmin):
    """A rule is never changed: what was planned by it must stay explained. Saving ends it and makes the next one."""

    form = RuleForm
    list_display = ["step", "when", "audience", "covered", "urgency", "urgent", "since", "until"]
    list_filter = [InForceFilter, "audience"]
    ordering = [F("until").desc(nulls_first=True), "unit", "offset", "id"]
    actions = ["retire"]
    fieldsets = [
        (
            None,
            {
                "fields": ["step", "verbs", "all_but", "urgency", "offset", "unit", "audience", "urgent",
                           "drop_after_hours"],
                "description": _("改动自保存时起，对此后交办或改期的事项生效；此前已列入台账的提醒不变。"),
            },
        )
    ]  # fmt: skip

    @admin.display(description=_("时点"))
    def when(self, rule):
        return rule.when

    @admin.display(description=_("适用事项"))
    def covered(self, rule):
        labels = dict(hubs.verbs())
        named = "、".join(labels.get(verb, verb) for verb in rule.verbs)
        return (_("除%(named)s外") % {"named": named} if rule.all_but else named) or _("全部事项")

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.until is None)

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        now = timezone.now()
        if change and form.has_changed():
            self.end(obj.pk, now)
            obj.pk, obj.until = None, None
            obj._state.adding = True
        if obj._state.adding:
            obj.since = now
            obj.save()

    def end(self, pk: int, now: datetime) -> None:
        """Only one of two administrators who change the same rule at once may."""
        if not ReminderRule.objects.filter(pk=pk, until=None).update(until=now):
            raise PermissionDenied(_("这条规则刚刚已由他人修改或停用，请回到列表查看现行规则。"))

    @admin.action(description=_("停用所选规则"))
    def retire(self, request, queryset):
        now = timezone.now()
        rules = list(queryset.filter(until=None))
        for rule in rules:
            self.end(rule.pk, now)
            record(rule, "retired", by=request.user, now=now)
        self.message_user(request, _("已停用 %(count)s 项。") % {"count": len(rules)}, messages.SUCCESS)


class CappedPaginator(Paginator):
    """Counts no further than anybody looks."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return rows.order_by()[:COUNTED].count()


class StandingFilter(admin.SimpleListFilter):
    title = _("状态")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [*Reminder.State.choices, ("overdue", _("应发未发"))]

    def queryset(self, request, queryset):
        if self.value() == "overdue":
            return queryset.filter(state=Reminder.State.PLANNED, moment__lt=timezone.now() - LATE)
        return queryset.filter(state=self.value()) if self.value() in Reminder.State.values else queryset


@admin.register(Reminder)
class ReminderAdmin(ViewOnly):
    """Who was reminded by which rule when; of the errand only its kind: papers are nothing for administrators."""

    list_display = ["moment", "step", "verb", "assignee", "told", "state", "reason", "planned_at", "settled_at"]
    list_filter = [StandingFilter, ("rule", admin.RelatedOnlyFieldListFilter), "moment"]
    list_select_related = ["rule", "recipient", "item__assignee"]
    list_per_page = 50
    paginator = CappedPaginator
    ordering = ["-id"]
    fields = ["moment", "rule", "verb", "assignee", "told", "state", "reason", "planned_at", "settled_at"]

    @admin.display(description=_("环节"))
    def step(self, reminder):
        return reminder.rule.step

    @admin.display(description=_("事项"))
    def verb(self, reminder):
        return dict(hubs.verbs()).get(reminder.item.verb, reminder.item.verb)

    @admin.display(description=_("承办人"))
    def assignee(self, reminder):
        return reminder.item.assignee

    @admin.display(description=_("提醒谁"))
    def told(self, reminder):
        return reminder.recipient or reminder.rule.get_audience_display()
