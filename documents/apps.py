from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "公文"

    def ready(self):
        from documents import hand_over, jobs
        from officehub.people.signals import handing_over, roles_changed

        roles_changed.connect(jobs.roles_changed, dispatch_uid="documents.duties")
        handing_over.connect(hand_over.hand_over, dispatch_uid="documents.hand_over")
