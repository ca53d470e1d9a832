"""Coming in, going out, one's own password and preferences."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, views
from django.contrib.auth.forms import AuthenticationForm
from django.core.validators import MaxLengthValidator
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from officehub.people.models import Person
from officehub.web import hubs


class LoginForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("用户名或密码不对，请重新输入。连续输错将暂时锁定。"),
        "inactive": _("此账号已停用，请联系系统管理员。"),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("用户名")
        longest = get_user_model()._meta.get_field("username").max_length
        self.fields["username"].validators.append(MaxLengthValidator(longest, _("用户名最多 %(limit_value)s 个字。")))
        self.fields["password"].label = _("密码")


class PreferencesForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("界面语言"), choices=settings.LANGUAGES)

    class Meta:
        model = Person
        fields = ["large_text", "phone"]
        labels = {"large_text": _("大字显示"), "phone": _("电话")}
        help_texts = {"large_text": _("所有页面的字号放大四分之一。")}


login = views.LoginView.as_view(
    template_name="web/login.html", authentication_form=LoginForm, redirect_authenticated_user=True
)
logout = views.LogoutView.as_view()


class PasswordChange(views.PasswordChangeView):
    template_name = "web/password_change.html"
    success_url = reverse_lazy("profile")

    def form_valid(self, form):
        messages.success(self.request, _("密码已修改。"))
        return super().form_valid(form)


password_change = PasswordChange.as_view()


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    """One's own preferences; the language is remembered by the browser."""
    form = PreferencesForm(request.POST or None, instance=request.user, initial={"language": request.LANGUAGE_CODE})
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("设置已保存。"))
        answer = redirect("profile")
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"], max_age=31_536_000, samesite="Lax"
        )
        return answer
    panels = hubs.panels_at("profile", request.user, timezone.now())
    return render(request, "web/profile.html", {"form": form, "panels": panels})
