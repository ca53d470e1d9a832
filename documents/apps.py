from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "公文"

    def ready(self):
        from documents import hand_over, jobs
        from documents.incoming import hand_over as hand_over_incoming
        from officehub.people.signals import handing_over, roles_changed

        roles_changed.connect(jobs.roles_changed, dispatch_uid="documents.duties")
        handing_over.connect(hand_over.hand_over, dispatch_uid="documents.hand_over")
        handing_over.connect(hand_over_incoming.hand_over, dispatch_uid="documents.incoming.hand_over")
        pre_migrate.connect(lift_guard, sender=self, dispatch_uid="documents.lift_guard")
        post_migrate.connect(set_guard, sender=self, dispatch_uid="documents.set_guard")


def lift_guard(using: str, plan=(), **kwargs) -> None:
    """Migrations may remake the tables of signed papers and kept versions."""
    from documents.versions import guard

    if plan:
        guard.remove(connections[using])


def set_guard(using: str, plan=None, **kwargs) -> None:
    """After `migrate`; the same signal after `flush` comes without a plan, and nothing was lifted then."""
    from documents.versions import guard

    if plan is not None:
        guard.install(connections[using])
