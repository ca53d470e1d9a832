"""The box for a route's condition: the common ones are chosen, others typed; the facts stand beside it.

What a condition means is said by `officehub.approvals.conditions`.
"""

import json

from django import forms
from django.apps import apps
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

OWN = "own"
PRESETS = [
    ("[]", _("总是")),
    ('[{"fact": "needs_principal", "is": true}]', _("须主要负责人签发")),
    ('[{"fact": "needs_principal", "is": false}]', _("无须主要负责人签发")),
    (OWN, _("自定义（写在下面）")),
]


def facts() -> list[tuple[str, str]]:
    """Every fact that some subject of approvals names, with what it means."""
    named = [model.APPROVAL_FACTS for model in apps.get_models() if hasattr(model, "APPROVAL_FACTS")]
    return [(name, meaning) for facts in named for name, meaning in facts.items()]


class ConditionWidget(forms.MultiWidget):
    """A choice of the common conditions and, below it, a box for any other."""

    def __init__(self, attrs=None):
        box = forms.Textarea(attrs={"rows": 2, "cols": 60, "aria-label": _("自定义条件")})
        super().__init__([forms.Select(choices=PRESETS), box], attrs)

    def decompress(self, value):
        typed = value if isinstance(value, str) else json.dumps(value or [], ensure_ascii=False)
        known = {name for name, _label in PRESETS}
        try:
            same = json.dumps(json.loads(typed or "[]"), ensure_ascii=False)
        except ValueError:
            same = ""
        return [same, ""] if same in known else [OWN, typed]

    def value_from_datadict(self, data, files, name):
        chosen, typed = super().value_from_datadict(data, files, name)
        if chosen is None and typed is None:
            return data.get(name)
        return typed if chosen in (OWN, None) else chosen


class ConditionField(forms.JSONField):
    """A condition; an emptied box means “always”."""

    widget = ConditionWidget

    def __init__(self, *args, **kwargs):
        kwargs["help_text"] = kwargs.get("help_text") or ""
        super().__init__(*args, **kwargs)
        self.help_text = help_with(self.help_text)

    def to_python(self, value):
        return super().to_python(value) or []


def help_with(text) -> str:
    """The help and, folded away, the facts one may write of."""
    rows = format_html_join("", "<tr><th scope='row'><code>{}</code></th><td>{}</td></tr>", facts())
    example = '[{"fact": "kind", "in": ["请示", "报告"]}, {"fact": "important", "is": true}]'
    return format_html(
        "{}<details><summary>{}</summary><p>{} <code>{}</code></p><table>{}</table></details>",
        text,
        _("自定义条件怎么写"),
        _("各条须同时成立；in 后列出几个值，is 后写一个值。如"),
        example,
        rows,
    )
