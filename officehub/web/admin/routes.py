"""Routes and their versions: stages are edited in a draft version, a published one is only read."""

from functools import partial

from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max
from django.http import Http404
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officehub.approvals import migrate, replay, telling
from officehub.approvals.conditions import words
from officehub.approvals.models import Bypass, Route, RouteVersion, Stage
from officehub.audit.record import record
from officehub.web.admin.conditions import ConditionField
from officehub.web.admin.stages import StageInline, candidates_lack
from officehub.web.admin_pages import KeepUsed, OfficeAdmin, SafeDelete, ViewOnly

LOOKED_AT = {"past": 200, "running": 50}  # cases a page looks at; `manage.py routes` looks at all of them


def approvable() -> list[int]:
    """The content types of what can be approved: models that name their facts."""
    return [kind.pk for kind in ContentType.objects.all() if hasattr(kind.model_class(), "APPROVAL_FACTS")]


@admin.register(Route)
class RouteAdmin(SafeDelete, OfficeAdmin):
    list_display = ["name", "subject_type", "said_condition", "department", "priority", "is_active", "current_version"]
    list_filter = ["is_active", ("department", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["subject_type", "department"]
    autocomplete_fields = ["department"]
    search_fields = ["name"]
    formfield_overrides = {models.JSONField: {"form_class": ConditionField, "help_text": ""}}
    fields = ["name", "subject_type", "condition", "department", "priority", "is_active"]
    readonly_fields = ["said_condition"]

    def get_fields(self, request, obj=None):
        return said_when_read(self, request, obj)

    @admin.display(description=_("条件"))
    def said_condition(self, route):
        return words(route.condition, route.subject_type.model_class())

    def get_queryset(self, request):
        published = models.Q(versions__published_at__isnull=False)
        return super().get_queryset(request).annotate(newest=Max("versions__number", filter=published))

    @admin.display(description=_("现行版本"), ordering="newest")
    def current_version(self, route):
        return f"第{route.newest}版" if route.newest else "未发布"

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "subject_type":
            kwargs["queryset"] = ContentType.objects.filter(pk__in=approvable())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def said_when_read(page, request, obj) -> list:
    """The fields of a page; who may only read it gets the condition in words."""
    said = {} if obj is None or page.has_change_permission(request, obj) else {"condition": "said_condition"}
    return [said.get(field, field) if isinstance(field, str) else field for field in page.fields]


def is_published(version) -> bool:
    return isinstance(version, RouteVersion) and version.is_published


class PublishedFilter(admin.SimpleListFilter):
    title = _("状态")
    parameter_name = "published"

    def lookups(self, request, model_admin):
        return [("yes", _("已发布")), ("no", _("草稿"))]

    def queryset(self, request, queryset):
        return queryset.filter(published_at__isnull=self.value() == "no") if self.value() else queryset


@admin.register(RouteVersion)
class RouteVersionAdmin(KeepUsed, OfficeAdmin):
    list_display = ["route", "number", "published_at", "stage_count", "note"]
    list_filter = [PublishedFilter, ("route", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["route"]
    search_fields = ["route__name", "note"]
    fields = ["route", "number", "published_at", "note"]
    readonly_fields = ["number", "published_at", "stages_read"]
    inlines = [StageInline]
    actions = ["publish", "new_version", "against_past", "against_running"]

    class Media:
        css = {"all": ["officehub/css/stages.css"]}

    def get_fields(self, request, obj=None):
        return [*self.fields, "stages_read"] if is_published(obj) else self.fields

    def get_inlines(self, request, obj):
        """A published version is read as the office would read it, not as a form that cannot be filled in."""
        return [] if is_published(obj) else self.inlines

    @admin.display(description=_("环节"))
    def stages_read(self, version):
        return render_to_string("admin/approvals/stages_read.html", {"rows": telling.rows(version)})

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(stage_total=models.Count("stages"))

    @admin.display(description=_("环节数"))
    def stage_count(self, version):
        return version.stage_total

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, "route"] if obj else self.readonly_fields

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not is_published(obj)

    def has_delete_permission(self, request, obj=None):
        allowed = super(KeepUsed, self).has_delete_permission(request, obj)
        return allowed and not is_published(obj)  # a draft goes with its stages

    def delete_view(self, request, object_id, extra_context=None):
        return super(KeepUsed, self).delete_view(request, object_id, extra_context)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.number = next_number(obj.route)
        super().save_model(request, obj, form, change)

    @admin.action(description=_("发布"), permissions=["change"])
    def publish(self, request, queryset):
        now = timezone.now()
        for version in queryset.filter(published_at=None).select_related("route__subject_type"):
            if lacking := unready(version):
                self.message_user(request, f"{version}：{lacking}", messages.ERROR)
                continue
            RouteVersion.objects.filter(pk=version.pk, published_at=None).update(published_at=now)
            record(version, "published", by=request.user, now=now, facts={"stages": stages_of(version)})
            self.message_user(request, _("已发布：%(version)s。") % {"version": version}, messages.SUCCESS)

    @admin.action(description=_("由此新建版本"), permissions=["add"])
    def new_version(self, request, queryset):
        for version in queryset.select_related("route"):
            copy = copied(version)
            record(copy, "added", by=request.user, now=timezone.now(), facts={"from": version.number})
            self.message_user(request, _("已新建：%(version)s。") % {"version": copy}, messages.SUCCESS)
        if queryset.count() == 1:
            return redirect("admin:approvals_routeversion_change", copy.pk)
        return None

    @admin.action(description=_("对照历史办件"), permissions=["change"])
    def against_past(self, request, queryset):
        return self._one(request, queryset, "past")

    @admin.action(description=_("正在办理的影响"), permissions=["change"])
    def against_running(self, request, queryset):
        return self._one(request, queryset, "running")

    def _one(self, request, queryset, page: str):
        if queryset.count() == 1:
            return redirect(f"admin:approvals_routeversion_{page}", queryset.get().pk)
        self.message_user(request, _("请只选一个版本。"), messages.ERROR)
        return None

    def get_urls(self):
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(page), name=f"approvals_routeversion_{name}")
            for name, page in (("past", self.past_page), ("running", self.running_page))
        ]
        return own + super().get_urls()

    def past_page(self, request, pk: int):
        """What the last agreed cases would have met on this version: case numbers and stage names, no titles."""
        return self._page(request, pk, "past", _("对照历史办件"), partial(replay.replay, last=LOOKED_AT["past"]))

    def running_page(self, request, pk: int):
        """What moving the running cases to this version would bring; nothing is moved from here."""
        return self._page(
            request, pk, "running", _("正在办理的影响"), partial(migrate.preview, most=LOOKED_AT["running"])
        )

    def _page(self, request, pk: int, name: str, title, look):
        version = self.get_object(request, str(pk))
        if version is None or not self.has_change_permission(request):
            raise Http404
        found = look(version, now=timezone.now())
        here = {"title": title, "version": version, "found": found, "looked_at": LOOKED_AT[name], "opts": self.opts}
        back = reverse("admin:approvals_routeversion_change", args=[pk])
        context = {**self.admin_site.each_context(request), **here, "back": back}
        return TemplateResponse(request, f"admin/approvals/{name}.html", context)


def next_number(route: Route) -> int:
    return (route.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def copied(version: RouteVersion) -> RouteVersion:
    """A draft with the same stages, their candidates among them."""
    copy = RouteVersion.objects.create(route=version.route, number=next_number(version.route))
    stages = list(version.stages.prefetch_related("candidates"))
    chosen = [list(stage.candidates.all()) for stage in stages]
    for stage in stages:
        stage.pk, stage.version = None, copy
        stage._state.adding = True
    for stage, people in zip(Stage.objects.bulk_create(stages), chosen, strict=True):
        if people:
            Stage.objects.get(pk=stage.pk).candidates.set(people)
    return copy


def unready(version: RouteVersion) -> str:
    """Why a version may not be published yet; empty when it may."""
    stages = telling.stages_told(version)
    if not stages:
        return "没有环节，不能发布。"
    if label := telling.scattered(stages):
        return f"分支“{label}”的环节没有排在一起，请调整次序，或者给后面的换一个分支名称。"
    for stage in stages:
        if faults := _faults(stage):
            return f"环节“{stage}”：{'；'.join(faults)}"
    return ""


def _faults(stage: Stage) -> list[str]:
    try:
        stage.full_clean(validate_unique=False)
    except ValidationError as error:
        return error.messages
    return candidates_lack(stage.who, stage.role, stage.candidates.all())


def stages_of(version: RouteVersion) -> list[dict]:
    """What was published, as the audit keeps it: every field of every stage, and its candidates by log-in."""
    return [_kept(stage) for stage in telling.stages_told(version)]


def _kept(stage: Stage) -> dict:
    named = [field.attname for field in Stage._meta.concrete_fields if field.name not in ("id", "version")]
    candidates = [person.username for person in stage.candidates.all()]
    return {**{name: getattr(stage, name) for name in named}, "candidates": candidates}


@admin.register(Bypass)
class BypassAdmin(ViewOnly):
    """Separations of duties that were set aside: when, which, why, by whom; never what the paper says."""

    list_display = ["at", "rule", "what", "reason", "by"]
    list_filter = ["at", "rule"]
    list_select_related = ["by"]
    search_fields = ["by__name", "by__username", "reason"]
    ordering = ["-at", "-id"]
    fields = ["at", "rule", "what", "reason", "by"]
