from functools import partial

from django.apps import AppConfig
from django.db import transaction


class ApprovalsConfig(AppConfig):
    name = "officehub.approvals"
    label = "approvals"
    verbose_name = "审批"

    def ready(self):
        from officehub.approvals import guard
        from officehub.approvals.recount import owners
        from officehub.people.signals import handing_over, roles_changed
        from officehub.triggers import lift_for_migrations
        from officehub.workdays.signals import calendar_changed

        calendar_changed.connect(owners, dispatch_uid="approvals.recount")
        roles_changed.connect(poke, dispatch_uid="approvals.reassign")
        handing_over.connect(hand_over, dispatch_uid="approvals.hand_over")
        lift_for_migrations(self, guard)


def hand_over(sender, *, to, by, now, **kwargs) -> dict[str, int]:
    """Somebody leaves: the steps and opinions asked of them go to their receiver."""
    from officehub.approvals.hand_over import hand_over_steps

    return hand_over_steps(sender, to, by=by, now=now)


def poke(sender, **kwargs) -> None:
    """Somebody's posts or roles changed: look through the running cases once that is committed."""
    from officehub.approvals.jobs import reassign
    from officehub.notifications.tell import enqueue

    transaction.on_commit(partial(enqueue, reassign))
