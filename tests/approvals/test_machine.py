"""Random runs over routes of every shape: whatever people do, in whatever order, what must be true of a run is.

`APPROVALS_EXAMPLES=5000 pytest tests/approvals/test_machine.py` plays as many; CI plays a few.
"""

import os
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from documents import drafting, signing
from documents.models import Document
from officehub.approvals import decide, halt, hand_on
from officehub.approvals.asked import candidates
from officehub.approvals.hand_over import hand_over_steps
from officehub.approvals.invariants import violations
from officehub.approvals.models import Advice, Route, Run, Stage, Step
from officehub.approvals.plan import NobodyFound, stages_of
from officehub.approvals.reassigning import reassign_all
from officehub.approvals.silence import lapse
from officehub.approvals.take_back import may_take_back, take_back
from officehub.audit.models import Event
from officehub.audit.record import broken
from officehub.inbox.errands import see
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, move
from officehub.people.models import Appointment, Delegation, Person, Post, RoleHolding
from tests.approvals import shapes
from tests.approvals.rows import snapshot
from tests.cast import NOTICE
from tests.documents.course.test_course import POINTS

EXAMPLES, STEPS = int(os.environ.get("APPROVALS_EXAMPLES", "5")), 40
REFUSALS = (TooLate, decide.DecisionRefused, decide.NeedsReason, decide.TextChanged, NobodyFound)
EXTRA = {**POINTS, "disclosure_confirmed": True, "bypass_reason": "情况紧急"}
BODIES = ("一段话。", "另一段话。", "第三段话。")
CASES = ("head", "countersigner", "vetter", "second", "other_head", "leader_in_charge", "leader", "mayor", "stranger",
         "reader", "drafter")  # fmt: skip
MANY = "APPROVALS_EXAMPLES" in os.environ
PLAYED = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=not MANY,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate] if MANY else [Phase.generate, Phase.shrink],
)
ANY = st.integers(0, 10**6)


