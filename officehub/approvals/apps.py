from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "officehub.approvals"
    label = "approvals"
    verbose_name = "审批"
