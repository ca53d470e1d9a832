"""办文全程 of a paper in: registered, screened, proposed, instructed, circulated, handled, answered, closed, archived.

It is told from the audit events and, for what was read and signed, from the stations, with their in and out times.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from documents.course import Line
from documents.incoming.course import DEEDS, deed_line, files_by_deed, hop_line
from documents.keeping.case import Entry, Life, frozen
from documents.models import Circulation, Hop, Incoming
from officehub.moves import events_of

PARTS = {
    "entry": _("登记初审"),
    "proposal": _("拟办批示"),
    "reading": _("传阅"),
    "work": _("承办"),
    "closing": _("答复办结"),
    "archive": _("归档"),
}
OWN = {  # what the course has no line for: what follows by itself, and what the archive does
    "circulated": pgettext_lazy("done", "传阅完毕"),
    "instructed": pgettext_lazy("done", "批示完毕"),
    "frozen": pgettext_lazy("done", "归档文件封存"),
    "appraised": pgettext_lazy("done", "鉴定"),
    "destroyed": pgettext_lazy("done", "销毁"),
}
PART_OF = {
    **dict.fromkeys(("register", "correct", "void", "read_only", "act_on", "return_", "reclassify"), "entry"),
    **dict.fromkeys(("read_instead", "files_added"), "entry"),
    **dict.fromkeys(("propose", "withdraw_proposal", "submit_to_leaders", "pass_on"), "proposal"),
    **dict.fromkeys(("redirect", "instructed"), "proposal"),
    **dict.fromkeys(("circulate", "circulated", "hops_added", "hop_skipped", "hop_recalled", "hop_overdue"), "reading"),
    **dict.fromkeys(("answer", "do_again", "do_again_anew", "file", "put_away"), "closing"),
    **dict.fromkeys(("archive", "leave_out", "frozen", "appraised", "destroyed"), "archive"),
}  # the rest is the work of those who have it
TOLD_BY_STATIONS = {"instruct": pgettext_lazy("done", "批示"), "read": pgettext_lazy("done", "传阅")}
LOOKING = ("download",)
DEED, STATION, FOLLOWS = 0, 1, 2
NAMES = {**DEEDS, **OWN, **TOLD_BY_STATIONS}


@dataclass(frozen=True)
class IncomingCase(Life):
    """The life of one paper in, read once: a fixed number of queries however long it was."""

    incoming: Incoming
    now: datetime
    parts: ClassVar = PARTS

    @cached_property
    def entries(self) -> list[Entry]:
        """Oldest first: what was done, and every station that has or had the paper."""
        events = events_of(self.incoming).exclude(verb__in=[*TOLD_BY_STATIONS, *LOOKING])
        files = files_by_deed(self.incoming)
        rows = events.select_related("actor__department").order_by("seq")
        done = [(_rank(event.verb), Entry(PART_OF.get(event.verb, "work"), _told(event, files))) for event in rows]
        past = [*done, *((STATION, entry) for entry in self._stations)]
        return [entry for _place, entry in sorted(past, key=lambda pair: (pair[1].line.at, pair[0]))]

    @cached_property
    def _stations(self) -> list[Entry]:
        hops = Hop.objects.filter(circulation__incoming=self.incoming, in_at__isnull=False)
        hops = hops.select_related("circulation", "person__department", "asked", "by").order_by("place", "id")
        return [_station(hop) for hop in hops if hop.state in (Hop.State.DONE, Hop.State.OPEN) or _broken_off(hop)]


def _broken_off(hop: Hop) -> bool:
    """Whether the whole round ended while this one had the paper; what was recalled alone has an event of its own."""
    return hop.state == Hop.State.RECALLED and hop.out_at == hop.circulation.closed_at


def _rank(verb: str) -> int:
    """Of one moment: what somebody did, then what was signed in it, then what followed by itself."""
    return FOLLOWS if verb in ("circulated", "instructed") else DEED


def _told(event, files: dict) -> Line:
    line = deed_line(event, files, str(NAMES.get(event.verb) or gettext("其他记录")))
    if event.verb == "frozen":
        return replace(line, note=frozen(event.facts))
    return replace(line, note=line.note or event.facts.get("said", ""))


def _station(hop: Hop) -> Entry:
    """A station with when the paper came and when it went on (条例 第二十四条(五)); one that has it still, by when it
    came."""
    came = f"{timezone.localtime(hop.in_at):%Y-%m-%d %H:%M}"
    if hop.out_at:
        times = gettext("%(came)s 收，%(went)s 送出") % {
            "came": came, "went": f"{timezone.localtime(hop.out_at):%Y-%m-%d %H:%M}"
        }  # fmt: skip
    else:
        times = gettext("%(came)s 收，尚在处理") % {"came": came}
    line = hop_line(hop)
    note = gettext("；").join(filter(None, [line.note, times]))
    part = "reading" if hop.circulation.purpose == Circulation.Purpose.READ else "proposal"
    return Entry(part, replace(line, at=hop.out_at or hop.in_at, note=note))
