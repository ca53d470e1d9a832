"""The house's own pages: fetch what the person may see, show it, or act and redirect.

They decide nothing about papers; a room's pages live in the room.
"""

from functools import wraps

from django.http import Http404


def for_the_office(view):
    """A page of the office's work: for the three administrators there is no such page (三员分立)."""

    @wraps(view)
    def door(request, *args, **kwargs):
        if request.user.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return door
