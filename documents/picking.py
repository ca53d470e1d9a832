"""Choosing people by name in a form: one, several, or several in the order in which they are to act."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from officehub.web.picking import Picker, chosen

PICKERS = {
    picker.key: picker
    for picker in (
        Picker("person"),
        Picker("transfer", one=True),
        Picker("assist", one=True),
        Picker("add", in_order=True),
        Picker("consult"),
        *(Picker(key, in_order=True) for key in ("in_route", "in_leaders", "in_add")),
        *(Picker(key, one=True) for key in ("in_chaser", "in_redirect")),
    )
}


class PeoplePicker(forms.Widget):
    """A search box and the boxes to tick it finds; who is ticked stays."""

    template_name = "components/people_picker.html"
    use_fieldset = True

    def __init__(self, picker: Picker):
        super().__init__()
        self.picker = picker

    def value_from_datadict(self, data, files, name):
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])

    def value_omitted_from_data(self, data, files, name):
        return False  # boxes that are not ticked are not sent

    def id_for_label(self, id_):
        return f"{self.picker.key}-search"

    def get_context(self, name, value, attrs):
        more = {"picker": self.picker, "people": chosen(value or []), "url": reverse("documents:people")}
        return {**super().get_context(name, value, attrs), **more}


class PeopleField(forms.Field):
    """People chosen in one picker, as a list in the order ticked."""

    default_error_messages = {
        "required": _("请选择人员。"),
        "one": _("只能选择一人。"),
        "unknown": _("请从列表中选择人员。"),
    }

    def __init__(self, picker: str, **kwargs):
        self.picker = PICKERS[picker]
        super().__init__(widget=PeoplePicker(self.picker), **kwargs)

    def to_python(self, value):
        people = chosen(value or [])
        if len(people) < len(set(value or [])):  # somebody unknown, or whom papers may not be given to any more
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return people

    def validate(self, value):
        super().validate(value)
        if self.picker.one and len(value) > 1:
            raise ValidationError(self.error_messages["one"], code="one")
