"""消息: what one was told, newest first."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from officehub.notifications.models import Notice
from officehub.web import hubs
from officehub.web.listing import newest_first
from officehub.web.views.status import unread_count


@require_safe
def notices(request):
    mine = Notice.objects.filter(recipient=request.user)
    page = newest_first(mine, "at", request.GET.get("after", ""))
    return render(request, "web/notices.html", {"page": page, "unread": unread_count(request.user)})


@require_safe
def open_notice(request, pk):
    """Reading a notice marks it once and leads to what it is about; the message itself is all there is otherwise."""
    notice = get_object_or_404(Notice, pk=pk, recipient=request.user)
    Notice.objects.filter(pk=pk, read_at=None).update(read_at=timezone.now())
    address = notice.subject and hubs.door(notice.subject)
    return redirect(address or "notices")


@require_POST
def mark_all_read(request):
    Notice.objects.filter(recipient=request.user, read_at=None).update(read_at=timezone.now())
    return redirect("notices")
