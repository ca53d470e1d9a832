from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    name = "officehub.workdays"
    label = "workdays"
    verbose_name = "工作日历"

    def ready(self):
        from officehub.triggers import lift_for_migrations
        from officehub.workdays import guard

        lift_for_migrations(self, guard)
