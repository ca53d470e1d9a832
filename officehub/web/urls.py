"""The house's own pages."""

from django.urls import path

from officehub.web.views import accounts, notices, search, status, workbench

urlpatterns = [
    path("", workbench.workbench, name="workbench"),
    path("items/<int:pk>/", workbench.open_item, name="open_item"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:pk>/", notices.open_notice, name="open_notice"),
    path("notices/read/", notices.mark_all_read, name="notices_read"),
    path("search", search.search, name="search"),
    path("badges/", status.badges, name="badges"),
    path("healthz", status.healthz, name="healthz"),
    path("login/", accounts.login, name="login"),
    path("logout/", accounts.logout, name="logout"),
    path("profile/", accounts.profile, name="profile"),
    path("profile/password/", accounts.password_change, name="password_change"),
]
