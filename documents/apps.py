from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "公文"

    def ready(self):
        from documents import hand_over, jobs, recount
        from documents.incoming import hand_over as hand_over_incoming
        from documents.versions import guard
        from officehub.people.signals import handing_over, roles_changed
        from officehub.triggers import lift_for_migrations
        from officehub.workdays.signals import calendar_changed

        roles_changed.connect(jobs.roles_changed, dispatch_uid="documents.duties")
        handing_over.connect(hand_over.hand_over, dispatch_uid="documents.hand_over")
        handing_over.connect(hand_over_incoming.hand_over, dispatch_uid="documents.incoming.hand_over")
        calendar_changed.connect(recount.owners, dispatch_uid="documents.recount")
        lift_for_migrations(self, guard)
