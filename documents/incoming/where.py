"""Where an incoming paper is now, in one line, for a page full of them with a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from documents.models import Circulation, Hop, Incoming
from officehub.inbox.models import WorkItem

DOING = {  # verb of the errand → what is waited for
    "screen": _("待初审"),
    "route": _("待组织传阅"),
    "close": _("待办结归卷"),
    "propose": _("待拟办"),
    "settle": _("待审定拟办意见"),
    "assign": _("待分办"),
    "allocate": _("待接办"),
    "handle": _("承办"),
    "assist": _("协办"),
    "extend": _("待批延期"),
    "archive": _("待归档"),
}
ENDED = {
    Incoming.State.RETURNED: gettext_lazy("已退回%(sender)s"),
    Incoming.State.VOIDED: gettext_lazy("登记已作废"),
    Incoming.State.FILED: gettext_lazy("已办结归卷"),
    Incoming.State.ARCHIVED: gettext_lazy("已归档"),
    Incoming.State.LEFT_OUT: gettext_lazy("已办结，不归档"),
}
NAMED = 3


def where(incoming: Incoming, now: datetime) -> str:
    return where_all([incoming], now)[incoming.pk]


def where_all(papers: Iterable[Incoming], now: datetime) -> dict[int, str]:
    """The line of each paper, by its id: whose hands it is in, at which station, and since when."""
    papers = list(papers)
    ids = [paper.pk for paper in papers]
    stations = _stations(ids)
    items = _items(ids)
    return {paper.pk: _line(paper, stations.get(paper.pk), items.get(paper.pk, []), now) for paper in papers}


def _stations(ids: list[int]) -> dict[int, list[Hop]]:
    """Every station of the open rounds of these papers."""
    rows = Hop.objects.filter(circulation__incoming__in=ids, circulation__closed_at=None)
    found: dict[int, list[Hop]] = defaultdict(list)
    for hop in rows.select_related("circulation", "person", "asked").order_by("place", "id"):
        found[hop.circulation.incoming_id].append(hop)
    return found


def _items(ids: list[int]) -> dict[int, list[WorkItem]]:
    kind = ContentType.objects.get_for_model(Incoming)
    rows = WorkItem.objects.filter(subject_type=kind, subject_id__in=ids, done_at=None, verb__in=DOING)
    found: dict[int, list[WorkItem]] = defaultdict(list)
    for item in rows.select_related("assignee__department").order_by("id"):
        found[item.subject_id].append(item)
    return found


def _line(paper: Incoming, stations: list[Hop] | None, items: list[WorkItem], now: datetime) -> str:
    if paper.state in ENDED:
        return str(ENDED[Incoming.State(paper.state)]) % {"sender": paper.sender_name}
    if stations:
        return _at_stations(stations, now)
    if not items:
        return gettext(paper.get_state_display())
    main = next((item for item in items if item.verb in ("handle", "allocate")), items[0])
    same = [item for item in items if item.key == main.key]
    gaps = {"who": _names([item.assignee for item in same]), "what": str(DOING[main.verb])}
    return gettext("在%(who)s处，%(what)s，已停留%(span)s") % {**gaps, "span": span(now - main.opened_at)}


def _at_stations(stations: list[Hop], now: datetime) -> str:
    counted = [hop for hop in stations if hop.state not in (Hop.State.RECALLED, Hop.State.SKIPPED)]
    having = [hop for hop in counted if hop.state == Hop.State.OPEN]
    if not having:
        return gettext("正在送下一站")
    purpose = Circulation.Purpose(stations[0].circulation.purpose)
    gaps = {
        "who": _names([hop.asked or hop.person for hop in having]),
        "what": gettext(str(purpose.label)),
        "at": counted.index(having[0]) + 1,
        "all": len(counted),
        "span": span(now - min(hop.in_at for hop in having if hop.in_at)),
    }
    if len(having) > 1:
        gaps["done"] = len([hop for hop in counted if hop.state not in Hop.PENDING])
        return gettext("在%(who)s处，%(what)s已阅%(done)s/%(all)s人，已停留%(span)s") % gaps
    return gettext("在%(who)s处，%(what)s第%(at)s/%(all)s站，已停留%(span)s") % gaps


def _names(people) -> str:
    names = [person.name for person in people]
    if len(names) > NAMED:
        gaps = {"names": gettext("、").join(names[:NAMED]), "count": len(names)}
        return gettext("%(names)s等%(count)s人") % gaps
    return gettext("、").join(names)


def span(length: timedelta) -> str:
    """1天3小时; within the first hour by minutes."""
    minutes = max(int(length.total_seconds()) // 60, 0)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return gettext("%(days)s天%(hours)s小时") % {"days": days, "hours": hours}
    if hours:
        return gettext("%(hours)s小时") % {"hours": hours}
    return gettext("%(minutes)s分钟") % {"minutes": minutes}
