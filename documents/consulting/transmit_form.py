"""The form with which a notice of 印发、转发 or 批转 begins: one of our own papers, or a paper typed or uploaded."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.decision_forms import NOT_OFFERED, in_office_words
from documents.drafting import issuing_organs
from documents.forms import calendar, choices
from documents.interchange import DISCLOSURES
from documents.models import Document, Incoming, Transmission
from documents.reading import MAX_BODY, NUMBER_HINT, NUMBER_PATTERN
from officehub.files.models import StoredFile
from officehub.web.listing import ids

PATTERNS = [
    (Transmission.Pattern.ISSUE, _("印发：本机关的方案、办法、要点等")),
    (Transmission.Pattern.FORWARD, _("转发：上级机关或者不相隶属机关的公文")),
    (Transmission.Pattern.ENDORSE, _("批转：下级机关的公文")),
]


def stored_of(incoming: Incoming) -> StoredFile | None:
    """The text of a paper received, as a file; None when it came without."""
    first = incoming.files.filter(note=None).select_related("stored").order_by("-is_main", "id").first()
    return first.stored if first else None


class TransmitForm(forms.Form):
    organ = forms.ModelChoiceField(None, label=_("发文机关"), empty_label=None)
    pattern = forms.ChoiceField(
        label=_("方式"), choices=PATTERNS, widget=forms.RadioSelect,
        error_messages={"required": _("请选择方式。"), **NOT_OFFERED},
    )  # fmt: skip
    source = forms.CharField(required=False, widget=forms.HiddenInput)
    incoming = forms.CharField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("标题"), max_length=120, required=False, help_text=_("原公文的完整标题，不写书名号")
    )
    issuer = forms.CharField(label=_("发文机关"), max_length=60, required=False, help_text=_("印发本机关的可以不填"))
    number = forms.CharField(
        label=_("发文字号"),
        max_length=60,
        required=False,
        validators=[RegexValidator(rf"^{NUMBER_PATTERN}$", NUMBER_HINT)],
    )
    issued_on = forms.DateField(
        label=_("成文日期"),
        required=False,
        widget=calendar(),
        error_messages={"invalid": _("请填写日期，如 2026-11-23。")},
    )  # fmt: skip
    disclosure = forms.ChoiceField(
        label=_("公开属性"), choices=[("", _("不详")), *choices(DISCLOSURES)], required=False
    )
    body = forms.CharField(
        label=_("全文"), max_length=MAX_BODY, required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("一行一段，随通知另页编排"),
    )  # fmt: skip
    file = forms.FileField(label=_("或者上传文件"), required=False)

    TYPED = ("title", "issuer", "number", "issued_on", "disclosure", "body", "file")

    def __init__(self, *args, person, now, **kwargs):
        self.person, self.now, self.paper, self.received = person, now, None, None
        super().__init__(*args, **kwargs)
        self.fields["organ"].queryset = issuing_organs()
        self.fields["title"].needed = True
        in_office_words(self)

    def typed(self) -> list:
        return [self[name] for name in self.TYPED]

    def clean_source(self) -> str:
        text = self.cleaned_data["source"]
        if not text:
            return ""
        seen = Document.objects.visible_to(self.person, self.now).exclude(document_number=None)
        self.paper = seen.filter(pk__in=ids([text])).first()
        if self.paper is None:
            raise ValidationError(_("请从查到的公文中选择。"))
        return text

    def clean_incoming(self) -> str:
        text = self.cleaned_data["incoming"]
        if text:
            seen = Incoming.objects.visible_to(self.person, self.now)
            self.received = seen.filter(pk__in=ids([text])).first()
            if self.received is None:
                raise ValidationError(_("这份来文您不能查看，请另选。"))
        return text

    def received_file(self) -> StoredFile | None:
        """The first file registered with the paper received."""
        return stored_of(self.received) if self.received else None

    def clean(self):
        given = super().clean()
        if self.errors or self.paper:
            return given
        if not given.get("title"):
            self.add_error("title", _("请从系统内选择公文，或者写明所转公文的标题。"))
        lacking = not given.get("body") and not given.get("file")
        if (lacking and not self.received_file()) or (given.get("body") and given.get("file")):
            self.add_error("body", _("请写全文或者上传文件，二者取一。"))
        if given.get("pattern") != Transmission.Pattern.ISSUE and not given.get("issuer"):
            self.add_error("issuer", _("转发、批转的，请写明原发文机关。"))
        if given.get("issued_on") and given["issued_on"] > timezone.localdate(self.now):
            self.add_error("issued_on", _("成文日期不能晚于今天。"))
        return given
