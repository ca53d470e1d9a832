from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "officehub.inbox"
    label = "inbox"
    verbose_name = "待办"
