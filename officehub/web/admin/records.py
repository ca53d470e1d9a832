"""Records: events and seals and failed log-ins for the audit administrator, the out-tray for the system one."""

import json

from axes.models import AccessAttempt
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from officehub.audit.models import Event, Seal
from officehub.notifications.models import Message
from officehub.web.admin_pages import ViewOnly


@admin.register(Event)
class EventAdmin(ViewOnly):
    list_display = ["at", "verb", "actor", "acting_for", "subject_type", "subject_id", "seq"]
    list_filter = ["at", "verb", "subject_type"]
    list_select_related = ["actor", "acting_for", "subject_type"]
    search_fields = ["actor__name", "actor__username", "=verb", "=subject_id"]
    search_help_text = _("按人员、事项或编号查找")
    ordering = ["-id"]
    fields = ["at", "verb", "actor", "acting_for", "subject_type", "subject_id", "seq", "facts_read", "prev", "hash"]

    @admin.display(description=_("内容"))
    def facts_read(self, event):
        return json.dumps(event.facts, ensure_ascii=False, indent=2)


@admin.register(Seal)
class SealAdmin(ViewOnly):
    list_display = ["at", "count", "root", "hash"]
    list_filter = ["at"]
    ordering = ["-id"]


@admin.register(AccessAttempt)
class AccessAttemptAdmin(ViewOnly):
    """Failed log-ins. Locks end by themselves; `manage.py axes_reset` ends one at once."""

    list_display = ["attempt_time", "username", "ip_address", "failures_since_start", "path_info"]
    list_filter = ["attempt_time"]
    search_fields = ["username", "ip_address"]
    ordering = ["-attempt_time"]
    fields = ["attempt_time", "username", "ip_address", "user_agent", "failures_since_start", "path_info"]


@admin.register(Message)
class MessageAdmin(ViewOnly):
    """The out-tray: what was sent, what waits, what was given up and why; never what a notice says."""

    list_display = ["address", "channel", "state", "attempts", "next_try_at", "sent_at", "error"]
    list_filter = ["state", "channel", "next_try_at"]
    search_fields = ["address"]
    ordering = ["-id"]
    exclude = ["notice"]
