"""What a change of the calendar moved of one's own."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from officehub.web.moved import my_rows
from officehub.workdays.models import CalendarChange

LONGEST_SHOWN = 500


@require_safe
def moved_limits(request, pk):
    change = get_object_or_404(CalendarChange, pk=pk)
    rows = my_rows(change.moves.filter(people=request.user), LONGEST_SHOWN)
    if not rows:
        raise Http404
    return render(request, "web/moved.html", {"change": change, "rows": rows})
