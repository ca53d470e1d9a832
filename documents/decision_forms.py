"""The forms of an approval: what is asked of whoever agrees, returns, hands on, brings others in, or stops a run.

A form refuses only what is missing or of the wrong form; whether the deed may be done is the engine's to say.
"""

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.consulting import gates
from documents.forms import print_only
from documents.picking import PeopleField
from documents.signing import FIVE_POINTS
from officehub.approvals.decide import returnable
from officehub.approvals.models import Stage, Step

MOST_FILES = 10  # with one opinion
TOO_LONG = _("%(label)s不能超过 %%(limit_value)s 字，现有 %%(show_value)s 字。")
NOT_OFFERED = {"invalid_choice": _("请从列表中选择。")}
NO_REASON = {"required": _("须写明理由（条例 第二十一条）。")}


def in_office_words(form: forms.Form) -> None:
    """Let no field take what cannot be printed, and say what is too long by the field's label."""
    print_only(form)
    for field in form.fields.values():
        if field.label and getattr(field, "max_length", None):
            field.error_messages["max_length"] = TOO_LONG % {"label": field.label}


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, or none; what is in them is checked when they are kept."""

    default_error_messages = {"most": _("一次最多附 %(most)s 个文件。")}

    def __init__(self, **kwargs):
        super().__init__(required=False, widget=ManyFiles(), label=_("附件"), **kwargs)

    def clean(self, data, initial=None):
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        if len(files) > MOST_FILES:
            raise forms.ValidationError(self.error_messages["most"], params={"most": MOST_FILES})
        return [super(FilesField, self).clean(one, initial) for one in files]


class DeedForm(forms.Form):
    """One deed on one's own step, on the text whose hash the page showed. `prefix` begins the ids, not the names."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data=None, files=None, *, step: Step, name: str, seen: str = ""):
        super().__init__(data, files, auto_id=f"{name}-%s", initial={"seen": seen})
        self.step = step
        self.arrange()
        in_office_words(self)

    def arrange(self) -> None:
        """What depends on the step."""

    def is_late(self) -> bool:
        """Whether what the deed is about, beside one's own step, was settled meanwhile."""
        return False

    def show_anew(self, seen: str) -> None:
        """Before a refused form is shown again: it is for the text as it stands now."""
        self.data = self.data.copy()
        self.data["seen"] = seen


def reason_field(label=None, **kwargs):
    box = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label or _("理由"), max_length=500, widget=box, error_messages=NO_REASON, **kwargs)


class AgreeForm(DeedForm):
    """An opinion; with what the stage wants confirmed beside it."""

    opinion = forms.CharField(
        label=_("我的意见"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "id": "opinion", "placeholder": _("不写即“同意”")}),
    )  # fmt: skip
    keep = forms.BooleanField(label=_("把这条意见存为我的常用语"), required=False)
    files = FilesField()
    bypass_reason = forms.CharField(
        label=_("确需如此的理由"), max_length=200, required=False, widget=forms.TextInput(attrs={"required": True})
    )  # shown only where it is needed

    def arrange(self) -> None:
        self.fields["opinion"].needed = self.fields["bypass_reason"].needed = True
        asked = "" if self.step.origin == Step.Origin.ADDED else self.step.stage.verb  # an added opinion vets nothing
        self.gate = gates.gate_of(self.step)
        if self.gate:
            self._ask_for_conclusion(self.gate)
        points = FIVE_POINTS if asked == "vet" else self.gate.points if self.gate else {}
        for name, words in points.items():
            needed = not self.gate  # a review that finds fault ticks what it finds in order, and no more
            self.fields[name] = tick(_(words), id=f"point-{name}", required=needed)
        if asked == "sign_off":
            self.fields["disclosure_confirmed"] = tick("", id="disclosure")

    def _ask_for_conclusion(self, gate: gates.Gate) -> None:
        radio = {"widget": forms.RadioSelect, "required": False, "error_messages": NOT_OFFERED}
        self.fields["conclusion"] = forms.ChoiceField(label=_("结论"), choices=list(gate.conclusions.items()), **radio)
        if gate.clauses:
            self.fields["clause"] = forms.ChoiceField(
                label=_("适用例外规定的，为第十二条哪一项"), choices=gate.clauses, **radio
            )
        self.fields["haste"] = forms.CharField(label=_("提前审结的理由"), max_length=200, required=False)
        self.fields["conclusion"].needed = self.fields["haste"].needed = True

    @property
    def points(self) -> list:
        asked = self.gate.points if self.gate else FIVE_POINTS
        return [self[name] for name in asked if name in self.fields]

    def objection(self) -> str:
        """The conclusion of a review that does not let the paper go on, as the return says it; empty otherwise."""
        said = self.gate.failing.get(self.cleaned_data.get("conclusion", "")) if self.gate else None
        return f"{self.gate.name}结论：{said}。" if self.gate and said else ""

    def extra(self) -> dict:
        """What the paper asks of a decision beside the opinion, as far as it was given."""
        asked = (*FIVE_POINTS, *(self.gate.points if self.gate else ()), "conclusion", "clause", "haste")
        given = {name: self.cleaned_data.get(name) for name in (*asked, "disclosure_confirmed", "bypass_reason")}
        return {name: value for name, value in given.items() if value}


