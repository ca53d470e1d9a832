"""What one may do with one's own open step: each deed with its permit, its words, its form, and what it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents import decision_forms as forms
from documents.models import Document
from officehub.approvals import decide, halt, hand_on, phrases
from officehub.approvals.models import Permit, Step

Words = str | Promise


@dataclass(frozen=True)
class Given:
    """One deed as it was asked for: by whom and when, the form that was filled in, and the files kept with it."""

    document: Document
    step: Step
    form: Any
    files: list
    by: Any
    now: Any

    def __getitem__(self, name: str):
        return self.form.cleaned_data[name]

    @property
    def who(self) -> dict:
        return {"by": self.by, "now": self.now, "seen": self["seen"]}


@dataclass(frozen=True)
class Deed:
    """One deed. `line` says what it brings about; `done` what is said after it; `stays` that the step is still here."""

    permit: str
    label: Words
    form: type[forms.DeedForm]
    do: Callable[[Given], Any]
    done: Words
    line: Words = ""
    stays: bool = False


def _agree(given: Given) -> None:
    if objection := given.form.objection():  # a review that does not let the paper go on sends it back
        _send_back(given, objection)
        return
    opinion = given["opinion"].strip() or "同意"
    decide.agree(given.step, opinion=opinion, extra=given.form.extra(), files=given.files, **given.who)
    if given["keep"]:
        phrases.keep(given.by, opinion)


def _send_back(given: Given, objection: str) -> None:
    if not given["opinion"].strip():
        raise decide.DecisionRefused([str(_("请写明审核、审查意见，此件将退回拟稿人。"))])
    decide.return_(given.step, reason=f"{objection}{given['opinion'].strip()}", files=given.files, **given.who)


def _circle(given: Given) -> None:
    if given["opinion"].strip() or given.form.objection():
        raise decide.DecisionRefused([str(_("圈阅只记姓名和日期；要写意见的，请按“同意”。"))])
    decide.circle(given.step, extra=given.form.extra(), **given.who)


def _return(given: Given) -> None:
    straight = given.form.cleaned_data.get("way") == "straight"
    to = int(given["to"]) if given["to"] else None
    decide.return_(given.step, reason=given["reason"], to=to, straight=straight, files=given.files, **given.who)


def _disagree(given: Given) -> None:
    decide.disagree(given.step, opinion=given["opinion"], files=given.files, **given.who)


def _transfer(given: Given) -> None:
    hand_on.transfer(given.step, given["people"][0], reason=given["reason"], **given.who)


def _assist(given: Given) -> None:
    hand_on.assist(given.step, given["people"][0], question=given["question"], **given.who)


def _add(given: Given) -> None:
    before = given["place"] == "before"
    hand_on.add_signers(given.step, given["people"], before=before, reason=given["reason"], **given.who)


def _remove(given: Given) -> None:
    removed = next(one for one in given.step.removable if str(one.pk) == given["signer"])
    hand_on.remove_signer(given.step, removed, by=given.by, now=given.now, reason=given["reason"])


def _consult(given: Given) -> None:
    hand_on.consult(given.step, given["people"], question=given["question"], **given.who)


def _terminate(given: Given) -> None:
    halt.terminate(given.document, reason=given["reason"], step=given.step, **given.who)


DEEDS = {
    "agree": Deed("", _("同意"), forms.AgreeForm, _agree, _("已办理。")),
    "circle": Deed(Permit.CIRCLE, _("圈阅"), forms.AgreeForm, _circle, _("已圈阅。")),
    "return": Deed(
        Permit.RETURN, _("退回"), forms.ReturnForm, _return, _("已退回。"), _("已有意见都保留，理由告知对方。")
    ),
    "disagree": Deed(
        Permit.DISAGREE, _("不同意"), forms.DisagreeForm, _disagree, _("已记下不同意见。"),
    ),
    "transfer": Deed(
        Permit.TRANSFER, _("转办"), forms.TransferForm, _transfer, _("已转办。"),
        _("此件由对方以自己的名义办理，不再回到您这里。"),
    ),
    "assist": Deed(
        Permit.ASSIST, _("委派"), forms.AssistForm, _assist, _("已委派，对方提出意见后回到您这里。"),
        _("对方提出意见后，此件回到您这里，由您办理。"), stays=True,
    ),
    "add": Deed(
        Permit.ADD, _("加签"), forms.AddForm, _add, _("已加签。"),
        _("所加的人都要表明意见，此件才能往下走。"), stays=True,
    ),
    "remove": Deed(
        "", _("减签"), forms.RemoveForm, _remove, _("已减签。"), _("减去的人不再办理，理由记入办理过程。"), stays=True
    ),
    "consult": Deed(
        Permit.CONSULT, _("征求意见"), forms.ConsultForm, _consult, _("已发出征求意见。"),
        _("不等答复也可以办理；答复记入办理过程。"), stays=True,
    ),
    "terminate": Deed(
        Permit.TERMINATE, _("终止"), forms.ReasonForm, _terminate, _("已终止。"),
        _("终止后此件不再办理，不能恢复。确定要终止吗？"),
    ),
}  # fmt: skip
FIRST = ("agree", "circle", "return")  # the buttons; the others stand in the menu


def menu_of(step: Step) -> list[str]:
    """Which deeds, beside the first, this step offers: what its stage permits, and taking off whoever may be."""
    offered = [name for name, deed in DEEDS.items() if deed.permit and step.stage.permits_to(deed.permit)]
    return [name for name in DEEDS if name not in FIRST and (name in offered or (name == "remove" and step.removable))]
