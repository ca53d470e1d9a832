"""Organs, departments, posts and persons, for the system administrator; who holds which role, for the security one."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officehub.approvals.models import Route
from officehub.audit.record import record
from officehub.people.models import Appointment, Delegation, Department, Organ, Person, Post, RoleHolding
from officehub.people.models.persons import ADMINISTRATORS
from officehub.web.admin.leaving import HandOverForm, handed_over, open_counts
from officehub.web.admin_pages import KeepUsed, OfficeAdmin, SafeDelete, one_deed
from officehub.web.kinds import KindsField


@admin.register(Organ)
class OrganAdmin(KeepUsed, OfficeAdmin):
    list_display = ["name", "short_name", "code", "level", "kind", "superior", "is_own", "active_until"]
    list_filter = ["level", "kind", "is_own"]
    list_select_related = ["superior"]
    search_fields = ["name", "short_name", "code"]
    autocomplete_fields = ["superior", "office"]


class PostInline(admin.TabularInline):
    model = Post
    extra = 0
    autocomplete_fields = ["backup"]
    can_delete = False
    show_change_link = True


@admin.register(Department)
class DepartmentAdmin(SafeDelete, OfficeAdmin):
    list_display = ["name", "organ", "parent", "code", "is_general_office", "leader_in_charge", "is_active", "order"]
    list_filter = ["is_active", "is_general_office", ("organ", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["organ", "parent", "leader_in_charge__department"]
    search_fields = ["name", "code", "organ__name"]
    autocomplete_fields = ["organ", "parent", "leader_in_charge"]
    inlines = [PostInline]


@admin.register(Post)
class PostAdmin(KeepUsed, OfficeAdmin):
    list_display = ["title", "department", "is_head", "backup"]
    list_filter = ["is_head"]
    list_select_related = ["department", "backup__department"]
    search_fields = ["title", "department__name"]
    autocomplete_fields = ["department", "backup"]


class NewPersonForm(UserCreationForm):
    """A new account with its first password."""

    class Meta:
        model = Person
        fields = ["username", "name", "department"]


class AppointmentInline(admin.TabularInline):
    model = Appointment
    extra = 0
    autocomplete_fields = ["post"]


@admin.register(Person)
class PersonAdmin(SafeDelete, OfficeAdmin, UserAdmin):
    """Accounts. Roles are shown here and given on their own page, by somebody else (三员分立)."""

    add_form = NewPersonForm
    change_form_template = "admin/people/person/change_form.html"
    list_display = ["username", "name", "department", "title", "roles_held", "is_active", "last_login"]
    list_filter = ["is_active", "role_holdings__role", ("department", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["department"]
    search_fields = ["username", "name", "name_key", "department__name"]
    ordering = ["name_key", "id"]
    filter_horizontal = []
    autocomplete_fields = ["department"]
    readonly_fields = ["roles_held", "last_login", "date_joined"]
    inlines = [AppointmentInline]
    fieldsets = [
        (None, {"fields": ["username", "password", "is_active"]}),
        (_("人员"), {"fields": ["name", "department", "title", "phone", "email"]}),
        (_("权限与登录"), {"fields": ["roles_held", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "name", "department", "password1", "password2"]})]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("role_holdings")

    def has_change_permission(self, request, obj=None):
        """Nobody gets at another administrator's account here: who must, has `changepassword` on the server."""
        another = obj is not None and obj != request.user and obj.has_role(*ADMINISTRATORS)
        return super().has_change_permission(request, obj) and not another

    @admin.display(description=_("角色"))
    def roles_held(self, person):
        return "、".join(holding.get_role_display() for holding in person.role_holdings.all()) or "—"

    def user_change_password(self, request, id, form_url=""):
        with one_deed(request):
            return super().user_change_password(request, id, form_url)

    def get_urls(self):
        door = self.admin_site.admin_view(self.hand_over)
        return [path("<int:pk>/hand_over/", door, name="people_person_hand_over"), *super().get_urls()]

    def hand_over(self, request, pk):
        """离岗移交 (R60): everything somebody has goes to another; the certificate is what one sees next."""
        person = get_object_or_404(Person, pk=pk)
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        form = HandOverForm(request.POST if request.method == "POST" else None, person=person)
        if form.is_valid() and (proof := handed_over(form, by=request.user, now=timezone.now())):
            self.message_user(request, _("已移交，零遗留。"), messages.SUCCESS)
            return redirect("handover", proof.pk)
        context = {
            "form": form,
            "person": person,
            "title": _("离岗移交"),
            "opts": self.opts,
            "open": open_counts(person),
        }
        return render(
            request, "admin/people/person/hand_over.html", {**self.admin_site.each_context(request), **context}
        )

    def get_inlines(self, request, obj):
        return self.inlines if obj else []  # first the account, then what it holds


class RoleHoldingForm(forms.ModelForm):
    def clean(self):
        """Whom a route in use names would get papers as an administrator too."""
        given = super().clean() or self.cleaned_data
        if given.get("role", "") in ADMINISTRATORS and given.get("person"):
            for route in Route.objects.filter(is_active=True):
                version = route.current()
                if version and version.stages.filter(who="person", person=given["person"]).exists():
                    raise ValidationError({"person": f"审批流程“{route}”指定此人办理，请先改派他人。"})
        return given


@admin.register(RoleHolding)
class RoleHoldingAdmin(OfficeAdmin):
    """Giving a role and taking it away; both are written in the person's own chain."""

    form = RoleHoldingForm
    list_display = ["person", "role", "department"]
    list_filter = ["role"]
    list_select_related = ["person__department"]
    search_fields = ["person__name", "person__username"]
    autocomplete_fields = ["person"]

    @admin.display(description=_("部门"))
    def department(self, holding):
        return holding.person.department

    def has_change_permission(self, request, obj=None):
        return False  # a role is taken away and another given: two deeds, two events

    def log_addition(self, request, obj, message):
        record(obj.person, "role_given", by=request.user, now=timezone.now(), facts={"role": obj.role})
        return super(OfficeAdmin, self).log_addition(request, obj, message)

    def log_deletions(self, request, queryset):
        for holding in queryset:
            record(holding.person, "role_taken", by=request.user, now=timezone.now(), facts={"role": holding.role})
        return super(OfficeAdmin, self).log_deletions(request, queryset)

    def delete_queryset(self, request, queryset):
        for holding in queryset:  # one by one: each person's groups follow
            holding.delete()


class DelegationForm(forms.ModelForm):
    kinds = KindsField(label=_("限于文种"), help_text=_("不选即全部事项。"))


@admin.register(Delegation)
class DelegationAdmin(OfficeAdmin):
    form = DelegationForm
    fields = ["principal", "delegate", "since", "until", "kinds", "reason", "presides"]
    list_display = ["principal", "stand_in", "since", "until", "limited_to", "reason", "presides"]
    list_filter = ["presides", "since"]
    list_select_related = ["principal", "delegate"]
    search_fields = ["principal__name", "delegate__name", "reason"]
    autocomplete_fields = ["principal", "delegate"]
    date_hierarchy = "since"
    actions = None

    @admin.display(description=_("受托人"), ordering="delegate")
    def stand_in(self, delegation):
        return delegation.delegate or _("B 岗")

    @admin.display(description=_("限于文种"))
    def limited_to(self, delegation):
        return "、".join(delegation.kinds) or _("全部事项")

    def has_delete_permission(self, request, obj=None):
        """One that has begun is ended by its last day, so that 受…委托 stays explained."""
        begun = obj is not None and obj.since <= timezone.localdate()
        return super().has_delete_permission(request, obj) and not begun
