"""The forms of papers in. What is typed is kept; what a form cannot take it says by its field."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents.chosen import SeveralOf
from documents.decision_forms import FilesField, in_office_words
from documents.forms import calendar, translated
from documents.incoming import circulate, propose
from documents.incoming.assign import handlers_of
from documents.incoming.reply import assisting
from documents.incoming.screen import POINTS
from documents.keeping.retention import proposed
from documents.models import ArchivalItem, Assignment, Hop, Incoming, IncomingReply
from documents.picking import PeopleField, PeoplePicker
from officehub.people.models import Department, Person, role_holders
from officehub.people.models.persons import LEADING
from officehub.secrecy import is_refused

MODES = [
    (circulate.IN_ORDER, _("依次（一人阅后送下一人）")),
    (circulate.AT_ONCE, _("同时")),
    (circulate.LEVELS, _("按职级分轮")),
]
NO_REASON = {"required": _("须写明理由。")}
SECRET = _("有国家秘密标志，本系统为非涉密系统，不得录入；请删去并按保密规定办理。")


def not_secret(value: str) -> None:
    """R41 (保密法 第三十一条(三))."""
    if is_refused(value):
        raise ValidationError(SECRET)


def box(label, rows: int = 3, longest: int = 2000, **kwargs) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=longest, widget=widget, **kwargs)


def reason(label=None) -> forms.CharField:
    return box(label or _("理由"), longest=500, error_messages=NO_REASON)


def retention() -> forms.ChoiceField:
    kept = [("", _("不归档")), *translated(ArchivalItem.Retention.choices)]
    return forms.ChoiceField(label=_("保管期限"), choices=kept, required=False)


def day(label, **kwargs) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=calendar(), **kwargs)


class Guarded(forms.Form):
    """Nothing unprintable, no mark of secrecy."""

    def guard(self) -> None:
        in_office_words(self)
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                field.validators.append(not_secret)


class OfferedPicker(PeoplePicker):
    """A picker that offers some people before anything is searched for."""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        ticked, offered = {person.pk for person in context["people"]}, self.offered()
        return {**context, "offered": offered, "others": [one for one in offered if one.pk not in ticked]}


def people_field(picker: str, label, offered=list, **kwargs) -> PeopleField:
    field = PeopleField(picker, label=label, **kwargs)
    field.widget = OfferedPicker(field.picker)
    field.widget.is_required = field.required
    field.widget.offered = offered
    return field


def leaders_of(incoming: Incoming) -> list[Person]:
    """The leaders of the organ that received the paper, and of the office that serves it."""
    organs = [incoming.organ, *([incoming.organ.office] if incoming.organ.office else [])]
    found = {person.pk: person for organ in organs for role in LEADING for person in role_holders(organ, role)}
    return list(found.values())


class DeedForm(Guarded):
    """One deed on one paper. `target` is what it is about (a station, a department's part), where it is about one."""

    def __init__(self, *args, incoming: Incoming, person, target=None, name: str, **kwargs):
        super().__init__(*args, auto_id=f"{name}-%s", **kwargs)
        self.incoming, self.person, self.target = incoming, person, target
        self.arrange()
        self.guard()

    def arrange(self) -> None:
        """What depends on the paper."""


class NothingAsked(DeedForm):
    pass


class ReasonForm(DeedForm):
    reason = reason()


class ScreenForm(DeedForm):
    points = forms.MultipleChoiceField(
        label=_("初审（条例 第二十四条）"), choices=list(POINTS.items()), widget=forms.CheckboxSelectMultiple,
        required=False,
    )  # fmt: skip
    nature = forms.ChoiceField(
        label=_("办件类别"),
        choices=[
            (Incoming.Nature.ACTION, _("批办：提出拟办意见报批")),
            (Incoming.Nature.INFORMATION, _("阅知：确定范围后传阅")),
        ],
        widget=forms.RadioSelect,
    )  # fmt: skip
    words = forms.CharField(label=_("说明"), max_length=500, required=False)

    def arrange(self) -> None:
        asking = ("请示", "议案", "函")
        action = self.incoming.kind in asking or bool(self.incoming.asked_due or self.incoming.urgency)
        self.fields["points"].needed = True
        if self.incoming.kind == "请示" and not self.incoming.contact:  # R57
            self.fields["points"].help_text = _("登记内容没有联系人和电话；请示应在附注处注明。")
        self.fields["nature"].initial = Incoming.Nature.ACTION if action else Incoming.Nature.INFORMATION


class ReturnForm(DeedForm):
    """A paper that went on meanwhile is looked at again before it is sent back."""

    reason = reason(_("退文理由"))
    seen_state = forms.CharField(max_length=12, widget=forms.HiddenInput)

    def arrange(self) -> None:
        self.fields["seen_state"].initial = self.incoming.state


class RouteForm(DeedForm):
    mode = forms.ChoiceField(label=_("方式"), choices=MODES, initial=circulate.IN_ORDER)
    words = forms.CharField(label=_("请阅批的事项"), max_length=500, required=False)
    has_request = forms.BooleanField(label=_("有请示或拟办的具体事项（圈阅视为同意）"), required=False)

    def arrange(self) -> None:
        self.fields["people"] = people_field("in_route", _("传阅范围（按先后）"), lambda: leaders_of(self.incoming))
        self.order_fields(["people"])


class ProposeForm(DeedForm):
    words = box(_("拟办意见"), rows=4)
    concrete = forms.BooleanField(label=_("有具体意见（领导圈阅视为同意）"), required=False, initial=True)
    mode = forms.ChoiceField(label=_("送阅方式"), choices=MODES, initial=circulate.IN_ORDER)
    lead = forms.ModelChoiceField(None, label=_("拟主办部门"), required=False, empty_label=_("由领导批示确定"))
    assisting = SeveralOf(None, label=_("拟协办部门"), required=False)
    due_on = day(_("拟定时限"))

    def arrange(self) -> None:
        self.fields["people"] = people_field(
            "in_leaders", _("拟送领导（按先后）"), lambda: leaders_of(self.incoming), required=False
        )
        self.order_fields(["words", "concrete", "people", "mode"])
        departments = departments_offered()
        self.fields["lead"].queryset = self.fields["assisting"].queryset = departments
        self.fields["due_on"].initial = self.incoming.asked_due


def departments_offered():
    return Department.objects.filter(is_active=True).select_related("organ").order_by("organ_id", "path")


class SettleForm(DeedForm):
    words = box(_("审定意见"), longest=500, required=False)


class SettleProposalForm(SettleForm):
    """When a proposed leader has left, the director names who gets the paper instead."""

    def arrange(self) -> None:
        proposal = propose.current(self.incoming)
        gone = propose.leaders_gone(proposal) if proposal else []
        if gone:
            names = "、".join(one.name for one in gone)
            self.fields["people"] = people_field(
                "in_leaders", _("改送的领导（按先后）"), lambda: leaders_of(self.incoming), required=False,
                help_text=_("拟送的%(names)s已离岗，请另选") % {"names": names},
            )  # fmt: skip
            away = {one.pk for one in gone}
            self.initial["people"] = [pk for pk in proposal.leaders if pk not in away]
            self.order_fields(["people"])


class SignForm(DeedForm):
    words = box(_("批示"), required=False)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def arrange(self) -> None:
        self.fields["seen"].initial = self.incoming.entry_hash()
        if self.target.circulation.purpose == "read":
            self.fields["words"].label = _("批注")


class RedirectForm(DeedForm):
    words = forms.CharField(label=_("说明"), max_length=500, required=False)

    def arrange(self) -> None:
        self.fields["people"] = people_field("in_redirect", _("转请何人阅批"), lambda: leaders_of(self.incoming))
        self.order_fields(["people"])


class AddHopsForm(DeedForm):
    at_once = forms.BooleanField(label=_("立即送（不选即排在最后）"), required=False, initial=True)
    reason = reason()

    def arrange(self) -> None:
        self.fields["people"] = people_field("in_add", _("加送何人"), lambda: leaders_of(self.incoming))
        self.order_fields(["people"])


class SetAsideForm(DeedForm):
    hop = forms.ModelChoiceField(None, label=_("哪一站"), empty_label=None)
    how = forms.ChoiceField(label=_("怎样办"), choices=[("skip", _("跳过（不在岗）")), ("recall", _("收回（送错）"))])
    reason = reason()

    def arrange(self) -> None:
        rows = self.target.hops.filter(state__in=Hop.PENDING).select_related("person").order_by("place", "id")
        self.fields["hop"].queryset = rows
        self.fields["hop"].label_from_instance = lambda hop: f"{hop.person.name}（{hop.get_state_display()}）"


class AssignForm(DeedForm):
    lead = forms.ModelChoiceField(None, label=_("主办部门"), error_messages={"required": _("请明确一个主办部门。")})
    assisting = SeveralOf(None, label=_("协办部门"), required=False)
    due_on = day(_("办理时限"))
    words = forms.CharField(label=_("交办要求"), max_length=500, required=False)

    def arrange(self) -> None:
        self.fields["lead"].queryset = self.fields["assisting"].queryset = departments_offered()
        proposal = propose.current(self.incoming)
        if proposal and proposal.lead and not self.initial:
            self.initial.setdefault("lead", proposal.lead_id)
            self.initial.setdefault("assisting", [one.pk for one in proposal.assisting.all()])
        due = (proposal and proposal.due_on) or self.incoming.asked_due
        self.initial.setdefault("due_on", due)
        days = settings.URGENCY_LIMIT_WORKING_DAYS.get(self.incoming.urgency)
        if days:
            self.fields["due_on"].help_text = _("不填即按%(urgency)s %(days)s 个工作日") % {
                "urgency": self.incoming.urgency, "days": days
            }  # fmt: skip
        self.fields["due_on"].needed = bool(self.incoming.urgency)
        self.fields["people"] = people_field(
            "in_chaser", _("催办人"), lambda: [self.person], required=self.incoming.is_pressing,
            help_text=_("紧急或者重要公文由专人催办"),
        )  # fmt: skip
        self.order_fields(["lead", "assisting", "due_on", "people"])


class ReassignForm(AssignForm):
    reason = reason(_("改派的理由"))

    def arrange(self) -> None:
        live = list(self.incoming.assignments.filter(state__in=Assignment.LIVE))
        due = self.incoming.due_at
        self.initial = {
            "lead": next((part.department_id for part in live if part.is_lead), None),
            "assisting": [part.department_id for part in live if not part.is_lead],
            "due_on": timezone.localdate(due) if due else None,
            "people": [self.incoming.chaser_id] if self.incoming.chaser_id else [],
        }
        super().arrange()
        del self.fields["words"]


class PutAwayForm(DeedForm):
    words = box(_("无需答复的理由"), rows=2, longest=500, initial=_("领导已阅，存查，无需答复。"))
    retention = retention()


class AssistantsForm(DeedForm):
    assisting = SeveralOf(None, label=_("协办部门"))

    def arrange(self) -> None:
        self.fields["assisting"].queryset = departments_offered()


class AllocateForm(DeedForm):
    handler = forms.ModelChoiceField(None, label=_("承办人"), empty_label=None)

    def arrange(self) -> None:
        self.fields["handler"].queryset = handlers_of(self.target.department)
        self.fields["handler"].label_from_instance = lambda one: f"{one.name}（{one.department.name} {one.title}）"
        self.fields["handler"].queryset = self.fields["handler"].queryset.select_related("department")
        self.fields["handler"].initial = self.person.pk


class ChangeHandlerForm(AllocateForm):
    reason = reason()

    def arrange(self) -> None:
        super().arrange()
        self.fields["handler"].label = _("改由何人承办")
        others = self.fields["handler"].queryset.exclude(pk=self.target.handler_id)
        self.fields["handler"].queryset = others
        self.fields["handler"].initial = None
        self.fields["handler"].help_text = _("现承办人：%(name)s") % {"name": self.target.handler.name}


class NoteForm(DeedForm):
    words = box(_("办理情况"))
    files = FilesField()


class AddFilesForm(DeedForm):
    """More of the paper itself, by the registry: a scan that was not there at registering, an attachment sent later."""

    files = FilesField()
    main = forms.BooleanField(label=_("第一份是来文正文，其余是附件"), required=False)

    def arrange(self) -> None:
        self.fields["files"].label = _("扫描件或文件")
        self.fields["files"].needed = True
        self.fields["files"].help_text = _("PDF、图片、.docx 等，一次最多 10 份；补充人和时间记入办理过程")
        main = self.incoming.files.filter(is_main=True).select_related("stored").first()
        self.fields["main"].initial = main is None
        if main:
            self.fields["main"].help_text = _("现在的正文“%(name)s”改作附件") % {"name": main.stored.name}


class AnswerForm(DeedForm):
    result = box(_("办理结果"))
    manner = forms.ChoiceField(
        label=_("怎样答复来文机关"),
        choices=[pair for pair in translated(IncomingReply.Manner.choices) if pair[0] != IncomingReply.Manner.PAPER],
        widget=forms.RadioSelect,
        help_text=_("行文答复的请起草复文，复文分发后自动记为已答复"),
    )
    whom = forms.CharField(label=_("答复对象"), max_length=120, required=False)
    words = box(_("答复内容，或者无需答复的理由"))
    unheard = forms.BooleanField(label=_("不再等协办意见"), required=False)

    def arrange(self) -> None:
        self.fields["whom"].initial = self.incoming.contact or self.incoming.sender_name
        if names := [one.department.name for one in assisting(self.incoming)]:
            self.fields["unheard"].help_text = gettext("%(names)s还没有报意见") % {"names": "、".join(names)}
        else:
            del self.fields["unheard"]


class ExtensionForm(DeedForm):
    until = forms.DateField(label=_("申请延至"), widget=calendar())
    reason = reason()


class CloseForm(DeedForm):
    retention = retention()

    def arrange(self) -> None:
        self.fields["retention"].initial = proposed(self.incoming)


class ChaseForm(DeedForm):
    words = forms.CharField(label=_("催办意见"), max_length=200, required=False)
