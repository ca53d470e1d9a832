"""The box that narrows something to some kinds of paper; the rooms say which kinds there are."""

from django import forms
from django.utils.translation import gettext

from officehub.web import hubs


class KindsField(forms.MultipleChoiceField):
    """Some of the kinds of paper the rooms know; none ticked means everything."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(choices=lambda: [(kind, gettext(kind)) for kind in hubs.kinds()], required=False, **kwargs)
