from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "公文"

    def ready(self):
        from documents import duties
        from officehub.people.signals import roles_changed

        roles_changed.connect(duties.changed, dispatch_uid="documents.duties")
