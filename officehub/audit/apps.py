from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "officehub.audit"
    label = "audit"
    verbose_name = "审计"
