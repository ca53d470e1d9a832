"""初审 (条例 第二十四条(三)): the four points; a paper that does not fit goes back at once with the reason (R32)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from documents.incoming.duty import ask_office, hold
from documents.incoming.halt import drop_proposal, halt
from documents.models import Document, Incoming
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.inbox.errands import finish_verb
from officehub.moves import TooLate, move
from officehub.notifications.tell import tell
from officehub.people.models import Person, Role

POINTS = {
    "ours": "应当由本机关办理",
    "rules": "符合行文规则",
    "form": "文种、格式符合要求",
    "consulted": "涉及其他地区或者部门职权范围内的事项，已协商、会签",
    "other": "符合公文起草的其他要求",
}


def screen(incoming: Incoming, *, by, now: datetime, nature: str, points: list[str], words: str = "") -> None:
    """Pass a paper as one to be read or to be acted on. Raises DecisionRefused while a point is not confirmed."""
    if missing := [said for point, said in POINTS.items() if point not in points]:
        raise DecisionRefused(
            [gettext("初审须逐项确认，尚缺：%(point)s；不符合的请退文。") % {"point": said} for said in missing]
        )
    name = "read_only" if nature == Incoming.Nature.INFORMATION else "act_on"
    said = {"points": sorted(points), "words": words.strip()}
    with transaction.atomic():
        event = move(incoming, name, by=by, now=now, facts=said, nature=nature, screened=said)
        finish_verb(incoming, "screen", "已初审", now)
        ask_office(incoming, now, event.seq)


def return_(
    incoming: Incoming, *, by, now: datetime, reason: str, points: list[str] = (), seen_state: str = ""
) -> None:
    """退文: back to the sender with the reason, at once or when it is found later; a sender who works in this system is
    told. Raises TooLate when the paper went on since `seen_state` (the object's own when not given), or is answered.
    """
    if not reason.strip():
        raise NeedsReason
    said = {"points": sorted(points), "reason": reason.strip()}
    with transaction.atomic():
        held = hold(incoming)
        if held.state != (seen_state or incoming.state):
            raise TooLate(held, "return_")
        screened = said if held.state == Incoming.State.REGISTERED else held.screened
        move(held, "return_", by=by, now=now, facts=said, screened=screened, reason=reason.strip()[:500])
        halt(held, by=by, now=now, outcome="已退文", verb="sent_back", reason=reason.strip())
        if people := senders(incoming):
            facts = {"title": incoming.title, "reason": reason.strip(), "organ": incoming.organ.short_name}
            tell("incoming.returned", incoming, people, now, key="returned", **facts)


def senders(incoming: Incoming) -> list[Person]:
    """Who sent the paper, as far as they work here: its drafter, or the sender's registry clerks."""
    drafted = Document.objects.filter(document_number=incoming.document_number).exclude(document_number=None)
    if incoming.document_number and (paper := drafted.select_related("drafter").first()):
        return [paper.drafter] if paper.drafter.is_active else []
    clerks = Person.objects.filter(is_active=True, role_holdings__role=Role.REGISTRY_CLERK)
    named = {incoming.sender_name, *([incoming.sender.name, incoming.sender.short_name] if incoming.sender else [])}
    return list(clerks.filter(department__name__in=named).order_by("id"))


def reclassify(incoming: Incoming, *, by, now: datetime, reason: str) -> None:
    """阅知件转为批办: somebody found that it must be acted on."""
    _convert(incoming, "reclassify", Incoming.Nature.ACTION, by, now, reason)


def read_instead(incoming: Incoming, *, by, now: datetime, reason: str) -> None:
    """批办件转为阅知, before any department has it: there is nothing to do but to read it."""
    _convert(incoming, "read_instead", Incoming.Nature.INFORMATION, by, now, reason)


def _convert(incoming: Incoming, name: str, nature: Incoming.Nature, by, now: datetime, reason: str) -> None:
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        held = hold(incoming)
        event = move(held, name, by=by, now=now, facts={"reason": reason.strip()}, nature=nature)
        halt(held, by=by, now=now, outcome=f"已转{nature.label}", verb=nature.value, reason=reason.strip())
        drop_proposal(held)
        ask_office(held, now, event.seq)
