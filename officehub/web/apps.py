from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "officehub.web"
    label = "web"
    verbose_name = "界面"

    def ready(self):
        from officehub.web import hubs
        from officehub.web.moved import tell_people
        from officehub.workdays.signals import limits_settled

        limits_settled.connect(tell_people, dispatch_uid="web.moved")
        hubs.discover()
