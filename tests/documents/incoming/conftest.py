"""An office that receives papers: the cast with a director, and papers brought to any state by the deeds themselves."""

from datetime import date, timedelta

import pytest

from documents.incoming import assign, circulate, propose, register, reply, screen
from documents.incoming.screen import POINTS
from documents.models import Assignment, Hop, Incoming
from officehub.people.models import Role, RoleHolding

HOUR = timedelta(hours=1)


def entry(now, **more) -> dict:
    """A line of the register, whole."""
    return {
        "sender_name": "北湾县人民政府",
        "document_number": "北政〔2026〕7号",
        "title": "北湾县人民政府关于申请修缮渡口的请示",
        "kind": "请示",
        "dated": date(2026, 11, 20),
        "urgency": "",
        "important": False,
        "recipients": "海青市人民政府",
        "cc": "",
        "contact": "",
        "asked_due": None,
        "remarks": "",
        "received_at": now,
        "receiver": "收发员",
        "source": Incoming.Source.EXCHANGE,
        "copies": 1,
        "pages": 2,
        **more,
    }


class Steps:
    """The deeds in their order, each by whoever does it."""

    def __init__(self, cast, now):
        self.cast, self.now = cast, now

    def registered(self, **more) -> Incoming:
        organ = more.pop("organ", self.cast.government)
        return register.register(organ=organ, by=self.cast.clerk, now=self.now, fields=entry(self.now, **more))

    def screened(self, nature="for_action", **more) -> Incoming:
        incoming = self.registered(**more)
        screen.screen(incoming, by=self.cast.vetter, now=self.now, nature=nature, points=list(POINTS))
        return incoming

    def proposed(self, leaders=("mayor",), mode="in_order", concrete=True, lead=None, **more) -> Incoming:
        incoming = self.screened(**more)
        people = [getattr(self.cast, name) for name in leaders]
        said = {"words": "拟请市财政局牵头办理。", "leaders": people, "mode": mode, "concrete": concrete, "lead": lead}
        propose.propose(incoming, by=self.cast.vetter, now=self.now, **said)
        return incoming

    def sent_to_leaders(self, **more) -> Incoming:
        incoming = self.proposed(**more)
        propose.settle(incoming, by=self.cast.leader, now=self.now, agreed=True)
        return incoming

    def sign(self, incoming, name="mayor", words="同意。", at=None) -> Hop:
        hop = Hop.objects.get(circulation__incoming=incoming, state="open", asked=getattr(self.cast, name))
        seen = Incoming.objects.get(pk=incoming.pk).entry_hash()
        return circulate.sign(hop, by=getattr(self.cast, name), now=at or self.now, seen=seen, words=words)

    def instructed(self, **more) -> Incoming:
        incoming = self.sent_to_leaders(**more)
        self.sign(incoming)
        incoming.refresh_from_db()
        return incoming

    def assigned(self, assisting=(), **more) -> Incoming:
        limits = {name: more.pop(name) for name in ("due_on", "chaser") if name in more}
        incoming = self.instructed(**more)
        given = {"lead": self.cast.bureau, "assisting": list(assisting), **limits}
        assign.assign(incoming, by=self.cast.vetter, now=self.now, **given)
        return incoming

    def take(self, incoming, department, handler) -> Assignment:
        part = incoming.assignments.get(department=department, state="asked")
        assign.allocate(part, handler, by=handler, now=self.now)
        incoming.refresh_from_db()
        part.refresh_from_db()
        return part

    def handling(self, **more) -> Incoming:
        incoming = self.assigned(**more)
        self.take(incoming, self.cast.bureau, self.cast.reader)
        return incoming

    def answered(self, **more) -> Incoming:
        incoming = self.handling(**more)
        said = {"result": "已拨付。", "manner": "phone", "words": "已电话告知。", "whom": "县办"}
        reply.answer(incoming, by=self.cast.reader, now=self.now, **said)
        incoming.refresh_from_db()
        return incoming

    def circulating(self, names=("mayor", "leader"), mode="in_order", has_request=False, **more) -> Incoming:
        incoming = self.screened(nature="for_information", **more)
        people = [getattr(self.cast, name) for name in names]
        said = {"people": people, "mode": mode, "has_request": has_request}
        circulate.start_reading(incoming, by=self.cast.clerk, now=self.now, **said)
        return incoming


@pytest.fixture
def steps(cast, now) -> Steps:
    RoleHolding.objects.create(person=cast.leader, role=Role.OFFICE_DIRECTOR)
    return Steps(cast, now)


@pytest.fixture
def state():
    return lambda incoming: Incoming.objects.values_list("state", flat=True).get(pk=incoming.pk)
