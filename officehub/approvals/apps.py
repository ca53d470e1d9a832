from functools import partial

from django.apps import AppConfig
from django.db import connections, transaction
from django.db.models.signals import post_migrate, pre_migrate


class ApprovalsConfig(AppConfig):
    name = "officehub.approvals"
    label = "approvals"
    verbose_name = "审批"

    def ready(self):
        from officehub.people.signals import handing_over, roles_changed

        roles_changed.connect(poke, dispatch_uid="approvals.reassign")
        handing_over.connect(hand_over, dispatch_uid="approvals.hand_over")
        pre_migrate.connect(lift_guard, sender=self, dispatch_uid="approvals.lift_guard")
        post_migrate.connect(set_guard, sender=self, dispatch_uid="approvals.set_guard")


def hand_over(sender, *, to, by, now, **kwargs) -> dict[str, int]:
    """Somebody leaves: the steps and opinions asked of them go to their receiver."""
    from officehub.approvals.hand_over import hand_over_steps

    return hand_over_steps(sender, to, by=by, now=now)


def poke(sender, **kwargs) -> None:
    """Somebody's posts or roles changed: look through the running cases once that is committed."""
    from officehub.approvals.jobs import reassign
    from officehub.notifications.tell import enqueue

    transaction.on_commit(partial(enqueue, reassign))


def lift_guard(using: str, plan=(), **kwargs) -> None:
    """Migrations may remake the tables of published routes."""
    from officehub.approvals import guard

    if plan:
        guard.remove(connections[using])


def set_guard(using: str, plan=None, **kwargs) -> None:
    """After `migrate`; the same signal after `flush` comes without a plan, and nothing was lifted then."""
    from officehub.approvals import guard

    if plan is not None:
        guard.install(connections[using])
