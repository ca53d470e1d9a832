"""The forms of tasks. What is typed is kept; what a form cannot take it says by its field."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents.chosen import OnePerson, SeveralOf
from documents.decision_forms import FilesField
from documents.forms import calendar, choices, translated
from documents.incoming.entry_forms import WITHIN
from documents.incoming.forms import Guarded, box, day, departments_offered, reason
from officehub.people.models import Department
from officehub.workdays.arithmetic import Unit
from tasks.limits import Limit, limit_of
from tasks.models import Milestone, Signal, Task
from tasks.models.task import URGENCIES
from tasks.picking import OnePersonField, TaskPeopleField
from tasks.seats import live_parts
from tasks.who import doers_of

ROWS = 4  # milestones a form offers at first
CHIPS = {  # how a limit is said in one press
    "today": Limit(0, Unit.WORKING_DAYS),
    "three": Limit(3, Unit.WORKING_DAYS),
    "week": Limit(7, Unit.NATURAL_DAYS),
}
CHIP_WORDS = [("today", _("今天")), ("three", _("3个工作日")), ("week", _("一周"))]
NAMED_DAY, COUNTED = ("day", _("指定日期")), ("count", _("另定"))
NOT_OFFERED = {"invalid_choice": _("请从列表中选择。")}


class LimitMixin:
    """A limit by a chip, a day or a number of units. `today` is the office's own day."""

    def add_limit(self, *, counted: bool, initial: Limit | None = None, required: bool = True) -> None:
        offered = [*CHIP_WORDS, NAMED_DAY, *([COUNTED] if counted else [])]
        self.fields["by_when"] = forms.ChoiceField(
            label=_("办理时限"), choices=offered, widget=forms.RadioSelect, required=required,
            error_messages={"required": _("请选择办理时限。"), **NOT_OFFERED},
        )  # fmt: skip
        self.fields["due_on"] = day(_("办结日期"), validators=WITHIN)
        self.fields["due_on"].needed = True
        if counted:
            self.fields["limit_value"] = forms.IntegerField(
                label=_("自交办起"), required=False, min_value=1, max_value=999,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )  # fmt: skip
            self.fields["limit_unit"] = forms.ChoiceField(
                label=_("单位"), choices=translated(Unit.choices), required=False, initial=Unit.WORKING_DAYS,
                error_messages=NOT_OFFERED,
            )  # fmt: skip
            self.fields["limit_value"].needed = self.fields["limit_unit"].needed = True
        if initial:
            self._show(initial)

    def _show(self, limit: Limit) -> None:
        name = next(
            (name for name, one in CHIPS.items() if one == limit), "count" if limit.value is not None else "day"
        )
        self.fields["by_when"].initial = name
        if name == "day":
            self.fields["due_on"].initial = limit.day
        elif name == "count":
            self.fields["limit_value"].initial, self.fields["limit_unit"].initial = limit.value, limit.unit

    def limit(self, given: dict) -> Limit:
        """What was chosen; a field that is lacking is named."""
        how = given.get("by_when", "")
        if how == "today":
            return Limit(day=self.today)
        if how in CHIPS:
            return CHIPS[how]
        if how == "day":
            if not given.get("due_on") and not self.errors.get("due_on"):
                self.add_error("due_on", _("请选择日期。"))
            elif given.get("due_on") and given["due_on"] < self.today:
                self.add_error("due_on", _("办理时限已过，请改填今天或以后的日期。"))
            return Limit(day=given.get("due_on"))
        if how == "count":
            if not given.get("limit_value") and not self.errors.get("limit_value"):
                self.add_error("limit_value", _("请填写时限。"))
            return Limit(given.get("limit_value"), given.get("limit_unit") or Unit.WORKING_DAYS)
        return Limit()


