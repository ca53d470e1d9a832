"""The forms of templates and of recurring tasks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.chosen import OnePerson, SeveralOf
from documents.decision_forms import in_office_words
from documents.forms import calendar, choices, translated
from officehub.people.models import Department
from officehub.people.models.persons import addressable
from officehub.workdays.arithmetic import FURTHEST, Unit
from tasks.models import Recurrence, Task, TaskTemplate
from tasks.models.task import URGENCIES
from tasks.recurring.said import weekdays
from tasks.serving.forms import OneDepartment, box

EVERY, BY = Recurrence.Every, Recurrence.By
PLAIN = ("title", "details", "source_text", "evidence_asked", "urgency", "limit_value", "limit_unit", "evidence_file")
BLANKS = _("可以留空：{年}、{月}、{季}、{周} 由系统按期填写，【单位】之类在使用时填写。")


class TemplateForm(forms.Form):
    """A task with blanks. Rows are kept by their ids, as `tasks.given` takes them."""

    name = forms.CharField(label=_("模板名称"), max_length=100)
    title = forms.CharField(label=_("任务名称"), max_length=200, help_text=BLANKS)
    details = box(_("具体要求"), required=False)
    source_text = forms.CharField(label=_("任务来源"), max_length=200, required=False)
    lead_unit = OneDepartment(None, label=_("牵头单位"), required=False, empty_label="——")
    lead_person = OnePerson(None, label=_("承办人"), required=False, widget=forms.Select, empty_label="——")
    responsible = OnePerson(None, label=_("责任人"), required=False, widget=forms.Select, empty_label="——")
    assisting = SeveralOf(None, label=_("协办单位"), required=False)
    limit_value = forms.IntegerField(label=_("时限"), min_value=1, max_value=FURTHEST, required=False)
    limit_unit = forms.ChoiceField(label=_("时限单位"), required=False)
    importance = forms.TypedChoiceField(label=_("重要程度"), coerce=int)
    urgency = forms.ChoiceField(label=_("紧急程度"), required=False)
    evidence_asked = forms.CharField(label=_("须提交的佐证材料"), max_length=300, required=False)
    evidence_file = forms.BooleanField(label=_("须附文件"), required=False)
    shared = forms.BooleanField(label=_("本部门共用"), required=False)

    def __init__(self, data=None, *, template: TaskTemplate | None = None):
        super().__init__(data, initial=self._of(template) if template else None)
        units = Department.objects.filter(is_active=True).order_by("order", "path")
        people = addressable().select_related("department").order_by("department__path", "name_key")
        for name in ("lead_unit", "assisting"):
            self.fields[name].queryset = units
        for name in ("lead_person", "responsible"):
            self.fields[name].queryset = people
        self.fields["limit_unit"].choices = [("", "—"), *translated(Unit.choices)]
        self.fields["importance"].choices = translated(Task.Importance.choices)
        self.fields["urgency"].choices = [("", "—"), *choices(URGENCIES)]
        in_office_words(self)

    def _of(self, template: TaskTemplate) -> dict:
        return {"name": template.name, "shared": template.unit_id is not None, **template.fields}

    def plain(self) -> dict:
        """As `tasks.given` takes it."""
        said = self.cleaned_data
        kept = {name: said[name] for name in (*PLAIN, "importance")}
        one = {name: said[name].pk if said[name] else None for name in ("lead_unit", "lead_person", "responsible")}
        return {**kept, **one, "assisting": [unit.pk for unit in said["assisting"]], "helpers": []}


class RecurrenceForm(forms.Form):
    """By which days, and from when to when."""

    every = forms.ChoiceField(label=_("周期"))
    day_by = forms.ChoiceField(label=_("日期按"))
    weekday = forms.TypedChoiceField(
        label=_("星期"), coerce=int, required=False, empty_value=None, help_text=_("每周按固定日期的，选星期几。")
    )
    month = forms.TypedChoiceField(
        label=_("月份"), coerce=int, required=False, empty_value=None, help_text=_("每年按固定日期的，选月份。")
    )
    number = forms.IntegerField(
        label=_("第几日、第几个工作日"), min_value=1, max_value=260, required=False,
        help_text=_("如每月第 5 个工作日填 5；每周按星期的不填。"),
    )  # fmt: skip
    from_end = forms.BooleanField(label=_("从末尾数起（填 1 即最后一个）"), required=False)
    roll = forms.ChoiceField(label=_("遇休息日"))
    lead_days = forms.IntegerField(label=_("提前几个工作日交办"), min_value=0, max_value=120, initial=5)
    starts_on = forms.DateField(label=_("自何日起"), widget=calendar())
    ends_on = forms.DateField(label=_("至何日止"), required=False, widget=calendar())
    catch_up = forms.ChoiceField(label=_("错过的期次"))

    def __init__(self, data=None, *, rule: Recurrence | None = None, today=None):
        super().__init__(data, initial=self._of(rule) if rule else {"starts_on": today})
        pairs = {"every": EVERY, "day_by": BY, "roll": Recurrence.Roll, "catch_up": Recurrence.CatchUp}
        for name, listed in pairs.items():
            self.fields[name].choices = translated(listed.choices)
        self.fields["weekday"].choices = [("", "—"), *enumerate(weekdays())]
        self.fields["month"].choices = [("", "—"), *((month, str(month)) for month in range(1, 13))]

    def _of(self, rule: Recurrence) -> dict:
        kept = {name: getattr(rule, name) for name in self.base_fields if hasattr(rule, name)}
        number = abs(rule.day) if rule.day else None
        return {**kept, "number": number, "from_end": bool(rule.day and rule.day < 0)}

    def clean(self):
        given = super().clean()
        every, by, number = given.get("every"), given.get("day_by"), given.get("number")
        weekly = every == EVERY.WEEK and by == BY.DAY
        if weekly and given.get("weekday") is None:
            self.add_error("weekday", _("请选星期几。"))
        if not weekly and "number" not in self.errors:
            self._check_number(every, by, number)
        if every == EVERY.YEAR and by == BY.DAY and not given.get("month"):
            self.add_error("month", _("请选月份。"))
        if given.get("starts_on") and given.get("ends_on") and given["ends_on"] < given["starts_on"]:
            self.add_error("ends_on", _("截止日期不能早于起始日期。"))
        return given

    def _check_number(self, every, by, number) -> None:
        most = {EVERY.WEEK: 7, EVERY.MONTH: 31, EVERY.YEAR: 31 if by == BY.DAY else 260}.get(every, 31)
        if not number:
            self.add_error("number", _("请填第几日或第几个工作日。"))
        elif number > most:
            self.add_error("number", _("这个周期里最多填 %(most)s。") % {"most": most})

    def rule(self) -> dict:
        """The columns of the rule; what the period does not use is empty."""
        said = dict(self.cleaned_data)
        number, from_end = said.pop("number"), said.pop("from_end")
        weekly = said["every"] == EVERY.WEEK and said["day_by"] == BY.DAY
        said["day"] = None if weekly else -number if from_end else number
        said["weekday"] = said["weekday"] if weekly else None
        said["month"] = said["month"] if said["every"] == EVERY.YEAR else None
        return said


class UseForm(forms.Form):
    """What a template leaves open, one field for each blank, and by when."""

    due_on = forms.DateField(label=_("办结日期"), widget=calendar())

    def __init__(self, data=None, *, blanks: list[str], today, limited: bool):
        super().__init__(data)
        self.blanks, self.today = blanks, today
        for place, blank in enumerate(blanks):
            self.fields[f"blank{place}"] = forms.CharField(label=blank.strip("【】") or blank, max_length=100)
        self.fields["due_on"].required = not limited
        in_office_words(self)

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day and day < self.today:
            raise forms.ValidationError(_("已经过去，请填今天或以后的日期。"))
        return day

    def words(self) -> dict[str, str]:
        return {blank: self.cleaned_data[f"blank{place}"] for place, blank in enumerate(self.blanks)}
