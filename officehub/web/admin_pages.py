"""What the administrators' pages have in common: a change leaves an audit event, and history is never deleted."""

from contextlib import contextmanager, nullcontext

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest, ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from officehub.audit.record import record


def _changed_fields(message) -> list[str]:
    """The names of the fields in Django's own change message (a list of {verb: {"fields": [...]}})."""
    entries = message if isinstance(message, list) else []
    return sorted({name for entry in entries for said in entry.values() for name in said.get("fields", [])})


@contextmanager
def no_such_number():
    """A year or an id in the address that no database can hold is the asker's mistake."""
    try:
        yield
    except OverflowError as error:
        raise BadRequest(str(error)) from error


def one_deed(request):
    """What an administrator sends is one transaction with its events; Django sees to it on forms, not on actions."""
    return transaction.atomic() if request.method == "POST" else nullcontext()


class OfficeAdmin(admin.ModelAdmin):
    """A page of the administrators whose changes are recorded in the audit chain of the object."""

    list_per_page = 50
    show_full_result_count = False

    def changelist_view(self, request, extra_context=None):
        with one_deed(request), no_such_number():
            return super().changelist_view(request, extra_context)

    def log_addition(self, request, obj, message):
        record(obj, "added", by=request.user, now=timezone.now())
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        record(obj, "changed", by=request.user, now=timezone.now(), facts={"fields": _changed_fields(message)})
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        now = timezone.now()
        for obj in queryset:
            record(obj, "removed", by=request.user, now=now, facts={"was": str(obj)})
        return super().log_deletions(request, queryset)


class KeepUsed(admin.ModelAdmin):
    """Only an unused slip may be deleted; what has a past stays, and the administrator is told so."""

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or not has_history(obj))

    def delete_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, unquote(object_id))
        if obj and super().has_delete_permission(request, obj) and has_history(obj):
            self.message_user(
                request, _("“%(thing)s”已有往来记录，不能删除，可以停用。") % {"thing": obj}, messages.ERROR
            )
            return redirect(reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[object_id]))
        return super().delete_view(request, object_id, extra_context)


class SafeDelete(KeepUsed):
    """For things with a past: they are taken out of use instead of deleted. The model's switch is `active_field`."""

    active_field = "is_active"

    def get_actions(self, request):
        actions = super().get_actions(request)
        if self.has_change_permission(request):
            actions["retire"] = (type(self).retire, "retire", _("停用所选项目"))
        return actions

    def retire(self, request, queryset):
        now, retired = timezone.now(), 0
        for obj in queryset.filter(**{self.active_field: True}):
            setattr(obj, self.active_field, False)
            try:
                obj.save()
            except ValidationError as refused:
                self.message_user(request, "；".join(refused.messages), messages.ERROR)
                continue
            record(obj, "retired", by=request.user, now=now)
            retired += 1
        self.message_user(request, _("已停用 %(count)s 项。") % {"count": retired}, messages.SUCCESS)


class ViewOnly(admin.ModelAdmin):
    """For records: they are read here and written elsewhere."""

    actions = None
    show_full_result_count = False

    def changelist_view(self, request, extra_context=None):
        with no_such_number():
            return super().changelist_view(request, extra_context)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def has_history(obj) -> bool:
    """True when something in the house still refers to this object: one EXISTS per relation, however much there is."""
    if not hasattr(obj, "_has_history"):
        obj._has_history = any(
            relation.related_model._base_manager.filter(**{relation.field.name: obj}).exists()
            for relation in obj._meta.get_fields(include_hidden=True)
            if relation.auto_created
            and (relation.one_to_many or relation.one_to_one)
            and not relation.related_model._meta.auto_created
        )
    return obj._has_history
