"""What every page knows of the house: the menu, the person and the day."""

from functools import partial

from django.conf import settings
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from officehub.web import hubs
from officehub.web.views.status import unread_count


def _menu(request) -> dict:
    groups = hubs.menu_for(request.user, request.path)
    return {"groups": groups, "phone": [entry for _, entries in groups for entry in entries if entry.on_phone][:4]}


def house(request):
    """`menu` is only worked out when a template shows it, so fragments cost nothing."""
    person = getattr(request, "user", None)
    inside = person is not None and person.is_authenticated
    return {
        "house": {
            "menu": SimpleLazyObject(lambda: _menu(request)) if inside else None,
            "person": person if inside else None,
            "unread": partial(unread_count, person) if inside else 0,
            "today": timezone.localdate(),
            "now": timezone.now(),
            "large_text": inside and getattr(person, "large_text", False),
            "unclassified": not settings.CLASSIFIED_ENABLED,
        }
    }