class InstructForm(LimitMixin, Guarded):
    """领导交办: one sentence, to whom, by when."""

    title = forms.CharField(
        label=_("交办事项"), max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": _("一句话写明要办什么")}),
        error_messages={"required": _("请写明要办什么。")},
    )  # fmt: skip
    lead_unit = forms.ModelChoiceField(None, label=_("交给单位"), required=False, empty_label=_("——"))
    urgency = forms.ChoiceField(
        label=_("紧急程度"), choices=[("", _("一般")), *choices(URGENCIES)], required=False, widget=forms.RadioSelect,
        error_messages=NOT_OFFERED,
    )  # fmt: skip
    details = box(_("补充要求"), rows=3, required=False)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["lead_unit"].queryset = departments_offered()
        self.fields["lead_person"] = OnePersonField("task_lead", label=_("或交给个人"), required=False)
        self.add_limit(counted=False)
        self.fields["by_when"].initial = "three"
        self.order_fields(["title", "lead_unit", "lead_person", "by_when", "due_on", "urgency", "details"])
        for name in ("lead_unit", "lead_person"):
            self.fields[name].needed = True
        self.guard()

    def clean(self):
        given = super().clean()
        given["title"] = " ".join(given.get("title", "").split())
        given["limit"] = self.limit(given)
        if not given.get("lead_unit") and not given.get("lead_person") and not self.errors.get("lead_person"):
            self.add_error("lead_unit", _("请选择交给哪个单位或哪个人。"))
        return given

    def task(self) -> dict:
        """What the deed takes."""
        names = ("title", "lead_unit", "lead_person", "urgency", "details", "limit")
        return {name: self.cleaned_data[name] for name in names}


