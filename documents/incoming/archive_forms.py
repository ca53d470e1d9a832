"""What the archive asks of a paper in, as forms of deeds on its page."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents.forms import translated
from documents.incoming.forms import DeedForm
from documents.keeping import retention
from documents.models import LeftOut, Retention


class ArchiveForm(DeedForm):
    retention = forms.ChoiceField(label=_("保管期限"), choices=lambda: translated(Retention.choices))
    deviation = forms.CharField(
        label=_("与保管期限表不一致的理由"), max_length=200, required=False, help_text=_("按表归档的不必填写")
    )

    def arrange(self) -> None:
        self.fields["retention"].initial = retention.proposed(self.incoming)
        thought = Retention(self.incoming.retention).label if self.incoming.retention else "不归档"
        said = gettext("办结时拟%(what)s") % {"what": gettext(thought)}
        self.fields["retention"].help_text = said if self.incoming.retention != self.fields["retention"].initial else ""


class LeaveOutForm(DeedForm):
    ground = forms.ChoiceField(label=_("不归档范围"), choices=lambda: translated(LeftOut.Ground.choices))
    reason = forms.CharField(label=_("说明"), max_length=200)
