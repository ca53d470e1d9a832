from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PeopleConfig(AppConfig):
    name = "officehub.people"
    label = "people"
    verbose_name = "机构与人员"

    def ready(self):
        from officehub.people.permissions import grant_roles

        # Permissions of the later apps are made in their own post_migrate, so this waits for the last of them.
        post_migrate.connect(grant_roles, dispatch_uid="people.grant_roles")
