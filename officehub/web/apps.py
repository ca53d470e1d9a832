from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "officehub.web"
    label = "web"
    verbose_name = "界面"

    def ready(self):
        from officehub.web import hubs

        hubs.discover()
