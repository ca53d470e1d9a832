"""办文全程: the whole life of one paper on one timeline, from its first draft to what became of it in the archive.

It is told from the audit events, and from the course for what was said; what it does not know by name it shows as well.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any, ClassVar

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from documents import receive
from documents.course import DEEDS, Course, Line, line_of, note_of
from documents.models import Document, Retention
from officehub.approvals.models import Run
from officehub.audit.models import Event
from officehub.moves import events_of

PARTS = {
    "draft": _("拟稿"),
    "approval": _("审批"),
    "office": _("核发"),
    "reading": _("分发阅件"),
    "public": _("公开"),
    "archive": _("归档"),
}
OWN = {  # what the course has no line for: verb -> part, words
    "create": ("draft", _("拟稿")),
    "save": ("draft", _("修改草稿")),
    "attach": ("draft", _("加附件")),
    "detach": ("draft", _("删附件")),
    "attachment_changed": ("draft", _("改附件")),
    "attachment_moved": ("draft", _("调整附件顺序")),
    "copied": ("draft", _("复制为新稿")),
    "keep_version": ("draft", _("保存版本")),
    "concerns": ("draft", _("涉及其他部门职权")),
    "copies_made": ("reading", _("份号印件编制完毕")),
    "given_back": ("reading", _("确认清退")),
    "submit": ("draft", _("提交审批")),
    "withdraw": ("draft", _("撤回")),
    "hand_over": ("office", _("离岗移交")),
    "frozen": ("archive", _("归档文件封存")),
    "sign_off": ("approval", _("签发定稿")),
    "return_": ("approval", _("退回拟稿人")),
    "disclosure_due": ("public", _("进入公开时限")),
    "approval.reassigned": ("approval", _("改派")),
    "approval.migrated": ("approval", _("改用新流程")),
    "approval.handed_over": ("approval", _("离岗移交")),
}
PART_OF = {
    **dict.fromkeys(("amend", "take_back", "terminate"), "approval"),
    **dict.fromkeys(("distribute", "distribute_further", "delivered", "pass_on", "chase_readers"), "reading"),
    **dict.fromkeys(("recall", "close_recall", "certify_service", "retry_copies", "send_unnumbered"), "reading"),
    **dict.fromkeys(("disclosed", "disclosure_reviewed"), "public"),
    **dict.fromkeys(("archive", "leave_out", "appraised", "handed_to_archives", "destroyed"), "archive"),
}
ELSEWHERE = {"create", "return_", "sign_off", "open", "acknowledge", "download"}  # told by a line or by the tally
TOLD_BY_STEPS = {
    "agreed", "disagreed", "returned", "transferred", "assisted", "started", "settled", "sent_back", "withdrawn",
    "terminated", "advice_asked", "advised", "advice_recalled", "taken_back", "circled", "consulted", "silent",
}  # fmt: skip
HIDDEN = [*ELSEWHERE, *(f"approval.{verb}" for verb in TOLD_BY_STEPS)]
LONG = 60  # entries; beyond these the screen folds, while the print has all
MOST = 600  # entries of one page; a life longer than that is turned over page by page


@dataclass(frozen=True)
class Entry:
    """One line of the life, and the part of it that it belongs to."""

    part: str
    line: Line


class Life:
    """The life of a paper, out or in, entry by entry; `parts` are what it falls into, in order, with their words."""

    parts: ClassVar[Mapping[str, Any]]

    @cached_property
    def entries(self) -> list[Entry]:
        raise NotImplementedError

    def shown(self, part: str) -> list[Entry]:
        return [entry for entry in self.entries if part in ("", entry.part)]

    def counts(self) -> list[tuple[str, str, int]]:
        """The parts there are, with their words and how many entries each has."""
        counted = {key: sum(entry.part == key for entry in self.entries) for key in self.parts}
        return [(key, str(self.parts[key]), count) for key, count in counted.items() if count]


def told_on_page(case: Life, part: str, start: str) -> dict:
    """What a page of 办文全程 shows of a case (one of a paper out or in): a part of it, from an entry on."""
    counts = case.counts()
    part = part if part in {key for key, _words, _count in counts} else ""
    shown = case.shown(part)
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 9 and int(start) < len(shown) else 0
    entries = shown[first : first + MOST]
    return {
        "entries": entries,
        "asked": len(shown),
        "long": LONG,
        "folds": len(entries) > LONG,
        "part": part,
        "counts": counts,
        "total": len(case.entries),
        "earlier": max(first - MOST, 0) if first else None,
        "later": first + MOST if first + MOST < len(shown) else 0,
    }


class Case(Life):
    """The life of one paper, read once: a fixed number of queries however long it was."""

    parts = PARTS

    def __init__(self, document: Document, run: Run | None, now: datetime):
        self.document, self.now = document, now
        self.course = Course(document, run, now)

    @cached_property
    def entries(self) -> list[Entry]:
        """Oldest first: what was done, what was said, who read it."""
        document = self.document
        drafted = Line(
            "done", document.drafter.name, pgettext("done", "拟稿"), document.department.name, document.created_at
        )
        said = [Entry("approval", line) for line in self.course.opinions() if line.at]
        done = list(map(_told, _folded(self._events)))
        past = [Entry("draft", drafted), *said, *done, *self._read]
        return sorted(past, key=lambda entry: entry.line.at)

    @cached_property
    def _events(self) -> list[Event]:
        rows = events_of(self.document).exclude(verb__in=HIDDEN)
        return list(rows.select_related("actor__department", "acting_for").order_by("seq"))

    @cached_property
    def tally(self) -> dict[str, int]:
        return receive.tally(self.document)

    @property
    def _read(self) -> list[Entry]:
        """Readers, together: the list of them is a page of its own."""
        last = self.document.receipts.filter(delivered_at__isnull=False, acknowledged_at__isnull=False)
        at = last.order_by("-acknowledged_at").values_list("acknowledged_at", flat=True).first()
        if at is None:
            return []
        words = gettext("签收 %(acknowledged)s/%(delivered)s") % self.tally
        return [Entry("reading", Line("done", gettext("收件人"), words, at=at))]


def _folded(events: Iterable[Event]) -> Iterable[tuple[Event, int]]:
    """Events with how many stand for one: one person's savings in a row are told once, by the last."""
    for (verb, _actor), group in groupby(events, key=lambda one: (one.verb, one.actor_id)):
        same = list(group)
        if verb == "save":
            yield same[-1], len(same)
        else:
            yield from ((one, 1) for one in same)


def _told(counted: tuple[Event, int]) -> Entry:
    event, times = counted
    part, words = OWN.get(event.verb, (PART_OF.get(event.verb, _part(event.verb)), DEEDS.get(event.verb, "")))
    verb = str(words) or gettext("其他记录（%(verb)s）") % {"verb": event.verb}
    if times > 1:
        verb = gettext("%(what)s %(times)s 次") % {"what": verb, "times": times}
    acting_for = event.acting_for.name if event.acting_for else ""
    return Entry(part, replace(line_of(event, verb, _note(event)), acting_for=acting_for))


def frozen(facts: dict) -> str:
    return gettext("%(files)s 个文件，清单校验值 %(digest)s…") % {**facts, "digest": facts["digest"][:16]}


def _part(verb: str) -> str:
    return "approval" if verb.startswith("approval.") else "office"


def _note(event: Event) -> str:
    facts = event.facts
    match event.verb:
        case "attach" | "detach":
            return facts["title"]
        case "hand_over":
            return f"{facts['leaver']} → {facts['receiver']}"
        case "frozen":
            return frozen(facts)
        case "archive":
            return gettext("保管期限%(period)s") % {"period": gettext(Retention(facts["retention"]).label)}
    return note_of(event) if event.verb in DEEDS else ""
