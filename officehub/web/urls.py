"""The house's own pages."""

from django.urls import path

from officehub.web.views import (
    accounts,
    delegations,
    handovers,
    moved,
    notices,
    people,
    phrases,
    reminders,
    search,
    status,
    workbench,
)

urlpatterns = [
    path("", workbench.workbench, name="workbench"),
    path("items/<int:pk>/", workbench.open_item, name="open_item"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:pk>/", notices.open_notice, name="open_notice"),
    path("notices/read/", notices.mark_all_read, name="notices_read"),
    path("n/<int:pk>/", notices.open_notice, name="notice_link"),
    path("search", search.search, name="search"),
    path("badges/", status.badges, name="badges"),
    path("healthz", status.healthz, name="healthz"),
    path("login/", accounts.login, name="login"),
    path("logout/", accounts.logout, name="logout"),
    path("profile/", accounts.profile, name="profile"),
    path("profile/password/", accounts.password_change, name="password_change"),
    path("profile/messages/", notices.preferences, name="message_preferences"),
    path("people/", people.find_people, name="find_people"),
    path("delegations/", delegations.delegations, name="delegations"),
    path("delegations/<int:pk>/end/", delegations.end, name="end_delegation"),
    path("handovers/<int:pk>/", handovers.certificate, name="handover"),
    path("reminders/<int:pk>/", reminders.reminder, name="reminder"),
    path("calendar/<int:pk>/", moved.moved_limits, name="moved_limits"),
    path("phrases/", phrases.phrases, name="phrases"),
    path("phrases/<int:pk>/", phrases.change, name="change_phrase"),
    path("phrases/<int:pk>/move/", phrases.move, name="move_phrase"),
    path("phrases/<int:pk>/delete/", phrases.delete, name="delete_phrase"),
]
