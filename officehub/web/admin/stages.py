"""The editor of a draft's stages: one card for each, in which only what its “由谁” and “方式” call for is shown."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officehub.approvals.models import Permit, Stage
from officehub.people.models import Department, Person
from officehub.people.models.persons import ADMINISTRATORS
from officehub.web import hubs
from officehub.web.admin.conditions import ConditionField

CONDITIONS: dict[type[models.Field], dict] = {models.JSONField: {"form_class": ConditionField}}
USUAL = ("mode", "quota", "dissent", "after_return", "if_changed")  # left empty, these are as they usually are
LINE = re.compile(r"^(?P<name>.+?)[\s：:，,]+(?P<votes>\d{1,2})\s*票?$")


class WeightsField(forms.CharField):
    """Votes by department name or log-in, one line each: 市财政局 2."""

    def __init__(self, **kwargs):
        rows = forms.Textarea(attrs={"rows": 3, "placeholder": "市财政局 2\nfangzhou 2"})
        said = _("一行一个：部门名称或登录名、空格、票数（1 到 99）。没有写到的都是一票。")
        super().__init__(**{"label": _("票权"), "required": False, "widget": rows, "help_text": said, **kwargs})

    def prepare_value(self, value):
        return value if not isinstance(value, dict) else "\n".join(f"{name} {votes}" for name, votes in value.items())

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial or {}), data)

    def to_python(self, value):
        lines = enumerate((super().to_python(value) or "").splitlines(), 1)
        return weights_of([(place, line.strip()) for place, line in lines if line.strip()])


def weights_of(lines: list[tuple[int, str]]) -> dict[str, int]:
    """What numbered lines say. Raises ValidationError naming every line that cannot stand."""
    read = [(place, line, LINE.match(line)) for place, line in lines]
    known = _known({match["name"] for _place, _line, match in read if match})
    found: list[str] = []
    weights: dict[str, int] = {}
    for place, line, match in read:
        if fault := _fault(line, match, known, weights):
            found.append(gettext("第 %(row)s 行：%(fault)s") % {"row": place, "fault": fault})
        elif match:
            weights[match["name"]] = int(match["votes"])
    if found:
        raise ValidationError(found)
    return weights


def _known(names: set[str]) -> set[str]:
    departments = Department.objects.filter(name__in=names).values_list("name", flat=True)
    return {*departments, *Person.objects.filter(username__in=names).values_list("username", flat=True)}


def _fault(line: str, match, known: set[str], weights: dict) -> str:
    if not match:
        return gettext("“%(line)s”应写成名称、空格和票数，如“市财政局 2”。") % {"line": line}
    if match["name"] not in known:
        return gettext("没有名为“%(name)s”的部门或登录名。") % {"name": match["name"]}
    if match["name"] in weights:
        return gettext("“%(name)s”前面已经写过。") % {"name": match["name"]}
    return "" if int(match["votes"]) else gettext("票数应是 1 到 99 的整数。")


class StageForm(forms.ModelForm):
    """The verb is chosen by its word; one kept from before stays choosable."""

    weights = WeightsField()
    permits = forms.MultipleChoiceField(
        label=_("可以"), required=False, choices=Permit.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in USUAL:
            self.fields[name].required = False
        known, kept = hubs.verbs(), self.instance.verb
        others = [(kept, kept)] if kept and kept not in dict(known) else []
        self.fields["verb"] = forms.ChoiceField(
            label=_("事项"),
            choices=[("", "——"), *known, *others],
            error_messages={"invalid_choice": _("没有“%(value)s”这种事项。")},
        )

    def clean(self):
        super().clean()
        fields, usual = self.cleaned_data, Stage()
        for name in USUAL:
            if name not in self.errors and fields.get(name) in (None, ""):
                fields[name] = getattr(usual, name)
        for fault in candidates_lack(fields.get("who"), fields.get("role"), fields.get("candidates")):
            self.add_error("candidates", fault)
        return fields


def candidates_lack(who, role, candidates) -> list[str]:
    """What is wrong with the people among whom the sender is to choose; nothing for other stages."""
    people = list(candidates or ())
    faults = []
    if who == Stage.Who.SENDER and not (role or people):
        faults.append(gettext("请写明候选人，或者在“角色”里选一个角色。"))
    refused = Person.objects.filter(pk__in=[one.pk for one in people], role_holdings__role__in=ADMINISTRATORS)
    return faults + [gettext("%(name)s是管理员（三员），不办理公文。") % {"name": one.name} for one in refused]


class StageFormSet(forms.BaseInlineFormSet):
    def clean(self):
        """A stage does not know its version's route while both are new, so the formset tells it."""
        super().clean()
        if not self.instance.route_id:
            return
        for form in self.forms:
            try:
                check_stage(form, self.instance.route)
            except ValidationError as error:
                form.add_error(None, error)


def check_stage(form, route) -> None:
    """The stage fits its route, and its verb is one that a room has words and a page for."""
    fields = form.cleaned_data
    if fields.get("DELETE") or not fields:
        return
    if "condition" in fields and "who" in fields and not form.instance.version_id:
        form.instance.fits(route)
    if fields.get("verb") and not hubs.knows_verb(fields["verb"]):
        raise ValidationError({"verb": _("没有“%(verb)s”这种事项。") % {"verb": fields["verb"]}})


class StageInline(admin.StackedInline):
    model = Stage
    form = StageForm
    formset = StageFormSet
    extra = 0
    verbose_name = verbose_name_plural = _("环节")
    autocomplete_fields = ["person", "post", "department", "candidates"]
    formfield_overrides = CONDITIONS
    fieldsets = [
        (None, {"fields": [("order", "name", "verb", "branch")]}),
        (
            _("由谁办理"),
            {"fields": [("who", "role"), ("person", "post", "department"), "candidates", "internal"]},
        ),
        (
            _("怎样算办完"),
            {"fields": [("mode", "quota"), "weights", "dissent", ("merges", "may_skip_if_nobody")]},
        ),
        (_("时限"), {"fields": [("limit_value", "limit_unit"), "silence_consents"]}),
        (_("办理人可以做什么"), {"fields": ["permits", ("after_return", "if_changed")]}),
        (_("何时适用"), {"fields": ["condition"]}),
    ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """People and departments are made on their own pages, not from inside a stage."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        for may in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
            if hasattr(getattr(field, "widget", None), may):
                setattr(field.widget, may, False)
        return field

    class Media:
        js = ["officehub/js/stages.js"]
        css = {"all": ["officehub/css/stages.css"]}
