from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "公文"

    def ready(self):
        from documents import jobs
        from officehub.people.signals import roles_changed

        roles_changed.connect(jobs.roles_changed, dispatch_uid="documents.duties")
