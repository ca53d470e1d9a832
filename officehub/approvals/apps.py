from functools import partial

from django.apps import AppConfig
from django.db import transaction


class ApprovalsConfig(AppConfig):
    name = "officehub.approvals"
    label = "approvals"
    verbose_name = "审批"

    def ready(self):
        from officehub.people.signals import roles_changed

        roles_changed.connect(poke, dispatch_uid="approvals.reassign")


def poke(sender, **kwargs) -> None:
    """Somebody's posts or roles changed: look through the running cases once that is committed."""
    from officehub.approvals.jobs import reassign
    from officehub.notifications.tell import enqueue

    transaction.on_commit(partial(enqueue, reassign))
