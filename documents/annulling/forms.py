"""The form in which an annulment is recorded, and the one that corrects it."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from documents.annulling.deed import Decision, deciders
from documents.forms import calendar, print_only, translated
from documents.models import Annulment, Document
from documents.reading import NUMBER_HINT, NUMBER_PATTERN


class AnnulForm(forms.Form):
    """撤销 or 废止 of a paper or a part of it, by an organ that may, in a paper that is named (R58)."""

    sort = forms.ChoiceField(
        label=_("方式"),
        choices=translated([("revoked", "撤销（自始无效）"), ("repealed", "废止（自废止之日起失效）")]),
        widget=forms.RadioSelect,
    )
    effective_from = forms.DateField(
        label=_("废止之日"),
        required=False,
        widget=calendar(),
        help_text=_("选“废止”时填写，可以是将来的日期"),
    )
    part = forms.CharField(
        label=_("只涉及部分条款的"), max_length=100, required=False, help_text=_("如“第三条、附件2”；不填即全文")
    )
    decided_by = forms.ModelChoiceField(None, label=_("决定机关"), empty_label=None)
    basis_number = forms.CharField(
        label=_("决定文件的发文字号"),
        max_length=60,
        help_text=_("本系统印发的，填字号即可"),
        validators=[RegexValidator(rf"^{NUMBER_PATTERN}$", NUMBER_HINT)],
    )
    basis_title = forms.CharField(label=_("决定文件的标题"), max_length=200, required=False)
    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, document: Document, person, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.ours = Document.objects.visible_to(person, now).exclude(document_number=None)
        self.fields["decided_by"].queryset = deciders(document)
        if not self.is_bound:
            self.initial["decided_by"] = document.organ_id
        print_only(self)

    def clean(self):
        given = super().clean() or self.cleaned_data
        repealed = given.get("sort") == Annulment.Sort.REPEAL and "effective_from" not in self.errors
        if repealed and not given.get("effective_from"):
            self.add_error("effective_from", _("请写明从哪一天起废止。"))
        given["basis"] = self.ours.filter(document_number=given.get("basis_number") or None).first()
        if given.get("basis_number") and not given["basis"] and not given.get("basis_title"):
            self.add_error("basis_title", _("本系统中没有您能看到的这份文件，请写明它的标题。"))
        return given

    def decision(self) -> Decision:
        return Decision(**self.cleaned_data)


class UndoForm(forms.Form):
    reason = forms.CharField(label=_("更正理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        print_only(self)
