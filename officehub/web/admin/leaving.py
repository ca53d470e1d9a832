"""离岗移交 on a person's page: to whom, why, and whether the account ends with it."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from officehub.inbox.hand_over import HandoverRefused, hand_over
from officehub.inbox.models import Handover, WorkItem
from officehub.notifications.tell import tell
from officehub.people.models import Person
from officehub.people.models.persons import addressable
from officehub.web import hubs
from officehub.web.listing import ids


class Receiver(AutocompleteSelect):
    """The search box for one person; an id that is no number, sent by no browser of ours, is shown as nobody chosen."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [str(number) for number in ids(map(str, value))], attr)


class HandOverForm(forms.Form):
    reason = forms.CharField(label=_("事由"), max_length=100, help_text=_("如 退休、调出、辞职"))
    deactivate = forms.BooleanField(
        label=_("移交后停用账号"), required=False, initial=True, help_text=_("停用后不能登录，历史记录不变。")
    )

    def __init__(self, typed, *, person: Person):
        super().__init__(typed)
        self.person = person
        self.fields["to"] = forms.ModelChoiceField(
            addressable().exclude(pk=person.pk),
            label=_("接收人"),
            widget=Receiver(Handover._meta.get_field("to"), admin.site),
            error_messages={"invalid_choice": _("接收人须是在岗的其他人员，不能是管理员（三员）。")},
        )
        self.order_fields(["to"])


def handed_over(form: HandOverForm, *, by: Person, now) -> Handover | None:
    """Do it and tell the receiver; None when it was refused, as the form then says."""
    asked = form.cleaned_data
    try:
        with transaction.atomic():
            proof = hand_over(
                form.person, asked["to"], by=by, now=now, reason=asked["reason"], deactivate=asked["deactivate"]
            )
            who, count = form.person.name, proof.total
            tell("handed_over", proof, [proof.to], now, key="handed_over", who=who, count=count)
    except HandoverRefused as refused:
        for sentence in refused.sentences:
            form.add_error(None, sentence)
        return None
    return proof


def open_counts(person: Person) -> list[tuple[str, int]]:
    """What is still asked of somebody, by kind and number: an administrator reads no titles (三员分立)."""
    counted = WorkItem.objects.todo(person).values_list("verb").annotate(count=Count("id")).order_by("verb")
    return [(hubs.counted_label(verb), count) for verb, count in counted]
