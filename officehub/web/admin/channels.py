"""外发渠道: the robots, what state every way out is in, and the out-tray with what was given up."""

from datetime import datetime

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from officehub.audit.record import record
from officehub.notifications import robots
from officehub.notifications.models import TOKEN, Message, Outlet, Robot
from officehub.notifications.sealed import Unreadable
from officehub.web.admin_pages import OfficeAdmin, SafeDelete, ViewOnly

KEPT = _("已保存，不再显示。不改则留空。")


class RobotForm(forms.ModelForm):
    """The token and the secret go in and never come out."""

    new_token = forms.CharField(
        label=_("口令"),
        required=False,
        max_length=128,
        validators=[TOKEN],
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("机器人地址中 key=、access_token= 或 hook/ 之后的一串。"),
    )
    new_secret = forms.CharField(
        label=_("加签密钥"),
        required=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("钉钉、飞书启用“加签（签名校验）”时填写；企业微信没有。"),
    )
    no_secret = forms.BooleanField(label=_("不再加签"), required=False)

    class Meta:
        model = Robot
        fields = ["name", "channel", "organ", "department", "base", "is_active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["new_token"].help_text = KEPT
            self.fields["new_secret"].help_text = KEPT if self.instance.secret_kept else _("未加签。")

    def clean_new_token(self):
        token = self.cleaned_data["new_token"]
        if not token and not self.instance.pk:
            raise forms.ValidationError(_("请填写口令。"))
        return token

    def save(self, commit=True):
        if token := self.cleaned_data["new_token"]:
            self.instance.token = token
        if self.cleaned_data["no_secret"]:
            self.instance.secret_kept = ""
        if secret := self.cleaned_data["new_secret"]:
            self.instance.secret = secret
        return super().save(commit)


@admin.register(Robot)
class RobotAdmin(SafeDelete, OfficeAdmin):
    """What is changed is recorded by the names of the fields, never by what was typed."""

    form = RobotForm
    change_form_template = "admin/notifications/robot/change_form.html"
    fields = [
        "name",
        "channel",
        "organ",
        "department",
        "base",
        "new_token",
        "new_secret",
        "no_secret",
        "is_active",
    ]
    list_display = ["name", "channel", "organ", "department", "base", "is_active"]
    list_filter = ["channel", "is_active"]
    list_select_related = ["organ", "department"]
    search_fields = ["name"]
    autocomplete_fields = ["department"]

    def get_readonly_fields(self, request, obj=None):
        return ["channel"] if obj else []

    def get_urls(self):
        door = self.admin_site.admin_view(self.try_out)
        return [path("<int:pk>/try/", door, name="notifications_robot_try"), *super().get_urls()]

    @method_decorator(require_POST)
    def try_out(self, request, pk):
        """Let the robot say at once that it works; what it answers is told here."""
        robot = get_object_or_404(Robot, pk=pk)
        if not self.has_change_permission(request, robot):
            raise PermissionDenied
        now = timezone.now()
        said = robots.Said(f"测试消息：{robot.name}已接入政务办公系统。\n{settings.SITE_URL}", "", now)
        try:
            robots.say(robot.channel, robot.base, robot.token, robot.secret, said)
        except (robots.Unreachable, robots.Refused, Unreadable) as error:
            self.message_user(request, _("测试消息没有发出：%(why)s。") % {"why": error}, messages.ERROR)
        else:
            self.message_user(request, _("测试消息已发出，请到群里查看。"), messages.SUCCESS)
        with transaction.atomic():
            record(robot, "robot_tried", by=request.user, now=now)
        return redirect("admin:notifications_robot_change", pk)


def _count(state: str, **wanted):
    """How many messages of an outlet are in a state."""
    same_robot = Q(robot=OuterRef("robot")) | Q(robot=None, channel="email")
    rows = Message.objects.filter(same_robot, channel=OuterRef("channel"), state=state, **wanted)
    counted = rows.order_by().values("channel").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), Value(0))


def with_counts(outlets, now: datetime):
    """The outlets with what waits, what left today, what was given up: one query for all of them."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return outlets.annotate(
        waits=_count(Message.State.WAITING),
        left_today=_count(Message.State.SENT, sent_at__gte=midnight),
        given_up=_count(Message.State.FAILED),
    )


@admin.register(Outlet)
class OutletAdmin(OfficeAdmin):
    """Every way out at a glance. Two deeds: send again what was given up, and let a resting one try at once."""

    list_display = ["way", "standing", "waits", "left_today", "given_up", "error", "failed_at"]
    list_display_links = None
    list_select_related = ["robot"]
    actions = ["send_again", "wake"]

    def get_queryset(self, request):
        return with_counts(super().get_queryset(request), timezone.now())

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return ["channel", "robot", "failures", "rests_until", "error", "failed_at"]

    @admin.display(description=_("渠道"))
    def way(self, outlet):
        return f"{outlet.get_channel_display()}：{outlet.robot}" if outlet.robot else outlet.get_channel_display()

    @admin.display(description=_("状态"))
    def standing(self, outlet):
        if outlet.robot and not outlet.robot.is_active:
            return _("已停用")
        if outlet.rests_until and outlet.rests_until > timezone.now():
            until = timezone.localtime(outlet.rests_until)
            return _("连续失败 %(count)s 次，暂停至 %(until)s") % {
                "count": outlet.failures,
                "until": f"{until:%m-%d %H:%M}",
            }
        return _("正常") if not outlet.failures else _("最近失败 %(count)s 次") % {"count": outlet.failures}

    @admin.display(description=_("待发"))
    def waits(self, outlet):
        return outlet.waits

    @admin.display(description=_("今天已发"))
    def left_today(self, outlet):
        return outlet.left_today

    @admin.display(description=_("未发出"))
    def given_up(self, outlet):
        return outlet.given_up

    @admin.action(description=_("重发未发出的消息"), permissions=["change"])
    def send_again(self, request, queryset):
        now, again = timezone.now(), 0
        for outlet in queryset:
            lost = Message.objects.filter(
                channel=outlet.channel, robot=outlet.robot_id, state=Message.State.FAILED
            ).update(state=Message.State.WAITING, attempts=0, next_try_at=now)
            if lost:
                record(outlet, "messages_sent_again", by=request.user, now=now, facts={"count": lost})
            again += lost
        self.message_user(request, _("%(count)s 条消息将再次发送。") % {"count": again}, messages.SUCCESS)

    @admin.action(description=_("不再暂停，立即再试"), permissions=["change"])
    def wake(self, request, queryset):
        now = timezone.now()
        for outlet in queryset.filter(rests_until__gt=now):
            Outlet.objects.filter(pk=outlet.pk).update(rests_until=None)
            resting = Message.objects.filter(
                channel=outlet.channel, robot=outlet.robot_id, state=Message.State.WAITING, next_try_at__gt=now
            )
            resting.update(next_try_at=now)
            record(outlet, "outlet_woken", by=request.user, now=now)
        self.message_user(request, _("所选渠道将立即再试。"), messages.SUCCESS)


@admin.register(Message)
class MessageAdmin(ViewOnly):
    """The out-tray: what was sent, what waits, what was given up and why; never what a notice says."""

    list_display = ["address", "channel", "robot", "state", "urgent", "attempts", "next_try_at", "sent_at", "error"]
    list_filter = ["state", "channel", "next_try_at"]
    list_select_related = ["robot"]
    search_fields = ["address"]
    ordering = ["-id"]
    exclude = ["notice", "person", "within"]
