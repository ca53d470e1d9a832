"""Where everything is: the house's own pages, the administrators' pages, and the rooms where they say they hang."""

from django.contrib import admin
from django.urls import include, path

from officehub.web import hubs

urlpatterns = [
    path("", include("officehub.web.urls")),
    *hubs.mounted_urls(),
    path("admin/", admin.site.urls),
]
handler400 = "officehub.web.views.errors.bad_request"
handler404 = "officehub.web.views.errors.not_found"
handler403 = "officehub.web.views.errors.forbidden"
