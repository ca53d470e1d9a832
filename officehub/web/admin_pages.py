"""What the administrators' pages have in common: a change leaves an audit event, and history is never deleted."""

from django.contrib import admin, messages
from django.db.models import ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.translation import gettext as _

from officehub.audit.record import record


def _changed_fields(message) -> list[str]:
    """The names of the fields in Django's own change message (a list of {verb: {"fields": [...]}})."""
    entries = message if isinstance(message, list) else []
    return sorted({name for entry in entries for said in entry.values() for name in said.get("fields", [])})


class OfficeAdmin(admin.ModelAdmin):
    """A page of the administrators whose changes are recorded in the audit chain of the object."""

    list_per_page = 50
    show_full_result_count = False

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


class SafeDelete:
    """For things with a past: they are taken out of use instead of deleted, and only an unused slip may go.

    The model names the switch in `active_field`; what the database protects stays, with a message instead of an error.
    """

    active_field = "is_active"

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        if self.has_change_permission(request):
            actions["retire"] = (type(self).retire, "retire", _("停用所选项目"))
        return actions

    def retire(self, request, queryset):
        now, retired = timezone.now(), 0
        for obj in queryset.filter(**{self.active_field: True}):
            setattr(obj, self.active_field, False)
            obj.save()
            record(obj, "retired", by=request.user, now=now)
            retired += 1
        self.message_user(request, _("已停用 %(count)s 项。") % {"count": retired}, messages.SUCCESS)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or not has_history(obj))


def has_history(obj) -> bool:
    """True when something in the house still refers to this object."""
    from django.contrib.admin.utils import NestedObjects

    collector = NestedObjects(using=obj._state.db or "default")
    try:
        collector.collect([obj])
    except (ProtectedError, RestrictedError):
        return True
    return bool(collector.protected) or any(
        not model._meta.auto_created and model is not type(obj) for model in collector.model_objs
    )