class Office(RuleBasedStateMachine):
    """One paper, and everybody who may do something with it, or try to."""

    cast, began, shape = None, None, ""  # set by the test

    def __init__(self):
        super().__init__()
        self.now = self.began
        self.office = transaction.atomic()
        self.office.__enter__()
        self.document, self.tried, self.done = None, 0, 0

    def teardown(self):
        assert list(broken()) == []
        transaction.set_rollback(True)
        self.office.__exit__(None, None, None)

    # --- what is there ---------------------------------------------------------------------------------------------

    @property
    def run(self) -> Run:
        return decide.run_of(self.document)

    def person(self, place: int) -> Person:
        return self.cast.people[CASES[place % len(CASES)]]

    def steps(self, *states: str) -> list[Step]:
        found = Step.objects.filter(run__subject_id=self.document.pk, state__in=states).order_by("id")
        return list(found.select_related("run__parent", "approver", "stage", "visit"))

    def step(self, place: int) -> Step:
        """Mostly one that is open, sometimes whichever."""
        self.get_going(place)
        found = self.steps("open") if place % 8 else []
        found = found or self.steps(*Step.State.values)
        return found[place // 8 % len(found)]

    def get_going(self, place: int) -> None:
        """Mostly a paper that rests is sent on first, else little would happen in a run."""
        if place % 4 and self.stands("drafting", "returned"):
            self.submit(place)
        elif place % 4 and self.state() == Run.State.SUSPENDED:
            self.attempt(lambda: halt.resume(self.document, by=self.cast.drafter, now=self.now))

    def by(self, step: Step, place: int) -> Person:
        """Mostly who is asked, sometimes anybody."""
        return step.approver if place % 10 else self.person(place // 10)

    def seen(self, place: int) -> str:
        return self.document.approval_hash() if place % 10 else "0" * 64

    def attempt(self, deed):
        """What is refused leaves everything as it was."""
        self.tried += 1
        self.now += timedelta(minutes=1)
        before = snapshot()
        try:
            with transaction.atomic():
                result = deed()
        except REFUSALS:
            assert snapshot() == before
            result = None
        else:
            self.done += 1
        self.document.refresh_from_db()
        return result

    def deed(self, act, step: Step, who: int, /, **said):
        by = self.by(step, who)
        return self.attempt(lambda: act(step, by=by, now=self.now, seen=self.seen(who // 7), **said))

    # --- sending ---------------------------------------------------------------------------------------------------

    @initialize(choice=ANY)
    def begin(self, choice):
        Route.objects.filter(name=self.shape).update(is_active=True)
        self.document = drafting.create(
            by=self.cast.drafter, now=self.now, organ=self.cast.office, fields={**NOTICE, "body": BODIES[0]}
        )
        self.submit(choice | 3)
        assert self.run is not None, "nobody found"

    def submit(self, choice: int):
        chosen = [d.pk for bit, d in enumerate(self.departments()) if choice >> bit & 1]
        stages = stages_of(Route.objects.get(name=self.shape).current().pk)
        people = {
            str(stage.pk): [
                one.pk for at, one in enumerate(candidates(stage, self.document)) if choice >> 3 >> at & 1 or at == 0
            ]
            for stage in stages
            if stage.who == Stage.Who.SENDER
        }

        def go():
            move(self.document, "submit", by=self.cast.drafter, now=self.now)
            decide.start(self.document, by=self.cast.drafter, now=self.now, chosen=chosen, people=people)

        self.attempt(go)

    def departments(self):
        return self.cast.bureau, self.cast.section, self.cast.other_section

    def stands(self, *states) -> bool:
        return self.document is not None and self.document.state in states

    def state(self) -> str:
        return self.run.state

    @precondition(lambda self: self.stands("drafting", "returned"))
    @rule(body=st.sampled_from(BODIES), choice=ANY)
    def send_again(self, body, choice):
        self.write(body, self.document.normative)
        self.submit(choice)

    @precondition(lambda self: self.stands("signed"))
    @rule(body=st.sampled_from(BODIES))
    def fault_found_late(self, body):
        self.attempt(lambda: signing.recheck_return(self.document, by=self.cast.rechecker, now=self.now, reason="有误"))

    def write(self, body: str, normative: bool):
        content = {**self.document.content, "body": body}
        Document.objects.filter(pk=self.document.pk).update(content=content, normative=normative)
        self.document.refresh_from_db()

    # --- deciding --------------------------------------------------------------------------------------------------

    @rule(place=ANY, who=ANY)
    def agree(self, place, who):
        self.deed(decide.agree, self.step(place), who, extra=EXTRA)

    @rule(place=ANY, who=ANY)
    def agree_too(self, place, who):
        """Twice as often as the rest, so that runs come to an end."""
        self.deed(decide.agree, self.step(place), who, extra=EXTRA, opinion="同意，请尽快办理")

    @rule(place=ANY, who=ANY)
    def circle(self, place, who):
        self.deed(decide.circle, self.step(place), who, extra=EXTRA)

    @rule(place=ANY, who=ANY, opinion=st.sampled_from(["不妥", " "]))
    def disagree(self, place, who, opinion):
        self.deed(decide.disagree, self.step(place), who, opinion=opinion)

    @rule(place=ANY, who=ANY, straight=st.booleans())
    def return_to_drafter(self, place, who, straight):
        self.deed(decide.return_, self.step(place), who, reason="请修改", straight=straight)

    @rule(place=ANY, who=ANY, to=ANY, straight=st.booleans())
    def return_to_earlier(self, place, who, to, straight):
        step = self.step(place)
        stages = stages_of(step.run.version_id)
        self.deed(decide.return_, step, who, reason="请补充", to=stages[to % len(stages)].pk, straight=straight)

    @precondition(lambda self: self.stands("in_approval"))
    @rule(place=ANY, who=ANY, body=st.sampled_from(BODIES), normative=st.booleans())
    def edit_at_a_stage(self, place, who, body, normative):
        """Who has the paper changes it, or saves it as it is."""
        by = self.by(self.step(place), who)

        def save():
            self.write(body, normative)
            decide.text_changed(self.document, by=by, now=self.now)

        self.attempt(save)

    @precondition(lambda self: self.stands("in_approval"))
    @rule(place=ANY)
    def save_without_a_change(self, place):
        """An empty save changes nothing."""
        self.now += timedelta(minutes=1)
        by = self.step(place).approver
        before = snapshot(without=Run)
        if self.state() == Run.State.RUNNING:
            decide.text_changed(self.document, by=by, now=self.now)
        assert snapshot(without=Run) == before

    @rule(place=ANY, who=ANY)
    def take_back(self, place, who):
        person = self.by(self.step(place), who)
        step = may_take_back(self.document, person)
        if step is None:
            step = self.step(who)
            self.attempt(lambda: take_back(step, by=person, now=self.now))
            return
        self.attempt(lambda: take_back(step, by=person, now=self.now))

    @rule(place=ANY)
    def take_back_at_once(self, place):
        """Whoever decided last takes it back."""
        last = Event.objects.filter(subject_id=self.document.pk, verb__startswith="approval.").order_by("-seq").first()
        step = last.actor and may_take_back(self.document, last.actor)
        if step:
            self.attempt(lambda: take_back(step, by=last.actor, now=self.now))

    # --- handing on ------------------------------------------------------------------------------------------------

    @rule(place=ANY, who=ANY, to=ANY)
    def transfer(self, place, who, to):
        self.deed(lambda step, **said: hand_on.transfer(step, self.person(to), reason="请你办理", **said),
                  self.step(place), who)  # fmt: skip

    @rule(place=ANY, who=ANY, first=ANY, second=ANY, before=st.booleans())
    def add_signers(self, place, who, first, second, before):
        people = list({one.pk: one for one in (self.person(first), self.person(second))}.values())
        self.deed(lambda step, **said: hand_on.add_signers(step, people, before=before, **said), self.step(place), who)

    @rule(place=ANY, who=ANY, which=ANY)
    def remove_signer(self, place, who, which):
        step = self.step(place)
        peers = list(step.visit.steps.order_by("id"))
        removed, by = peers[which % len(peers)], self.by(step, who)
        self.attempt(lambda: hand_on.remove_signer(step, removed, by=by, now=self.now, reason="不涉及"))

    @rule(place=ANY, who=ANY, to=ANY)
    def assist(self, place, who, to):
        self.deed(lambda step, **said: hand_on.assist(step, self.person(to), **said), self.step(place), who)

    @rule(place=ANY, who=ANY, first=ANY, second=ANY)
    def consult(self, place, who, first, second):
        people = list({one.pk: one for one in (self.person(first), self.person(second))}.values())
        self.deed(lambda step, **said: hand_on.consult(step, people, question="妥否？", **said), self.step(place), who)

    def advice(self, place: int) -> Advice | None:
        found = Advice.objects.filter(run__subject_id=self.document.pk).select_related(
            "run__parent", "adviser", "step__approver"
        )
        found = list(found.order_by("state", "id"))[::-1] if place % 4 else list(found.order_by("id"))
        return found[place // 4 % len(found)] if found else None

    @precondition(lambda self: Advice.objects.exists())
    @rule(place=ANY, who=ANY)
    def answer(self, place, who):
        advice = self.advice(place)
        by = advice.adviser if who % 10 else self.person(who)
        self.attempt(lambda: hand_on.answer(advice, by=by, now=self.now, seen=self.seen(who // 7), text="可行"))

    @precondition(lambda self: Advice.objects.exists())
    @rule(place=ANY, who=ANY)
    def recall(self, place, who):
        advice = self.advice(place)
        by = advice.step.approver if who % 10 else self.person(who)
        self.attempt(lambda: hand_on.recall(advice, by=by, now=self.now))

    # --- stopping --------------------------------------------------------------------------------------------------

    @rule(who=ANY)
    def withdraw(self, who):
        by = self.person(who) if who % 3 else self.cast.drafter
        self.attempt(lambda: drafting.withdraw(self.document, by=by, now=self.now))

    @rule(who=ANY)
    def suspend(self, who):
        by = self.person(who) if who % 3 else self.cast.drafter
        self.attempt(lambda: halt.suspend(self.document, by=by, now=self.now, reason="暂缓"))

    @rule(who=ANY)
    def resume(self, who):
        by = self.person(who) if who % 8 == 0 else self.cast.drafter
        self.attempt(lambda: halt.resume(self.document, by=by, now=self.now))

    @rule(who=ANY, place=ANY)
    def terminate(self, who, place):
        if who % 20:  # else most runs would end so
            return
        if who % 40:
            step = self.step(place)
            self.deed(
                lambda step, **said: halt.terminate(self.document, step=step, reason="不再办理", **said), step, who
            )
        else:
            self.attempt(lambda: halt.terminate(self.document, by=self.person(who), now=self.now, reason="不再办理"))

    @rule(who=ANY)
    def chase(self, who):
        by = self.person(who) if who % 3 else self.cast.drafter
        self.attempt(lambda: halt.chase(self.document, by=by, now=self.now))

    # --- the office around it --------------------------------------------------------------------------------------

    @rule(days=st.integers(1, 9))
    def days_go_by(self, days):
        self.now += timedelta(days=days)
        lapse(self.now)
        reassign_all(self.now)

    @rule(place=ANY)
    def look(self, place):
        items = list(WorkItem.objects.filter(done_at=None).order_by("id"))
        if items:
            see(items[place % len(items)], self.now)

    @rule(principal=ANY, delegate=ANY, days=st.integers(0, 6))
    def delegate(self, principal, delegate, days):
        today = timezone.localdate(self.now)
        given = Delegation(
            principal=self.person(principal),
            delegate=self.person(delegate),
            since=today,
            until=today + timedelta(days=days),
            reason="出差",
        )
        if given.principal_id != given.delegate_id:
            try:
                given.save()
            except Exception as refused:  # a chain, or an overlap
                assert type(refused).__name__ == "ValidationError"  # noqa: PT017  what else is a fault
                return
            reassign_all(self.now)

    @precondition(lambda self: Delegation.objects.exists())
    @rule(place=ANY)
    def come_back(self, place):
        given = list(Delegation.objects.order_by("id"))
        given[place % len(given)].end(timezone.localdate(self.now))
        reassign_all(self.now)

    @rule(post=ANY, to=ANY)
    def post_changes_hands(self, post, to):
        """A post gets another holder, or one more, or is left empty."""
        posts = list(Post.objects.filter(appointments__isnull=False).distinct().order_by("id"))
        held, today = posts[post % len(posts)], timezone.localdate(self.now)
        if to % 3:
            held.appointments.all().delete()
        if to % 5:
            Appointment.objects.get_or_create(person=self.person(to), post=held, defaults={"since": today})
        reassign_all(self.now)

    @rule(to=ANY)
    def role_changes_hands(self, to):
        held = RoleHolding.objects.filter(role="vetter").order_by("id")
        if held.count() > 1 and to % 2:
            held.last().delete()
        RoleHolding.objects.get_or_create(person=self.person(to // 2), role="vetter")
        reassign_all(self.now)

    @rule(place=ANY, to=ANY)
    def hand_over(self, place, to):
        """Somebody leaves: what is asked of them is another's."""
        leaver, heir = self.step(place).approver, self.person(to)
        if leaver.pk != heir.pk and to % 2:
            self.attempt(lambda: hand_over_steps(leaver, heir, by=self.cast.sys_admin, now=self.now))
            reassign_all(self.now)

    # --- what must be true -----------------------------------------------------------------------------------------

    @invariant()
    def nothing_is_wrong(self):
        if self.document is not None:
            run = Run.objects.select_related("version", "subject_type").get(subject_id=self.document.pk, parent=None)
            assert violations(run, self.now) == []
            assert self.document.state in OF_THE_PAPER[run.state]


OF_THE_PAPER = {
    "running": ("in_approval",),
    "suspended": ("in_approval",),
    "returned": ("returned",),
    "withdrawn": ("drafting",),
    "terminated": ("terminated",),
    "agreed": ("signed", "returned"),  # returned once more when a fault was found late
}


@pytest.mark.parametrize("shape", shapes.NAMES)
def test_whatever_people_do_no_run_ever_stands_wrong(cast, now, shape):
    shapes.build(cast, now)
    office = type("Office", (Office,), {"cast": cast, "began": now, "shape": shape})
    run_state_machine_as_test(office, settings=PLAYED)
