"""Finding people as one types, for the forms of the ground floor."""

from django.views.decorators.http import require_safe

from officehub.people.models import Person
from officehub.people.models.persons import addressable
from officehub.web import picking
from officehub.web.views import for_the_office

DELEGATE = picking.Picker("delegate", name="delegate", one=True)


def choosable(asker: Person):
    """Whom somebody may name in a form: everybody who works here but themself and the administrators."""
    return addressable().exclude(pk=asker.pk).select_related("department")


@require_safe
@for_the_office
def find_people(request):
    """Who may act for the one who asks."""
    return picking.answer(request, DELEGATE, choosable(request.user))
