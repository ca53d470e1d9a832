"""委托与外出: who does my errands while I am away, and whose I do."""

from dataclasses import dataclass, replace

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from officehub.inbox.delegating import delegate, end_delegation
from officehub.notifications.tell import tell
from officehub.people.models import Delegation, Person, Role
from officehub.people.standing_in import backups
from officehub.web.kinds import KindsField
from officehub.web.listing import newest_first
from officehub.web.picking import chosen
from officehub.web.views import for_the_office
from officehub.web.views.people import DELEGATE, choosable

BACKUP = "backup"
TABS = {"given": _("我委托的"), "held": _("委托我的")}


@dataclass(frozen=True)
class Row:
    """One delegation as the list shows it: over, in force, or to come."""

    given: Delegation
    over: bool
    to_come: bool

    @property
    def dialog(self) -> str:
        return f"end-{self.given.pk}"

    @property
    def kinds(self) -> str:
        return gettext("、").join(map(gettext, self.given.kinds))


class StandIn(forms.ModelChoiceField):
    """One person, or the word that leaves it to the B岗 (which gives None)."""

    def clean(self, value):
        return None if value == BACKUP else super().clean(value)


class DelegationForm(forms.ModelForm):
    """One's own delegation or absence; 主持工作 is only offered to whom it may be of."""

    kinds = KindsField(label=_("限于文种"), help_text=_("不选即全部事项；选了文种，其他事项仍由您办理。"))

    class Meta:
        model = Delegation
        fields = ["delegate", "since", "until", "reason", "kinds", "presides"]
        widgets = {name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in ("since", "until")}
        labels = {"since": _("从"), "until": _("到"), "reason": _("事由"), "presides": _("主持工作")}
        help_texts = {"presides": _("受托人为主持工作的负责人，可签发须由主要负责人签发的公文")}

    def __init__(self, typed, *, person: Person, today):
        super().__init__(typed, instance=Delegation(principal=person))
        self.today = today
        self.fields["delegate"] = StandIn(
            choosable(person),
            label=_("由谁代办"),
            error_messages={
                "required": _("请选择受托人，或选由 B 岗代办。"),
                "invalid_choice": _("此人已不在岗，或不能受托，请另选他人。"),
            },
        )
        if not person.has_role(Role.PRINCIPAL_LEADER):
            del self.fields["presides"]

    def clean_since(self):
        since = self.cleaned_data["since"]
        if since < self.today:
            raise ValidationError(_("不能从过去的日子起委托。"))
        return since

    def clean(self):
        typed = super().clean() or self.cleaned_data
        if typed.get("since") and typed.get("until") and typed["until"] < typed["since"]:
            self.add_error("until", _("止期不能早于起期。"))
        return typed

    @property
    def rest(self):
        """The fields after the choice of the person, which the page shows itself."""
        return [field for field in self if field.name != "delegate"]


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_office
def delegations(request):
    now, person = timezone.now(), request.user
    today = timezone.localdate(now)
    form = DelegationForm(request.POST if request.method == "POST" else None, person=person, today=today)
    if form.is_valid() and begun(form, person, now):
        messages.success(request, _("已登记，期间的事项由受托人代办。"))
        return redirect("delegations")
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else "given"
    context = {
        "form": form,
        "tabs": [{"label": label, "url": f"?tab={name}", "current": name == tab} for name, label in TABS.items()],
        "tab": tab,
        "page": page_of(person, tab, today, request.GET.get("after", "")),
        "picker": DELEGATE,
        "chosen": chosen(request.POST.getlist("delegate"), choosable(person)),
        "by_backup": request.POST.get("delegate") == BACKUP,
        "backup": backups([person.pk], today).get(person.pk),
    }
    return render(request, "web/delegations.html", context, status=422 if form.is_bound else 200)


def begun(form: DelegationForm, person: Person, now) -> bool:
    """Keep it and tell the delegate; False when somebody was quicker and it may not be any more, as the form says."""
    given = form.instance
    try:
        with transaction.atomic():
            delegate(given, by=person, now=now)
            days = {"since": given.since.isoformat(), "until": given.until.isoformat()}
            told = [given.delegate] if given.delegate else []
            tell("delegated", given, told, now, key="delegated", who=person.name, **days)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def page_of(person: Person, tab: str, today, cursor: str):
    """One page of the delegations given by somebody, or to them, the last to end first."""
    mine = {"principal": person} if tab == "given" else {"delegate": person}
    rows = Delegation.objects.filter(**mine).select_related("principal__department", "delegate__department")
    page = newest_first(rows, "until", cursor)
    return replace(page, rows=[Row(given, given.until < today, given.since > today) for given in page.rows])


@require_POST
@for_the_office
def end(request, pk):
    """From today on one does the own errands again."""
    given = get_object_or_404(Delegation.objects.select_related("principal", "delegate"), pk=pk, principal=request.user)
    if end_delegation(given, by=request.user, now=timezone.now()):
        messages.success(request, _("已结束，今后的事项由您本人办理。"))
    else:
        messages.info(request, _("此项委托早已结束。"))
    return redirect(reverse("delegations"))