class TaskForm(LimitMixin, Guarded):
    """A task in full. A draft may lack what giving it needs; what was typed is kept either way."""

    title = forms.CharField(label=_("任务名称"), max_length=200, error_messages={"required": _("请写明任务名称。")})
    details = box(_("具体要求"), rows=4, longest=4000, required=False)
    source = forms.ChoiceField(label=_("任务来源"), required=False, error_messages=NOT_OFFERED)
    source_text = forms.CharField(
        label=_("来源说明"), max_length=200, required=False, help_text=_("如会议名称、批示人、文号")
    )
    source_sentence = box(_("原文"), rows=2, longest=500, required=False)
    importance = forms.TypedChoiceField(
        label=_("重要程度"), choices=translated(Task.Importance.choices), coerce=int, initial=0, required=False,
        empty_value=0, error_messages=NOT_OFFERED,
    )  # fmt: skip
    urgency = forms.ChoiceField(
        label=_("紧急程度"), choices=[("", _("一般")), *choices(URGENCIES)], required=False, error_messages=NOT_OFFERED
    )
    lead_unit = forms.ModelChoiceField(None, label=_("牵头单位"), required=False, empty_label=_("——"))
    assisting_units = SeveralOf(None, label=_("协办单位"), required=False)
    evidence_asked = forms.CharField(
        label=_("须提交的佐证材料"), max_length=300, required=False, help_text=_("如现场照片、正式文件、台账")
    )
    evidence_file = forms.BooleanField(label=_("提交时必须附文件"), required=False)

    def __init__(self, *args, today, task: Task | None = None, paper=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.paper = today, paper
        self.fields["source"].choices = self._sources(task)
        self.fields["lead_unit"].queryset = self.fields["assisting_units"].queryset = departments_offered()
        one = {"required": False}
        self.fields["lead_person"] = OnePersonField("task_lead", label=_("承办人"), **one)
        self.fields["lead_person"].help_text = _("不选的，由牵头单位负责人分派")
        self.fields["responsible"] = OnePersonField("task_responsible", label=_("责任人"), **one)
        self.fields["verifier"] = OnePersonField("task_verifier", label=_("核验人"), **one)
        self.fields["verifier"].help_text = _("不选的，由交办人核验；核验人不能是承办人本人")
        self.fields["assisting_people"] = TaskPeopleField("task_assisting", label=_("协办人员"), **one)
        self.add_limit(counted=True, required=False)
        self._add_milestones(task)
        self.fields["files"] = FilesField()
        if task:
            self._show_task(task)
        self.guard()

    def _sources(self, task: Task | None) -> list[tuple]:
        """A paper is named by coming from its page; else its words are."""
        named = {Task.Source.DOCUMENT, Task.Source.INCOMING}
        if self.paper is not None:
            return [(value, _(label)) for value, label in Task.Source.choices if value == self.paper[0]]
        kept = {task.source} if task else set()
        return [(value, _(label)) for value, label in Task.Source.choices if value not in named or value in kept]

    def _add_milestones(self, task: Task | None) -> None:
        before = list(task.milestones.filter(done_at=None)) if task else []
        for place in range(max(ROWS, len(before) + 1)):
            name, when = f"milestone_{place}", f"milestone_{place}_day"
            self.fields[name] = forms.CharField(label=_("节点"), max_length=100, required=False)
            self.fields[when] = day(_("节点时限"), validators=WITHIN)
            if place < len(before):
                self.fields[name].initial = before[place].name
                self.fields[when].initial = timezone.localdate(before[place].due_at)

    @property
    def milestone_rows(self) -> list:
        places = (name for name in self.fields if name.startswith("milestone_") and not name.endswith("_day"))
        return [(self[name], self[f"{name}_day"]) for name in places]

    def _show_task(self, task: Task) -> None:
        for name in ("title", "details", "source", "source_text", "source_sentence", "importance", "urgency",
                     "lead_unit", "lead_person", "responsible", "evidence_asked", "evidence_file"):  # fmt: skip
            self.fields[name].initial = getattr(task, name)
        self.fields["verifier"].initial = task.verifier if task.verifier_id != task.assigner_id else None
        parts = list(live_parts(task))
        self.fields["assisting_units"].initial = [one.unit_id for one in parts if one.unit_id]
        self.fields["assisting_people"].initial = [one.person_id for one in parts if not one.unit_id]
        if limit := limit_of(task):
            self._show(limit)

    def clean(self):
        given = super().clean()
        given["limit"] = self.limit(given)
        given["milestones"] = self._milestones(given)
        return given

    def _milestones(self, given: dict) -> list[tuple]:
        found = []
        for name, when in self.milestone_rows:
            said, day_of_it = given.get(name.name, "").strip(), given.get(when.name)
            if said and not day_of_it and not self.errors.get(when.name):
                self.add_error(when.name, _("请选择节点的日期。"))
            elif day_of_it and not said:
                self.add_error(name.name, _("请写明节点名称。"))
            elif said and day_of_it:
                found.append((said, day_of_it))
        return found

    def task(self) -> dict:
        """What the deed takes."""
        names = (
            *("title", "details", "source", "source_text", "source_sentence", "importance", "urgency", "lead_unit"),
            *("lead_person", "responsible", "evidence_asked", "evidence_file", "verifier", "limit", "milestones"),
            *("files", "assisting_units", "assisting_people"),
        )
        given = {name: self.cleaned_data[name] for name in names}
        given["source"] = given["source"] or Task.Source.NONE
        return given


# --- deeds ------------------------------------------------------------------------------------------------------------


class DeedForm(LimitMixin, Guarded):
    """One deed on one task. `target` is what it is about, where it is about a part, a milestone or a request."""

    def __init__(self, *args, task: Task, person, target=None, name: str, today, **kwargs):
        super().__init__(*args, auto_id=f"{name}-%s", **kwargs)
        self.task, self.person, self.target, self.today = task, person, target, today
        self.arrange()
        self.guard()

    def arrange(self) -> None:
        """What depends on the task."""


class NothingAsked(DeedForm):
    pass


class ReasonForm(DeedForm):
    reason = reason()


class AllocateForm(DeedForm):
    person = OnePerson(None, label=_("承办人"), widget=forms.Select, empty_label=_("请选择"))

    def arrange(self) -> None:
        self.fields["person"].queryset = doers_of(self.unit()).select_related("department")
        self.fields["person"].error_messages["required"] = _("请选择承办人。")

    def unit(self) -> Department:
        return self.task.lead_unit


class PartAllocateForm(AllocateForm):
    def unit(self) -> Department:
        return self.target.unit


class ChangeLeadForm(AllocateForm):
    reason = reason()


class ReportForm(DeedForm):
    percent = forms.IntegerField(
        label=_("完成进度（%）"), min_value=0, max_value=100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": 100}),
        error_messages={
            "required": _("请填写进度。"), "invalid": _("进度应是 0 到 100 的整数。"),
            "max_value": _("进度不能超过 100。"), "min_value": _("进度不能小于 0。"),
        },
    )  # fmt: skip
    text = box(_("办理进展"), rows=4, error_messages={"required": _("请写明办理进展。")})
    back_reason = forms.CharField(
        label=_("进度回退的理由"), max_length=300, required=False, help_text=_("进度比上次低的，写明理由")
    )
    files = FilesField()

    def arrange(self) -> None:
        self.fields["percent"].initial = self.task.percent
        self.fields["files"].label = _("佐证材料")


class SubmitForm(DeedForm):
    text = box(_("办理结果"), rows=4, error_messages={"required": _("请写明办理结果。")})
    files = FilesField()
    without_parts = forms.BooleanField(label=_("不再等候协办情况"), required=False)

    def arrange(self) -> None:
        self.fields["files"].label = _("佐证材料")
        self.fields["files"].needed = self.task.evidence_file
        self.fields["files"].help_text = self.task.evidence_asked
        if not live_parts(self.task).exists():
            del self.fields["without_parts"]


class PartForm(DeedForm):
    text = box(_("协办情况"), rows=4, error_messages={"required": _("请写明协办情况。")})
    files = FilesField()


class VerifyForm(DeedForm):
    words = box(_("核验意见"), rows=3, longest=500, required=False, help_text=_("退回重办的须写明理由"))


class TickForm(DeedForm):
    milestone = forms.ModelChoiceField(
        None, label=_("节点"), widget=forms.RadioSelect, empty_label=None,
        error_messages={"required": _("请选择完成的节点。"), "invalid_choice": _("请从列表中选择。")},
    )  # fmt: skip

    def arrange(self) -> None:
        self.fields["milestone"].queryset = Milestone.objects.filter(task=self.task, done_at=None)


class MilestoneForm(DeedForm):
    name = forms.CharField(label=_("节点"), max_length=100, error_messages={"required": _("请写明节点名称。")})
    day = forms.DateField(
        label=_("节点时限"), widget=calendar(), validators=WITHIN, error_messages={"required": _("请选择日期。")}
    )


class PartsForm(DeedForm):
    assisting_units = SeveralOf(None, label=_("协办单位"), required=False)

    def arrange(self) -> None:
        self.fields["assisting_units"].queryset = departments_offered()
        self.fields["assisting_people"] = TaskPeopleField("task_more", label=_("协办人员"), required=False)


class ReassignForm(DeedForm):
    lead_unit = forms.ModelChoiceField(None, label=_("牵头单位"), required=False, empty_label=_("——"))
    reason = reason()

    def arrange(self) -> None:
        self.fields["lead_unit"].queryset = departments_offered()
        self.fields["lead_person"] = OnePersonField("task_to", label=_("承办人"), required=False)
        self.order_fields(["lead_unit", "lead_person", "reason"])
        for name in ("lead_unit", "lead_person"):
            self.fields[name].needed = True


class RedateForm(DeedForm):
    day = forms.DateField(
        label=_("办理时限改为"), widget=calendar(), validators=WITHIN, error_messages={"required": _("请选择日期。")}
    )
    reason = reason()


class ReopenForm(DeedForm):
    reason = reason(_("重新办理的理由"))
    day = day(_("重新办理的时限"), validators=WITHIN)

    def arrange(self) -> None:
        self.fields["day"].needed = True


class ExtensionForm(DeedForm):
    until = forms.DateField(
        label=_("申请延至"), widget=calendar(), validators=WITHIN, error_messages={"required": _("请选择日期。")}
    )
    reason = reason(_("延期的理由"))

    def arrange(self) -> None:
        after = timezone.localdate(self.task.due_at) + timedelta(days=1)
        self.fields["until"].widget.attrs["min"] = after.isoformat()
        said = gettext("现在的时限：%(day)s。须在时限届满之前申请。")
        self.fields["until"].help_text = said % {"day": f"{timezone.localdate(self.task.due_at):%Y-%m-%d}"}


class ChaseForm(DeedForm):
    words = forms.CharField(label=_("附言"), max_length=200, required=False)


class DecideExtensionForm(Guarded):
    """同意, or 不同意 with the reason."""

    words = box(_("批复意见"), rows=3, longest=500, required=False, help_text=_("不同意的须写明理由"))
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.guard()


# --- lists ------------------------------------------------------------------------------------------------------------


class FilterForm(forms.Form):
    """What a list is looked through for; what is not understood filters nothing."""

    words = forms.CharField(label=_("名称或编号"), max_length=60, required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    signal = forms.ChoiceField(label=_("时限"), required=False)
    unit = forms.ModelChoiceField(None, label=_("牵头单位"), required=False, empty_label=_("全部"))
    since = day(_("时限自"), validators=WITHIN)
    until = day(_("至"), validators=WITHIN)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("全部")), *translated(Task.State.choices)]
        shown = (Signal.ON_TRACK, Signal.DUE_SOON, Signal.OVERDUE)
        self.fields["signal"].choices = [("", _("全部")), *((one.value, _(one.label)) for one in shown)]
        self.fields["unit"].queryset = departments_offered()
