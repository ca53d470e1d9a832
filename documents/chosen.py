"""The fields in which a drafter chooses whom a paper goes to. What names no row is refused, however odd it is."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from officehub.approvals.asked import candidates
from officehub.approvals.models import Stage
from officehub.web.listing import ids

NOT_ON_THE_LIST = _("请从列表中选择人员。")
NOBODY = _("没有可选的候选人，请系统管理员在“审批流程”中补充。")


class SeveralOf(forms.ModelMultipleChoiceField):
    """Some rows of those offered."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = dict.fromkeys(("invalid_choice", "invalid_pk_value"), _("请从列表中选择。"))

    def clean(self, value):
        given = list(value or [])
        if len(ids(given)) != len(given):
            raise ValidationError(self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": "?"})
        return super().clean(value)


def with_department(person) -> str:
    return f"{person.name}（{person.department.name}）" if person.department else person.name


class SeveralPeople(SeveralOf):
    """Some of the people offered, each with their department."""

    default_error_messages = dict.fromkeys(("invalid_choice", "invalid_pk_value"), NOT_ON_THE_LIST)

    def label_from_instance(self, obj):
        return with_department(obj)


class OnePerson(forms.ModelChoiceField):
    """One of the people offered, each with their department."""

    widget = forms.RadioSelect
    default_error_messages = {"invalid_choice": NOT_ON_THE_LIST}

    def label_from_instance(self, obj):
        return with_department(obj)

    def to_python(self, value):
        if value and not ids([value]):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": "?"})
        return super().to_python(value)


def people_field(stage: Stage, document: Document, before: list[int]) -> forms.Field:
    """Who is to be asked at a stage, out of its candidates; several where its mode asks several. `before` are the
    people (by id) chosen last time, who are ticked again."""
    several = stage.mode != Stage.Mode.ANY
    offered = candidates(stage, document).select_related("department")
    needed = _("请从候选人中选定“%(stage)s”的办理人。") % {"stage": stage.name}
    shared = {
        "label": _("%(stage)s：选定办理人") % {"stage": stage.name},
        "required": not stage.may_skip_if_nobody,
        "initial": before if several else next(iter(before), None),
        "help_text": "" if offered else NOBODY,
        "error_messages": {"required": needed if offered else NOBODY},
    }
    field = SeveralPeople(offered, **shared) if several else OnePerson(offered, empty_label=None, **shared)
    field.widget.attrs["class"] = "pick"
    return field


def keys(chosen) -> list[int]:
    """The ids of several rows, one or none."""
    rows = [] if chosen is None else chosen if hasattr(chosen, "__iter__") else [chosen]
    return [row.pk for row in rows]
