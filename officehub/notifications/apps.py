from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "officehub.notifications"
    label = "notifications"
    verbose_name = "消息"
