"""Records: events and seals and failed log-ins for the audit administrator, hand-overs for the system one."""

from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from officehub.audit.models import Event, Seal
from officehub.inbox.models import Handover
from officehub.web import hubs
from officehub.web.admin.words import VERBS, facts_in_words, verb_in_words
from officehub.web.admin_pages import ViewOnly


class VerbFilter(admin.SimpleListFilter):
    title = _("事项")
    parameter_name = "verb"

    def lookups(self, request, model_admin):
        return list({**hubs.deeds(), **VERBS}.items())

    def queryset(self, request, queryset):
        return queryset.filter(verb=self.value()) if self.value() else queryset


class KindFilter(admin.SimpleListFilter):
    """By the kind of thing, under the name its model has in Chinese; only kinds that have a record."""

    title = _("对象")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        kept = Event.objects.order_by().values_list("subject_type", flat=True).distinct()
        return [(pk, kind_in_words(ContentType.objects.get_for_id(pk))) for pk in kept]

    def queryset(self, request, queryset):
        return queryset.filter(subject_type=self.value()) if (self.value() or "").isdecimal() else queryset


def kind_in_words(kind: ContentType) -> str:
    """工作日历 is recorded as a whole, under the content type itself."""
    model = kind.model_class()
    if model is ContentType:
        return "工作日历"
    return str(model._meta.verbose_name) if model else kind.model


@admin.register(Event)
class EventAdmin(ViewOnly):
    list_display = ["at", "deed", "actor", "acting_for", "kind", "which", "seq"]
    list_filter = ["at", VerbFilter, KindFilter]
    list_select_related = ["actor", "acting_for", "subject_type"]
    search_fields = ["actor__name", "actor__username", "=verb", "=subject_id"]
    search_help_text = _("按人员、事项或编号查找")
    ordering = ["-id"]
    fields = ["at", "deed", "actor", "acting_for", "kind", "which", "seq", "facts_read", "before", "own_hash"]

    @admin.display(description=_("事项"), ordering="verb")
    def deed(self, event):
        return verb_in_words(event.verb, event.subject_type.app_label)

    @admin.display(description=_("对象"))
    def kind(self, event):
        return kind_in_words(ContentType.objects.get_for_id(event.subject_type_id))

    @admin.display(description=_("对象编号"))
    def which(self, event):
        return event.subject_id

    @admin.display(description=_("内容"))
    def facts_read(self, event):
        return format_html_join("", "<div>{}</div>", ((line,) for line in facts_in_words(event.facts))) or "—"

    @admin.display(description=_("前一事件校验值"))
    def before(self, event):
        return event.prev

    @admin.display(description=_("本事件校验值"))
    def own_hash(self, event):
        return event.hash


@admin.register(Seal)
class SealAdmin(ViewOnly):
    list_display = ["at", "count", "root_read", "own_hash"]
    list_filter = ["at"]
    ordering = ["-id"]
    fields = ["at", "count", "root_read", "before", "own_hash"]

    @admin.display(description=_("事件汇总值"))
    def root_read(self, seal):
        return seal.root

    @admin.display(description=_("前一封存校验值"))
    def before(self, seal):
        return seal.prev

    @admin.display(description=_("本封存校验值"))
    def own_hash(self, seal):
        return seal.hash


@admin.register(AccessAttempt)
class AccessAttemptAdmin(ViewOnly):
    """Failed log-ins. Locks end by themselves; `manage.py axes_reset` ends one at once."""

    list_display = ["tried_at", "name_given", "address", "failures", "door"]
    list_filter = ["attempt_time"]
    search_fields = ["username", "ip_address"]
    ordering = ["-attempt_time"]
    fields = ["tried_at", "name_given", "address", "browser", "failures", "door"]

    @admin.display(description=_("时间"), ordering="attempt_time")
    def tried_at(self, attempt):
        return attempt.attempt_time

    @admin.display(description=_("用户名"), ordering="username")
    def name_given(self, attempt):
        return attempt.username

    @admin.display(description=_("网络地址"), ordering="ip_address")
    def address(self, attempt):
        return attempt.ip_address

    @admin.display(description=_("浏览器"))
    def browser(self, attempt):
        return attempt.user_agent

    @admin.display(description=_("失败次数"), ordering="failures_since_start")
    def failures(self, attempt):
        return attempt.failures_since_start

    @admin.display(description=_("登录页面"))
    def door(self, attempt):
        return attempt.path_info


@admin.register(Handover)
class HandoverAdmin(ViewOnly):
    """Certificates of those who left; each leads to the page that is printed."""

    list_display = ["at", "number", "person", "to", "by", "deactivated", "certificate"]
    list_filter = ["at", "deactivated"]
    list_select_related = ["person", "to", "by"]
    search_fields = ["person__name", "to__name"]
    ordering = ["-id"]
    fields = ["number", "person", "to", "by", "at", "reason", "left", "deactivated", "certificate_hash", "certificate"]

    @admin.display(description=_("文号"))
    def number(self, handover):
        return handover.number

    @admin.display(description=_("证明"))
    def certificate(self, handover):
        return format_html('<a href="{}">{}</a>', reverse("handover", args=[handover.pk]), _("查看和打印"))