def tick(label: str, **attrs) -> forms.BooleanField:
    """A box that must be ticked to go on; the engine says so when it was not."""
    return forms.BooleanField(
        label=label, required=False, widget=forms.CheckboxInput(attrs={"required": True, **attrs})
    )


class ReturnForm(DeedForm):
    """To whom, why, and by which way it comes back."""

    to = forms.ChoiceField(label=_("退给"), required=False, widget=forms.RadioSelect, error_messages=NOT_OFFERED)
    reason = reason_field(_("退回理由"))
    way = forms.ChoiceField(
        label=_("改好以后"), required=False, widget=forms.RadioSelect, error_messages=NOT_OFFERED,
        choices=[("steps", _("逐级重新办理")), ("straight", _("直送我"))],
    )  # fmt: skip
    files = FilesField()

    def arrange(self) -> None:
        self.fields["reason"].widget.attrs["id"] = "reason"
        drafter = self.step.run.subject.drafter
        earlier = [(str(stage.pk), stage.name) for stage in returnable(self.step)]
        self.fields["to"].choices = [("", _("拟稿人 %(name)s") % {"name": drafter.name}), *earlier]
        self.fields["way"].initial = "steps"
        self.fields["to"].needed = self.fields["way"].needed = True
        if self.step.stage.after_return != Stage.AfterReturn.CHOICE:
            del self.fields["way"]
            self.fields["to"].help_text = WAYS[self.step.stage.after_return]


WAYS = {
    Stage.AfterReturn.STEPS: _("按流程规定，改好以后逐级重新办理。"),
    Stage.AfterReturn.STRAIGHT: _("按流程规定，改好以后直送您。"),
}


class DisagreeForm(DeedForm):
    opinion = reason_field(_("不同意的理由"))
    files = FilesField()


class TransferForm(DeedForm):
    people = PeopleField("transfer", label=_("转给"))
    reason = reason_field()


class AssistForm(DeedForm):
    people = PeopleField("assist", label=_("委派给"))
    question = forms.CharField(
        label=_("请其研究的事项"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class AddForm(DeedForm):
    people = PeopleField("add", label=_("请谁加签"), help_text=_("按勾选的先后依次办理；改次序的，去掉再勾。"))
    place = forms.ChoiceField(
        label=_("在我"), widget=forms.RadioSelect, initial="before", error_messages=NOT_OFFERED,
        choices=[("before", _("之前办（我等他们办完）")), ("after", _("之后办（我先办）"))],
    )  # fmt: skip
    reason = reason_field(_("说明"), required=False)


class ConsultForm(DeedForm):
    people = PeopleField("consult", label=_("征求谁的意见"))
    question = reason_field(_("征求意见的事项"))

    def arrange(self) -> None:
        self.fields["question"].error_messages = {"required": _("请写明征求意见的事项。")}


class RemoveForm(DeedForm):
    """Whom to take off: `others` of the same visit, as the step has them."""

    signer = forms.ChoiceField(
        label=_("减去谁"), widget=forms.RadioSelect, error_messages={"invalid_choice": _("请从列表中选择人员。")}
    )
    reason = reason_field()

    def arrange(self) -> None:
        others = getattr(self.step, "removable", [])
        self.fields["signer"].choices = [(str(one.pk), one.approver.name) for one in others]

    def is_late(self) -> bool:
        """Whether who was chosen is of the visit and has been done with meanwhile."""
        chosen = self.data.get("signer", "")
        return any(str(one.pk) == chosen and one.state not in Step.PENDING for one in self.step.together)


class ReasonForm(DeedForm):
    reason = reason_field()


class AnswerForm(forms.Form):
    """An opinion one was asked for."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("我的答复"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("请写明答复意见。")},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="answer-%s", **kwargs)
        in_office_words(self)


class HaltForm(forms.Form):
    """Why a run is stopped; its ids begin with the deed's name."""

    reason = reason_field()

    def __init__(self, *args, name: str, **kwargs):
        super().__init__(*args, auto_id=f"{name}-%s", **kwargs)
        in_office_words(self)
