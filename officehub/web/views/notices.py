"""消息: what one was told, newest first; and by which channels one wants to be told."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officehub.notifications.models import Notice, Preference
from officehub.web import hubs
from officehub.web.listing import newest_first
from officehub.web.matrix import MatrixForm
from officehub.web.views.status import unread_count


@require_safe
def notices(request):
    """All of one's notices, or those of one sort, or the unread; each way has its index."""
    sort = request.GET.get("sort", "") if request.GET.get("sort") in Notice.Sort.values else ""
    only_unread = request.GET.get("unread") == "1"
    mine = Notice.objects.filter(recipient=request.user)
    if sort:
        mine = mine.filter(sort=sort)
    if only_unread:
        mine = mine.filter(read_at=None)
    context = {
        "page": newest_first(mine, "at", request.GET.get("after", "")),
        "unread": unread_count(request.user),
        "tabs": [_tab(value, label, sort, only_unread) for value, label in [("", _("全部")), *_sorts()]],
        "query": _query(sort, only_unread),
        "only_unread": only_unread,
        "other_way": f"?{_query(sort, not only_unread)}",
        "sort": sort,
    }
    return render(request, "web/notices.html", context)


def _sorts() -> list[tuple[str, str]]:
    return [(value, _(label)) for value, label in Notice.Sort.choices]


def _tab(value: str, label: str, sort: str, only_unread: bool) -> dict:
    return {"label": label, "url": f"?{_query(value, only_unread)}", "current": value == sort}


def _query(sort: str, only_unread: bool) -> str:
    """The filters as they stand in an address, ready for another parameter."""
    given = {name: value for name, value in (("sort", sort), ("unread", "1" if only_unread else "")) if value}
    return f"{urlencode(given)}&" if given else ""


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


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request):
    """个人设置 → 消息提醒: what goes out by which channel and when, and under which accounts."""
    mine = Preference.objects.filter(person=request.user).first() or Preference(person=request.user)
    form = MatrixForm(request.POST if request.method == "POST" else None, instance=mine)
    if form.is_valid():
        form.save()
        messages.success(request, _("消息提醒已保存。"))
        return redirect("message_preferences")
    return render(request, "web/message_preferences.html", {"form": form})
