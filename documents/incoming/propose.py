"""拟办 (条例 第二十四条(四)): what the office proposes, settled by its director, goes to the leaders or straight on."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from documents.incoming.circulate import begin, places
from documents.incoming.duty import ask_office, hold, let_see
from documents.models import Circulation, Incoming, Proposal
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.inbox.errands import finish_verb
from officehub.moves import TooLate, move
from officehub.people.models import Department, Person
from officehub.people.models.persons import addressable


def propose(
    incoming: Incoming, *, by, now: datetime, words: str, leaders: list[Person], mode: str, concrete: bool = True,
    lead: Department | None = None, assisting: list[Department] = (), due_on: date | None = None,
) -> Proposal:  # fmt: skip
    """Put a proposal. Raises DecisionRefused when it names neither a leader nor a department, or no lead (R44)."""
    _refuse_unfit(leaders, lead, list(assisting))
    asks_director = settings.INCOMING_PROPOSAL_NEEDS_DIRECTOR
    with transaction.atomic():
        held = hold(incoming)
        if held.state != Incoming.State.FOR_ACTION:
            raise TooLate(held, "propose")
        if asks_director:
            event = move(incoming, "propose", by=by, now=now, facts={"words": words})
        made = Proposal.objects.create(
            incoming=incoming, words=words.strip(), by=by, at=now, leaders=[person.pk for person in leaders],
            mode=mode, concrete=concrete, lead=lead, due_on=due_on,
            state=Proposal.State.ASKED if asks_director else Proposal.State.APPROVED,
        )  # fmt: skip
        made.assisting.set(assisting)
        finish_verb(incoming, "propose", "已拟办", now)
        if asks_director:
            ask_office(incoming, now, event.seq)
        else:
            _go_on(incoming, made, by, now)
    return made


def _refuse_unfit(leaders: list, lead: Department | None, assisting: list[Department]) -> None:
    trouble = []
    if not leaders and lead is None:
        trouble.append("请选择拟送的领导；不报领导批示的，请选择主办部门。")
    if assisting and lead is None:
        trouble.append("有协办部门的，须明确一个主办部门（条例 第二十四条(四)）。")
    if lead in assisting:
        trouble.append(gettext("%(lead)s已是主办部门，不能再作协办。") % {"lead": lead})
    if trouble:
        raise DecisionRefused(trouble)


def settle(
    incoming: Incoming, *, by, now: datetime, agreed: bool, words: str = "", leaders: list[Person] = ()
) -> Proposal:
    """The director settles the proposal, or sends it back with a reason. `leaders` takes the place of those proposed.

    Raises DecisionRefused naming every proposed leader who has left meanwhile, while no others are named.
    """
    if not agreed and not words.strip():
        raise NeedsReason
    with transaction.atomic():
        hold(incoming)
        state = Proposal.State.APPROVED if agreed else Proposal.State.SENT_BACK
        asked = Proposal.objects.select_for_update().filter(incoming=incoming, state=Proposal.State.ASKED).first()
        if asked is None:
            raise TooLate(incoming, "propose")
        asked.state, asked.approved_by, asked.approved_at, asked.answer = state, by, now, words.strip()[:500]
        if agreed and leaders:
            asked.leaders = [person.pk for person in leaders]
        asked.save()
        if agreed:
            finish_verb(incoming, "settle", "已审定", now)
            _go_on(incoming, asked, by, now)
        else:
            event = move(incoming, "withdraw_proposal", by=by, now=now, facts={"reason": words.strip()})
            finish_verb(incoming, "settle", "已退回", now)
            ask_office(incoming, now, event.seq)
    return asked


def _go_on(incoming: Incoming, proposal: Proposal, by, now: datetime) -> None:
    leaders = _leaders(proposal)
    facts = {"words": proposal.words, "leaders": [person.name for person in leaders], "answer": proposal.answer}
    if not leaders:
        event = move(incoming, "pass_on", by=by, now=now, facts=facts)
        ask_office(incoming, now, event.seq)
        return
    move(incoming, "submit_to_leaders", by=by, now=now, facts=facts)
    let_see(incoming, [proposal.by])
    asked = {"asked": proposal.words, "has_request": proposal.concrete}
    begin(incoming, Circulation.Purpose.INSTRUCT, places(leaders, proposal.mode), by=proposal.by, now=now, **asked)


def leaders_gone(proposal: Proposal) -> list[Person]:
    """Proposed leaders to whom a paper cannot be given any more."""
    found = Person.objects.in_bulk(proposal.leaders)
    able = set(addressable().filter(pk__in=found).values_list("pk", flat=True))
    return [found[pk] for pk in proposal.leaders if pk in found and pk not in able]


def _leaders(proposal: Proposal) -> list[Person]:
    """Whom the proposal goes to, in order. Raises DecisionRefused when somebody among them has left."""
    if gone := leaders_gone(proposal):
        names = "、".join(person.name for person in gone)
        said = gettext("拟送的领导%(names)s已离岗，请改选送批的领导，或者退回重拟。")
        raise DecisionRefused([said % {"names": names}])
    found = Person.objects.in_bulk(proposal.leaders)
    return [found[pk] for pk in proposal.leaders]


def current(incoming: Incoming) -> Proposal | None:
    """The proposal that counts, or the last one sent back."""
    rows = incoming.proposals.select_related("by", "approved_by", "lead").prefetch_related("assisting")
    return rows.order_by("-id").first()
