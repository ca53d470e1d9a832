"""The questions that only some papers have. Each stands in the page with the kinds it is for; what is asked of no such
kind is not read (`content.fields`)."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from documents.reading import MAX_LINE, MAX_NAME, MAX_ORGANS, MAX_PEOPLE
from documents.rules.organs import named
from documents.shapes import content, offered
from documents.shapes.offered import SEALED, STAMP, UNSEALED, UNSIGNED

LAYOUTS = [("", _("按文种")), ("general", _("文件格式")), ("letter", _("信函格式"))]
MASTHEADS = [
    (content.AS_USUAL, _("发文机关名称加“文件”，联合行文的并列各机关")),
    (content.LEAD, _("联合行文只用主办机关名称加“文件”")),
    (content.BARE, _("只用（主办）机关名称，不加“文件”")),
]
ENDINGS = [
    (SEALED, _("署名，加盖印章")),
    (UNSEALED, _("署名，不加盖印章")),
    (UNSIGNED, _("不署名")),
    (STAMP, _("签名章")),
]
LAYOUT_HELP = _(
    "函用信函格式，其余用文件格式；通知、通报、批复、意见平行或下行的，也可用信函格式（GB/T 9704 10.1）。"
    "信函只印主办机关名称，没有签发人和印发机关"
)
MASTHEAD_HELP = _(
    "由发文机关全称或规范化简称加“文件”二字组成，也可只用全称或规范化简称；联合行文可以并用各机关名称，"
    "也可以单独用主办机关名称（条例 第九条(四)）"
)
ENDING_HELP = _(
    "有发文机关署名的，应当加盖印章，并与署名机关相符；有特定发文机关标志的普发性公文和电报可以不加盖"
    "（条例 第九条(十三)）。"
    "联合行文各机关依次署名、各盖一枚印章（GB/T 9704 7.3.5.1）"
)
NAMED_HELP = _(
    "命令：发文机关全称加“命令”或“令”（GB/T 9704 10.2）；纪要：如“××市人民政府常务会议纪要”（10.3）。不填按机关全称"
)
JOINT_HELP = _("一行一个，按排列次序；不写主办机关。同级机关之间必要时可以联合行文（条例 第十七条）")
SIGNERS_HELP = _("一行一人，与上面各机关次序一致；主办机关的由系统填写（条例 第九条(六)）")


class KindsSelect(forms.Select):
    """A choice of which some are for certain kinds only; the others are there, for when the kind is changed."""

    kinds: dict[str, list[str]] = {}  # by value
    kind = ""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.kinds:
            option["attrs"]["data-kinds"] = " ".join(self.kinds[str(value)])
            if self.kind not in self.kinds[str(value)]:
                option["attrs"] |= {"hidden": True, "disabled": True}
        return option


class NamesField(forms.CharField):
    """Names, one to a line or with marks between them, as a list; a mark in brackets does not part them."""

    def __init__(self, *, most: int, rows: int = 2, **kwargs):
        super().__init__(required=False, max_length=MAX_LINE, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
        self.most = most

    def clean(self, value):
        names = named("、".join(super().clean(value).splitlines()))
        if long := next((name for name in names if len(name) > MAX_NAME), ""):
            raise ValidationError(_("“%(name)s……”超过%(most)s字，请分行写。") % {"name": long[:12], "most": MAX_NAME})
        if len(names) > self.most:
            raise ValidationError(_("最多%(most)s个，现有%(count)s个。") % {"most": self.most, "count": len(names)})
        return names


class ShapeForm(forms.Form):
    """Format, organs, masthead, ending and attendance. Its `initial` holds the fields of the paper as it was
    (`issuers`, `signature_units`, …) beside those of `content.answers`."""

    SHAPE = ("layout", "co_issuers", "co_signers", "masthead_form", "masthead", "ending", "stamp_office", "stamp_name",
             *content.PEOPLE)  # fmt: skip

    layout = forms.ChoiceField(label=_("版式"), choices=LAYOUTS, required=False, help_text=LAYOUT_HELP)
    co_issuers = NamesField(label=_("其他发文机关"), most=MAX_ORGANS - 1, rows=3, help_text=JOINT_HELP)
    co_signers = NamesField(label=_("其他机关的签发人"), most=MAX_ORGANS - 1, help_text=SIGNERS_HELP)
    masthead_form = forms.ChoiceField(
        label=_("发文机关标志"), choices=MASTHEADS, required=False, help_text=MASTHEAD_HELP
    )
    masthead = forms.CharField(label=_("发文机关标志"), max_length=MAX_NAME, required=False, help_text=NAMED_HELP)
    ending = forms.ChoiceField(
        label=_("署名和印章"), choices=ENDINGS, required=False, widget=KindsSelect, help_text=ENDING_HELP
    )
    stamp_office = forms.CharField(
        label=_("签发人职务"), max_length=MAX_NAME, required=False, help_text=_("标全称，如“××市市长”（7.3.5.3）")
    )
    stamp_name = forms.CharField(label=_("签名章姓名"), max_length=20, required=False)
    present = NamesField(label=_("出席"), most=MAX_PEOPLE, help_text=_("用顿号或换行分开"))
    excused = NamesField(label=_("请假"), most=MAX_PEOPLE)
    observers = NamesField(label=_("列席"), most=MAX_PEOPLE)

    def offer(self) -> None:
        """What is offered for the kind the paper has: options of other kinds are hidden until it is changed."""
        kind = (self["kind"].value() if "kind" in self.fields else "") or ""
        self.kinds_of = {
            "layout": offered.LETTERS,
            "joint": (*offered.JOINT, *((kind,) if self.was().get("issuers", [])[1:] else ())),
            "masthead": offered.NAMED,
            "stamp": offered.STAMPED,
            "attended": offered.ATTENDED,
            "addressed": [one for one in offered.JOINT if one not in offered.UNADDRESSED] + ["议案"],
            "endings": [one for one in (*offered.JOINT, "议案") if len(offered.endings(one)) > 1],
        }
        if "ending" not in self.fields:
            return
        widget = self.fields["ending"].widget
        own = content.ending(self.was()) if self.was().get("kind") == kind else ""
        widget.kind = kind
        widget.kinds = {value: [*offered.kinds_with(value), *([kind] if value == own else [])] for value, _ in ENDINGS}
        if self.initial.get("masthead_form") == content.OWN:
            mark = (content.OWN, self.initial.get("own_masthead", ""))
            self.fields["masthead_form"].choices = [*MASTHEADS, mark]

    def was(self) -> dict:
        """The paper as it was, as far as this form goes."""
        return self.initial.get("was", {})

    # --- what the page asks of the form ---

    @property
    def lead(self) -> str:
        return "".join(self.was().get("issuers", [])[:1])

    @property
    def upward_kinds(self) -> str:
        return " ".join(offered.UPWARD)

    @property
    def goes_up(self) -> bool:
        return offered.goes_up(self["kind"].value() or "", self["direction"].value() or "")

    @property
    def has_own_shape(self) -> bool:
        """Whether something was chosen that is not as usual for the kind, or not taken."""
        usual = {"layout": "", "masthead_form": "", "ending": offered.endings(self["kind"].value() or "")[0]}
        return any(self[name].errors or (self[name].value() or "") != value for name, value in usual.items())

    def clean_shape(self, given: dict) -> None:
        """What does not go together."""
        kind = given.get("kind", "")
        others, lead = given.get("co_issuers", []), self.was().get("issuers", [])[:1]
        if others and kind in offered.ALONE and self.was().get("kind") != kind:
            self.add_error(
                "co_issuers", _("%(kind)s只由一个机关制发，请清空其他发文机关或改用其他文种。") % {"kind": kind}
            )
        twice = [name for name in dict.fromkeys(others) if [*lead, *others].count(name) > 1]
        if twice:
            self.add_error("co_issuers", _("“%(name)s”列了两次，请删去一处。") % {"name": twice[0]})
        if len(given.get("co_signers", [])) > len(others):
            self.add_error("co_signers", _("签发人多于其他发文机关，请一个机关写一人。"))
        if given.get("ending") == STAMP and bool(given.get("stamp_office")) != bool(given.get("stamp_name")):
            lacking = "stamp_name" if given.get("stamp_office") else "stamp_office"
            self.add_error(lacking, _("签名章须有职务和姓名，请补齐。"))
        self._clean_masthead(kind, given.get("masthead", ""), lead)

    def _clean_masthead(self, kind: str, mark: str, lead: list[str]) -> None:
        if not mark or kind not in offered.NAMED or mark == self.was().get("masthead"):
            return
        if kind == "纪要" and not mark.endswith("纪要"):
            self.add_error("masthead", _("纪要的标志应以“纪要”结尾，如“××市人民政府常务会议纪要”。"))
        if kind == "命令" and lead and mark not in (f"{lead[0]}令", f"{lead[0]}命令"):
            self.add_error("masthead", _("应为发文机关全称加“令”或“命令”，即“%(mark)s令”。") % {"mark": lead[0]})

    def shape(self) -> dict:
        """The answers as fields of the interchange format; what was not asked or not taken is as it was."""
        was, kind = self.was(), self.cleaned_data.get("kind", "")
        given = {
            name: self.cleaned_data[name] for name in self.SHAPE if name in self.cleaned_data and name in self.data
        }
        asked = {**content.said(was), **given, "kind": kind, "direction": self.cleaned_data.get("direction", "")}
        if kind != was.get("kind") and asked["ending"] not in offered.endings(kind):
            asked["ending"] = offered.endings(kind)[0]
        return content.fields(asked, was)
