"""Choosing people in the forms of this room."""

from django.urls import reverse

from documents.picking import PeopleField, PeoplePicker
from officehub.web.picking import Picker

PICKERS = {
    picker.key: picker
    for picker in (
        Picker("task_lead", "lead_person", one=True),
        Picker("task_responsible", "responsible", one=True),
        Picker("task_verifier", "verifier", one=True),
        Picker("task_assisting", "assisting_people"),
        Picker("task_to", "lead_person", one=True),
        Picker("task_more", "assisting_people"),
    )
}


class TaskPeoplePicker(PeoplePicker):
    def get_context(self, name, value, attrs):
        return {**super().get_context(name, value, attrs), "url": reverse("tasks:people")}


class TaskPeopleField(PeopleField):
    """People chosen in one of this room's pickers; the field's name is the picker's."""

    def __init__(self, picker: str, **kwargs):
        self.picker = PICKERS[picker]
        super(PeopleField, self).__init__(widget=TaskPeoplePicker(self.picker), **kwargs)


class OnePersonField(TaskPeopleField):
    """One person, or None."""

    def clean(self, value):
        people = super().clean(value)
        return people[0] if people else None

    def prepare_value(self, value):
        """Shown again: as it was posted, or as it was before."""
        return value if isinstance(value, list) else [value.pk if hasattr(value, "pk") else value] if value else []
