"""The forms an office prints of an incoming paper: 公文处理单, the page with its receipt stamp, 退文单, a blank sheet.

Each is an own HTML page drawn in the killable child that draws papers; nothing is fetched, everything is escaped.
"""

import base64
from datetime import datetime
from pathlib import Path

from django.template.loader import render_to_string

from documents.incoming import uploads
from documents.incoming.screen import POINTS
from documents.incoming.stations import rounds_of, stations_of
from documents.models import Assignment, Circulation, Hop, Incoming, IncomingNote, Proposal
from documents.paper.process import WALL_SECONDS, Desk, render_form
from documents.sheets import reading
from officehub.moves import events_of
from officehub.people.models import Organ

STYLE = Path(__file__).with_name("paperwork.css")


def sheet(incoming: Incoming, now: datetime, *, at: Desk = reading, seconds: float = WALL_SECONDS) -> bytes:
    """公文处理单, as far as the paper has come; what does not fit goes on to a 续页."""
    hops = Hop.objects.filter(circulation__incoming=incoming, state=Hop.State.DONE)
    hops = hops.select_related("person", "by", "circulation").order_by("out_at", "id")
    notes = incoming.notes.select_related("by", "assignment__department").order_by("id")
    context = {
        "incoming": incoming,
        "proposals": incoming.proposals.filter(state=Proposal.State.APPROVED).select_related("by", "approved_by"),
        "instructions": [hop for hop in hops if hop.circulation.purpose == Circulation.Purpose.INSTRUCT],
        "readers": [hop for hop in hops if hop.circulation.purpose == Circulation.Purpose.READ],
        "assignments": incoming.assignments.filter(state__in=Assignment.LIVE).select_related("department", "handler"),
        "opinions": [note for note in notes if note.sort != IncomingNote.Sort.RESULT],
        "results": [note for note in notes if note.sort == IncomingNote.Sort.RESULT],
        "reply": incoming.replies.filter(stands=True).select_related("by", "document").first(),
    }
    html = render_to_string("documents/paperwork/sheet.html", {**context, "organ": incoming.organ})
    return render_form(html, STYLE.read_text("utf-8"), {}, at=at, seconds=seconds)


def blank(organ: Organ) -> bytes:
    """The same form with nothing in it, for a paper that goes round by hand."""
    return _drawn("documents/paperwork/sheet.html", {"organ": organ, "incoming": None})


def reading_slip(incoming: Incoming) -> bytes | None:
    """传阅单: every station of every round with its times (R47); None for a paper that never went round."""
    found = rounds_of(stations_of(incoming))
    return _drawn("documents/paperwork/reading.html", {"incoming": incoming, "rounds": found}) if found else None


def returned(incoming: Incoming) -> bytes:
    """退文单: back to the sender, with the reason and the points it fails."""
    confirmed = set(incoming.screened.get("points", ()))
    failed = [said for point, said in POINTS.items() if point not in confirmed] if confirmed else []
    at = events_of(incoming).filter(verb="return_").values_list("at", flat=True).last()
    return _drawn("documents/paperwork/returned.html", {"incoming": incoming, "failed": failed, "at": at})


def stamped(incoming: Incoming) -> bytes:
    """The first page with 收文章 on it; of a paper without a scan the stamp alone in its place, to be printed on the
    paper itself. Raises uploads.Unreadable."""
    file = incoming.files.filter(note=None).select_related("stored").order_by("-is_main", "id").first()
    if file is None or not file.pages:
        return _drawn("documents/paperwork/stamped.html", {"incoming": incoming, "scanned": False})
    if file.stored.content_type == "application/pdf":
        picture, kind = uploads.page_picture(file, 1), "png"
    else:
        with file.stored.file.open("rb") as stored:
            picture, kind = stored.read(), file.stored.content_type.partition("/")[2]
    held = {"page": (base64.b64encode(picture).decode(), f"image/{kind}")} if picture else {}
    return _drawn("documents/paperwork/stamped.html", {"incoming": incoming, "scanned": True}, held)


def _drawn(template: str, context: dict, held: dict[str, tuple[str, str]] | None = None) -> bytes:
    return render_form(render_to_string(template, context), STYLE.read_text("utf-8"), held or {}, at=reading)
