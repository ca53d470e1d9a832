from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = "任务"

    def ready(self):
        from officehub.people.signals import handing_over, roles_changed
        from officehub.workdays.signals import calendar_changed
        from tasks import around_hand_over, hand_over, jobs, recompute

        roles_changed.connect(jobs.roles_changed, dispatch_uid="tasks.duties")
        handing_over.connect(hand_over.hand_over, dispatch_uid="tasks.hand_over")
        handing_over.connect(around_hand_over.hand_over, dispatch_uid="tasks.around_hand_over")
        calendar_changed.connect(recompute.owners, dispatch_uid="tasks.recompute")
