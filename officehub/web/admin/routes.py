"""Routes and their versions: stages are edited in a draft version, a published one is only read."""

from django import forms
from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officehub.approvals.conditions import validate_condition, words
from officehub.approvals.models import Route, RouteVersion, Stage
from officehub.audit.record import record
from officehub.web import hubs
from officehub.web.admin.conditions import ConditionField
from officehub.web.admin_pages import KeepUsed, OfficeAdmin, SafeDelete

CONDITIONS: dict[type[models.Field], dict] = {models.JSONField: {"form_class": ConditionField}}


def approvable() -> list[int]:
    """The content types of what can be approved: models that name their facts."""
    return [kind.pk for kind in ContentType.objects.all() if hasattr(kind.model_class(), "APPROVAL_FACTS")]


@admin.register(Route)
class RouteAdmin(SafeDelete, OfficeAdmin):
    list_display = ["name", "subject_type", "said_condition", "priority", "is_active", "current_version"]
    list_filter = ["is_active"]
    list_select_related = ["subject_type"]
    search_fields = ["name"]
    formfield_overrides = {models.JSONField: {"form_class": ConditionField, "help_text": ""}}
    fields = ["name", "subject_type", "condition", "priority", "is_active"]
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


class StageFormSet(forms.BaseInlineFormSet):
    def clean(self):
        """A stage does not know its version's route while both are new, so the formset tells it."""
        super().clean()
        if not self.instance.route_id:
            return
        model = self.instance.route.subject_type.model_class()
        for form in self.forms:
            try:
                check_stage(form.cleaned_data, model)
            except ValidationError as error:
                form.add_error(None, error)


def check_stage(fields: dict, model) -> None:
    """The condition names facts the subject has, and the verb is one that a room has words and a page for."""
    if fields.get("DELETE") or not fields:
        return
    validate_condition(fields.get("condition", []), model, "condition")
    if fields.get("verb") and not hubs.knows_verb(fields["verb"]):
        raise ValidationError({"verb": _("没有“%(verb)s”这种事项。") % {"verb": fields["verb"]}})


class StageForm(forms.ModelForm):
    """The verb is chosen by its word; one kept from before stays choosable."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "verb" in self.fields:
            known, kept = hubs.verbs(), self.instance.verb
            others = [(kept, kept)] if kept and kept not in dict(known) else []
            self.fields["verb"] = forms.ChoiceField(
                label=_("事项"),
                choices=[("", "——"), *known, *others],
                error_messages={"invalid_choice": _("没有“%(value)s”这种事项。")},
            )


class StageInline(admin.StackedInline):
    model = Stage
    form = StageForm
    formset = StageFormSet
    extra = 0
    autocomplete_fields = ["person", "post"]
    formfield_overrides = CONDITIONS
    fields = [
        ("order", "name", "verb"),
        ("who", "role", "person", "post"),
        ("mode", "limit_value", "limit_unit"),
        ("may_skip_if_nobody", "merges"),
        "condition",
    ]
    readonly_fields = ["said_condition"]

    def get_fields(self, request, obj=None):
        return said_when_read(self, request, obj)

    @admin.display(description=_("适用条件"))
    def said_condition(self, stage):
        return words(stage.condition, stage.version.route.subject_type.model_class())

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and not is_published(obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not is_published(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not is_published(obj)


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
    readonly_fields = ["number", "published_at"]
    inlines = [StageInline]
    actions = ["publish", "new_version"]

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
            copy = RouteVersion.objects.create(route=version.route, number=next_number(version.route))
            stages = list(version.stages.all())
            for stage in stages:
                stage.pk, stage.version = None, copy
                stage._state.adding = True
            Stage.objects.bulk_create(stages)
            record(copy, "added", by=request.user, now=timezone.now(), facts={"from": version.number})
            self.message_user(request, _("已新建：%(version)s。") % {"version": copy}, messages.SUCCESS)
        if queryset.count() == 1:
            return redirect("admin:approvals_routeversion_change", copy.pk)
        return None


def next_number(route: Route) -> int:
    return (route.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def unready(version: RouteVersion) -> str:
    """Why a version may not be published yet; empty when it may."""
    stages = list(version.stages.all())
    if not stages:
        return "没有环节，不能发布。"
    for stage in stages:
        try:
            stage.full_clean(validate_unique=False)
        except ValidationError as error:
            return f"环节“{stage}”：{'；'.join(error.messages)}"
    return ""


def stages_of(version: RouteVersion) -> list[dict]:
    """What was published, as the audit keeps it."""
    named = ("order", "name", "verb", "who", "person_id", "post_id", "role", "mode", "limit_value", "limit_unit")
    return list(version.stages.order_by("order").values(*named, "condition", "may_skip_if_nobody", "merges"))
