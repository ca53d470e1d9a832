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
NAMES = {"axes": _("登录安全"), "django_celery_beat": _("定时任务"), "auth": _("权限")}  # rooms that speak English
PAGE_NAMES = {
    "axes.AccessAttempt": _("登录失败记录"),
    "django_celery_beat.PeriodicTask": _("定时任务"),
    "django_celery_beat.IntervalSchedule": _("间隔"),
    "django_celery_beat.CrontabSchedule": _("时刻表"),
    "django_celery_beat.ClockedSchedule": _("定点"),
}
ORDER = [
    "people",
    "workdays",
    "inbox",
    "approvals",
    "documents",
    "meetings",
    "tasks",
    "supervision",
    "notifications",
    "audit",
]


class OfficeAdminSite(AdminSite):
    site_title = _("系统管理")
    site_header = _("政务办公 · 系统管理")
    index_title = _("管理首页")
    enable_nav_sidebar = True
    site_url = None  # 回到工作台 is the one way back

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
            app["name"] = NAMES.get(app["app_label"], app["name"])
            app["models"] = [one for one in app["models"] if one["model"]._meta.label not in HIDDEN]
            for one in app["models"]:
                one["name"] = PAGE_NAMES.get(one["model"]._meta.label, one["name"])
        shown = [app for app in listed if app["models"]]
        return sorted(shown, key=lambda app: (_place(app["app_label"]), app["name"]))


def _place(app_label: str) -> int:
    return ORDER.index(app_label) if app_label in ORDER else len(ORDER)


class OfficeAdminConfig(AdminConfig):
    default_site = "officehub.web.admin_site.OfficeAdminSite"
