"""The forms before and beside a draft: what it begins from, an attachment changed, templates and sentences at hand."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from documents.drafting import issuing_organs
from documents.forms import KindForm, choices, print_only, translated
from documents.interchange import DISCLOSURES, KINDS
from documents.models import StockText
from documents.reading import MAX_BODY, MAX_LINE, MAX_TITLE
from documents.stock import starts

WHOSE = {"own": _("我的范本"), "office": _("本单位范本"), "built_in": _("系统范本")}
EMPTY = ""


class StartForm(KindForm):
    """The first question, and what the paper begins from: nothing, or a template of its kind."""

    start = forms.ChoiceField(label=_("从哪里开始"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        kind = self["kind"].value() or "通知"
        found = starts(person, kind if kind in KINDS else "通知")
        named = [(one.key, f"{one.name}（{WHOSE[one.whose]}）") for one in found]
        self.fields["start"].choices = [(EMPTY, _("空白稿")), *named]
        self.fields["start"].needed = True

    def clean_start(self):
        return self.cleaned_data.get("start") or EMPTY


class WordForm(forms.Form):
    """A draft typed in Word or WPS."""

    organ = forms.ModelChoiceField(None, label=_("发文机关"), empty_label=None)
    word = forms.FileField(
        label=_("Word 文件"),
        help_text=_("只收 .docx；.doc、.wps 请先另存为 .docx"),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="word_%s", **kwargs)
        self.fields["organ"].queryset = issuing_organs()


class WordAgainForm(forms.Form):
    """A .docx that is to replace the text of a draft, after a look."""

    word = forms.FileField(label=_("Word 文件"), widget=forms.ClearableFileInput(attrs={"accept": ".docx"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="word_%s", **kwargs)


class AttachedForm(forms.Form):
    """An attachment changed: its name, and its text or file."""

    title = forms.CharField(label=_("附件名称"), max_length=120, help_text=_("不写书名号和句末标点"))
    body = forms.CharField(
        label=_("附件正文"), max_length=MAX_BODY, required=False, widget=forms.Textarea(attrs={"rows": 12})
    )
    file = forms.FileField(label=_("换一个文件"), required=False, help_text=_("不选则不换"))

    def __init__(self, *args, has_file, **kwargs):
        super().__init__(*args, **kwargs)
        print_only(self)
        self.has_file = has_file
        if has_file:
            del self.fields["body"]
        else:
            self.fields["file"].label, self.fields["file"].help_text = _("或者上传文件"), ""

    def clean(self):
        given = super().clean()
        if not self.has_file and given.get("body") and given.get("file"):
            raise ValidationError({"body": _("附件正文和文件只能取一。")})
        return given


class TemplateForm(forms.Form):
    """A template; what is to be filled in each time stands in it as ××."""

    kind = forms.ChoiceField(label=_("文种"), choices=choices(KINDS))
    name = forms.CharField(label=_("范本名称"), max_length=40)
    for_all = forms.BooleanField(label=_("全单位可用"), required=False)
    title = forms.CharField(
        label=_("标题"), max_length=MAX_TITLE, required=False, help_text=_("“〈机关〉”会换成发文机关；待填处写“××”")
    )
    primary_recipients = forms.CharField(label=_("主送机关"), max_length=MAX_LINE, required=False)
    body = forms.CharField(
        label=_("正文"), max_length=MAX_BODY, required=False, widget=forms.Textarea(attrs={"rows": 14})
    )
    remarks = forms.CharField(label=_("附注"), max_length=MAX_LINE, required=False)
    cc_recipients = forms.CharField(label=_("抄送机关"), max_length=MAX_LINE, required=False)
    disclosure = forms.ChoiceField(
        label=_("公开属性"), choices=[("", _("未定")), *choices(DISCLOSURES)], required=False
    )
    disclosure_reason = forms.CharField(label=_("不予公开的理由"), max_length=200, required=False)

    def __init__(self, *args, may_share, **kwargs):
        super().__init__(*args, **kwargs)
        print_only(self)
        if not may_share:
            del self.fields["for_all"]


class StockTextForm(forms.Form):
    """A sentence to have at hand."""

    kind = forms.ChoiceField(label=_("文种"), choices=[("", _("各文种")), *choices(KINDS)], required=False)
    place = forms.ChoiceField(label=_("位置"), choices=translated(StockText.Place.choices), initial="closing")
    text = forms.CharField(label=_("常用语"), max_length=300)
    for_all = forms.BooleanField(label=_("全单位可用"), required=False)

    def __init__(self, *args, may_share, **kwargs):
        super().__init__(*args, auto_id="text_%s", **kwargs)
        print_only(self)
        if not may_share:
            del self.fields["for_all"]
