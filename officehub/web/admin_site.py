"""The pages of the administrators: Django admin in the house's colours, with the rarely used parts put away."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

# No page for groups (people.membership writes them from the organisation) nor for what the audit chain says anyway.
HIDDEN = {"auth.Group", "axes.AccessLog", "axes.AccessFailureLog", "django_celery_beat.SolarSchedule"}
ORDER = ["people", "workdays", "approvals", "documents", "meetings", "tasks", "supervision", "audit"]


class OfficeAdminSite(AdminSite):
    site_title = _("系统管理")
    site_header = _("政务办公 · 系统管理")
    index_title = _("管理首页")
    enable_nav_sidebar = True

    @method_decorator([never_cache, login_not_required])
    def login(self, request, extra_context=None):
        """One way in for everybody; somebody who is in but is no administrator is told so."""
        if request.user.is_authenticated:
            raise PermissionDenied(_("系统管理只对管理员开放。"))
        from django.contrib.auth.views import redirect_to_login  # needs the models, which load after this module

        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def get_app_list(self, request, app_label=None):
        """The rooms in the order an administrator thinks of them; apps left without a page disappear."""
        listed = super().get_app_list(request, app_label)
        for app in listed:
            app["models"] = [one for one in app["models"] if one["model"]._meta.label not in HIDDEN]
        shown = [app for app in listed if app["models"]]
        return sorted(shown, key=lambda app: (_place(app["app_label"]), app["name"]))


def _place(app_label: str) -> int:
    return ORDER.index(app_label) if app_label in ORDER else len(ORDER)


class OfficeAdminConfig(AdminConfig):
    default_site = "officehub.web.admin_site.OfficeAdminSite"
