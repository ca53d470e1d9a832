"""The matrix of 消息提醒: a row for each sort of news, urgent ones apart, and a column for each channel that reaches
the person. What is as the office has it is not kept, so that a change of the office's custom reaches everybody."""

from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officehub.notifications.channels import ROBOTS, Channel, When
from officehub.notifications.models import Notice, Preference
from officehub.notifications.routing import choice, default, robots_for, row_of


@dataclass(frozen=True)
class Row:
    label: str
    cells: list[tuple[str, BoundField]]  # the channel's name and its box


def rows() -> list[tuple[str, str]]:
    """Every row of the matrix: its name in settings and preferences, and its label."""
    return [
        (row_of(sort, urgent), gettext("%(sort)s（紧急）") % {"sort": gettext(label)} if urgent else gettext(label))
        for sort, label in Notice.Sort.choices
        for urgent in (False, True)
    ]


class MatrixForm(forms.ModelForm):
    class Meta:
        model = Preference
        fields = ["wecom", "dingtalk", "feishu"]
        labels = {"wecom": _("企业微信账号"), "dingtalk": _("钉钉账号"), "feishu": _("飞书用户 ID")}
        help_texts = {
            "wecom": _("群里 @ 您用。不填则用电话中的手机号。"),
            "dingtalk": _("群里 @ 您用。不填则用电话中的手机号。"),
            "feishu": _("群里 @ 您用，以 ou_ 开头。不填则只写姓名。"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        person = self.instance.person
        spoken = {channel for _pk, channel in robots_for([person])}
        self.channels = [channel for channel in Channel if channel in spoken or channel == Channel.EMAIL]
        self.unserved = [str(gettext(one.label)) for one in ROBOTS if one not in spoken]
        for channel in ROBOTS:
            if channel not in spoken:
                del self.fields[channel.value]
        for row, label in rows():
            for channel in self.channels:
                self.fields[f"{row}-{channel}"] = forms.ChoiceField(
                    label=f"{label} {gettext(channel.label)}",
                    choices=[(when.value, gettext(when.label)) for when in When],
                    initial=choice(self.instance, row, channel),
                )

    def matrix(self) -> list[Row]:
        """What the table shows, row by row."""
        return [
            Row(label, [(gettext(one.label), self[f"{row}-{one}"]) for one in self.channels]) for row, label in rows()
        ]

    def columns(self) -> list[str]:
        return [gettext(channel.label) for channel in self.channels]

    def accounts(self) -> list[BoundField]:
        return [self[name] for name in self.Meta.fields if name in self.fields]

    def save(self, commit=True):
        """Only what differs from the office's defaults is kept; columns that were not shown stay as they were."""
        kept = {row: dict(chosen) for row, chosen in self.instance.choices.items()}
        for row, _label in rows():
            for channel in self.channels:
                kept.setdefault(row, {}).pop(channel, None)
                chosen = self.cleaned_data[f"{row}-{channel}"]
                if chosen != default(row, channel):
                    kept[row][channel.value] = chosen
        self.instance.choices = {row: chosen for row, chosen in kept.items() if chosen}
        return super().save(commit)
