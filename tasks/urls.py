from django.urls import path

from tasks.views import detail, extensions, lists, writing

app_name = "tasks"
urlpatterns = [
    path("", lists.tasks, name="list"),
    path("new/", writing.new, name="new"),
    path("instruct/", writing.instruct, name="instruct"),
    path("people/", detail.people, name="people"),
    path("files/<int:pk>/", detail.file, name="file"),
    path("extensions/<int:pk>/", extensions.extension, name="extension"),
    path("<int:pk>/", detail.detail, name="detail"),
    path("<int:pk>/edit/", writing.edit, name="edit"),
    path("<int:pk>/do/<str:deed>/", detail.do, name="do"),
    path("<int:pk>/print/", detail.printed, name="print"),
]
