from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "officehub.inbox"
    label = "inbox"
    verbose_name = "待办"

    def ready(self):
        from officehub.inbox.recount import owners
        from officehub.workdays.signals import calendar_changed

        calendar_changed.connect(owners, dispatch_uid="inbox.recount")
