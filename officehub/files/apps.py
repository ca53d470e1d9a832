from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "officehub.files"
    label = "files"
    verbose_name = "附件"
