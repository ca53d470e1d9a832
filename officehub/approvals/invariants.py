"""What is always true of every run, as code an auditor can read. `violations(run)` says what is not; there is nothing
to say of a sound run.

Each rule is one function that yields a sentence for each fault. `routes check` asks them of every run; the state
machine in tests/approvals asks them after every step of random runs.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from officehub.approvals.asked import asked_by
from officehub.approvals.case import Case
from officehub.approvals.models import Advice, Run, Stage, Step, Visit
from officehub.approvals.plan import applying
from officehub.approvals.standing import Outcome, counted, on_this_text, outcome, ready
from officehub.audit.models import Event
from officehub.inbox.models import WorkItem

RUN, STATE = Run.State, Step.State
SAID = (Step.Manner.WRITTEN, Step.Manner.CIRCLED, Step.Manner.SILENT)


@dataclass(frozen=True)
class Facts:
    """Everything known of one subject's run, read once."""

    case: Case
    runs: list[Run]  # the run itself first, then the departments' runs inside it
    steps: list[Step]
    visits: list[Visit]
    advice: list[Advice]
    items: list[WorkItem]  # open errands of steps and advice
    events: list[Event]

    @property
    def run(self) -> Run:
        return self.case.run

    @property
    def on_record(self) -> bool:
        """Whether every move of it was recorded: runs begun before their start was an event are judged by how they
        stand alone."""
        return any(event.verb == "approval.started" and event.facts["round"] == 1 for event in self.events)

    def open_steps(self) -> list[Step]:
        return [step for step in self.steps if step.state == STATE.OPEN]

    def open_advice(self) -> list[Advice]:
        return [advice for advice in self.advice if advice.state == Advice.State.OPEN]

    def cases(self) -> list[Case]:
        return [self.case] + [self.case.along(run) for run in self.runs[1:]]


def read(run: Run, now: datetime) -> Facts:
    subject = run.subject_type.get_object_for_this_type(pk=run.subject_id)
    of_it, about = Q(run=run) | Q(run__parent__run=run), Q(subject_type=run.subject_type, subject_id=run.subject_id)
    inside = Run.objects.filter(parent__run=run).select_related("parent__run", "department").order_by("id")
    errands = WorkItem.objects.filter(about, Q(key__startswith="step:") | Q(key__startswith="advice:"), done_at=None)
    return Facts(
        Case(subject, run, None, now),
        [run, *inside],
        list(Step.objects.filter(of_it).select_related("stage", "visit", "run").order_by("id")),
        list(Visit.objects.filter(of_it).select_related("stage").order_by("id")),
        list(Advice.objects.filter(of_it).order_by("id")),
        list(errands),
        list(Event.objects.filter(about, verb__startswith="approval.").order_by("seq")),
    )


# --- who has it ------------------------------------------------------------------------------------------------


def the_right_people_have_errands(facts: Facts) -> Iterator[str]:
    """Open errands are exactly those of the open steps and the advice asked for; none while nobody is asked."""
    wanted: set[tuple] = set()
    if facts.run.state == RUN.RUNNING:
        wanted = {(step.approver_id, step.key) for step in facts.open_steps()}
        wanted |= {(advice.adviser_id, advice.key) for advice in facts.open_advice()}
    given = {(item.assignee_id, item.key) for item in facts.items}
    for person, key in wanted - given:
        yield f"{key}：{person} 应有待办而没有"
    for person, key in given - wanted:
        yield f"{key}：{person} 有多余的待办"


def who_is_asked_is_whom_the_route_names(facts: Facts) -> Iterator[str]:
    """In every open visit, each place the route names is filled once, and no other place pretends to be the route's."""
    if facts.run.state != RUN.RUNNING:
        return
    for case in facts.cases():
        for visit in case.standing:
            if visit.state == Visit.State.OPEN:
                yield from _places(case, visit)


def _places(case: Case, visit: Visit) -> Iterator[str]:
    asked = asked_by(visit.stage, case.subject, case.choice, case.now, case.run.department)
    named, held = {one.person.pk for one in asked}, {one.department and one.department.pk for one in asked}
    route = [step for step in visit.all_steps if step.origin == Step.Origin.ROUTE and step.stands]
    gone = (STATE.CANCELLED, STATE.RETURNED, STATE.TAKEN_BACK)
    filled = Counter(step.principal_id for step in route if step.state not in gone)
    heard = {step.principal_id for step in counted(visit.all_steps)}  # in whatever way: whoever was added signs once
    for person in named - set(filled) - heard:
        yield f"{visit}：{person} 应被送达而没有"
    for step in route:  # a place nobody holds keeps whom it has until somebody does
        pending = step.state in Step.PENDING and step.principal_id not in named
        if pending and (step.department_id in held if visit.stage.who in Stage.BY_CHOSEN else named):
            yield f"{visit}：{step.principal_id} 不是该环节应送的人"
    for person, times in filled.items():
        if times > 1:
            yield f"{visit}：{person} 被送达 {times} 次"


# --- where it stands -------------------------------------------------------------------------------------------


def visits_stand_as_their_steps_say(facts: Facts) -> Iterator[str]:
    """An open visit is not over by its steps; a passed one has passed by them; no stage stands twice."""
    for case in facts.cases():
        stages = Counter(visit.stage_id for visit in case.standing)
        yield from (f"环节 {stage} 同时有 {times} 次有效办理" for stage, times in stages.items() if times > 1)
        for visit in case.standing:
            result = outcome(visit.stage, visit.all_steps)
            if visit.state == Visit.State.OPEN and result is not Outcome.OPEN:
                yield f"{visit}：已可结束而未结束"
            if visit.state == Visit.State.PASSED and result is not Outcome.PASSED:
                yield f"{visit}：未达到通过条件而通过"


def every_turn_is_taken(facts: Facts) -> Iterator[str]:
    """Whatever's turn it is stands open, unless the text is still being changed at a later stage; and a run whose
    stages have all passed has ended."""
    for case in facts.cases():
        if case.run.state not in (RUN.RUNNING, RUN.SUSPENDED):
            continue
        applies, before = applying(case.stages, case.subject), case.before
        standing = {visit.stage_id for visit in case.standing}
        being_open = [visit.stage_id for visit in case.standing if visit.state == Visit.State.OPEN]
        for stage in ready(case.stages, applies, standing, case.passed, before):
            if not any(stage.pk in before[later] for later in being_open):
                yield f"“{stage}”：轮到而没有开始"
        if not being_open:
            yield f"{case.run}：没有任何环节在办"


def nobody_is_asked_before_those_before(facts: Facts) -> Iterator[str]:
    """No stage stands open while one that comes before it does."""
    for case in facts.cases():
        before = case.before
        being_open = [visit for visit in case.standing if visit.state == Visit.State.OPEN]
        for visit in being_open:
            for other in being_open:
                if other.stage_id in before[visit.stage_id]:
                    yield f"{visit}：前面的{other}还没有办完就已开始"


def nothing_is_pending_outside_an_open_visit(facts: Facts) -> Iterator[str]:
    live = {run.pk for run in facts.runs if run.state in (RUN.RUNNING, RUN.SUSPENDED)}
    for step in facts.steps:
        if step.state in Step.PENDING and not (
            step.visit.state == Visit.State.OPEN and step.run_id in live and step.stands
        ):
            yield f"步骤 {step.pk}（{step}）：所在环节已结束而仍待办"
    pending = {step.pk for step in facts.steps if step.state in Step.PENDING}
    for advice in facts.open_advice():
        if advice.step_id not in pending:
            yield f"征询 {advice.pk}：提出人已办结而仍待答复"


def whoever_waits_waits_for_somebody(facts: Facts) -> Iterator[str]:
    """A waiting step waits for a pending one of its visit, without a circle, and nobody else waits for anybody; a step
    in others' hands is in theirs."""
    steps = {step.pk: step for step in facts.steps}
    for step in facts.steps:
        if step.state == STATE.WAITING:
            yield from _waits(step, steps)
        elif step.state in Step.PENDING and step.blocked_by_id and steps[step.blocked_by_id].state in Step.PENDING:
            yield f"步骤 {step.pk}（{step}）：前面的人还没有办理就已送达"
    assisting = Counter(one.step_id for one in facts.open_advice() if one.sort == Advice.Sort.ASSIST)
    inside = Counter(run.parent_id for run in facts.runs[1:] if run.state == RUN.RUNNING)
    for step in facts.steps:
        if (step.state == STATE.ASSISTED) != (assisting[step.pk] == 1):
            yield f"步骤 {step.pk}：委派与协办人不符"
        if (step.state == STATE.INSIDE) != (inside[step.pk] == 1):
            yield f"步骤 {step.pk}：部门内部流程不符"


def _waits(step: Step, steps: dict[int, Step]) -> Iterator[str]:
    seen, before = {step.pk}, steps.get(step.blocked_by_id or 0)
    if before is None or before.visit_id != step.visit_id or before.state not in Step.PENDING:
        yield f"步骤 {step.pk}（{step}）：等待的人已不在办"
    while before is not None:
        if before.pk in seen:
            yield f"步骤 {step.pk}（{step}）：等待成环"
            return
        seen.add(before.pk)
        before = steps.get(before.blocked_by_id or 0) if before.state == STATE.WAITING else None


# --- what was said ---------------------------------------------------------------------------------------------


def no_opinion_is_lost_or_doubled(facts: Facts) -> Iterator[str]:
    """Every decision on record stands in its step, word for word and on its text, and every step that was decided by
    somebody has exactly one such record."""
    if not facts.on_record:
        return
    steps, decided = {step.pk: step for step in facts.steps}, Counter[int]()
    taken_back = {event.facts["id"] for event in facts.events if event.verb == "approval.taken_back"}
    for event in facts.events:
        if event.verb.removeprefix("approval.") not in Step.DECIDED or event.verb == "approval.taken_back":
            continue
        step = steps.get(event.facts["id"])
        decided[event.facts["id"]] += 1
        expected = STATE.TAKEN_BACK if event.facts["id"] in taken_back else event.verb.removeprefix("approval.")
        told = (expected, event.facts["opinion"], event.facts["content_hash"], event.actor_id)
        if step is None or (step.state, step.opinion, step.content_hash, _actor(step)) != told:
            yield f"事件 {event.seq}：意见与步骤 {event.facts['id']} 不符"
    for step in facts.steps:
        times = decided[step.pk]
        if step.decided_at and step.manner in SAID and times != 1:
            yield f"步骤 {step.pk}（{step}）：办理记录有 {times} 条"


def _actor(step: Step) -> int | None:
    return None if step.manner == Step.Manner.SILENT else step.approver_id


def what_stands_was_said_of_this_text(facts: Facts) -> Iterator[str]:
    """While a run is under way every consent that stands was given on the text as it is, or at a stage that lets
    earlier opinions stand."""
    for case in facts.cases():
        if case.run.state in (RUN.RUNNING, RUN.SUSPENDED):
            for visit in case.standing:
                if not on_this_text(visit.stage, visit.all_steps, case.text):
                    yield f"{visit}：有效的意见不是对现在的文稿签署的"


def what_was_agreed_is_what_was_signed(facts: Facts) -> Iterator[str]:
    """A run that has agreed has every consent its route requires, on the text of the last one, or at a stage that lets
    earlier opinions stand."""
    for case in facts.cases():
        if case.run.state != RUN.AGREED or not case.run.applied:
            continue
        consents = [step for visit in case.standing for step in visit.all_steps if step.state in Step.CONSENTS]
        signed = max((step for step in consents if step.stands), key=lambda step: (step.decided_at, step.pk))
        for stage in set(case.run.applied) - case.passed:
            yield f"{case.run}：必经环节 {stage} 没有通过"
        for visit in case.standing:
            if not on_this_text(visit.stage, visit.all_steps, signed.content_hash):
                yield f"{visit}：同意的不是签发的文本"


def history_tells_how_it_stands(facts: Facts) -> Iterator[str]:
    """The events alone, read in order, give the run's state and round."""
    if not facts.on_record:
        return
    state, number = "", 0
    for event in facts.events:
        verb = event.verb.removeprefix("approval.")
        if verb == "started":
            number = event.facts["round"]
        if verb == "taken_back" and not event.facts["run"]:
            continue
        state = LEADS_TO.get(verb, state)
    if (state, number) != (facts.run.state, facts.run.round):
        yield f"{facts.run}：按记录应为第 {number} 轮 {state}"


LEADS_TO = {
    "started": RUN.RUNNING,
    "settled": RUN.AGREED,
    "sent_back": RUN.RETURNED,
    "withdrawn": RUN.WITHDRAWN,
    "terminated": RUN.TERMINATED,
    "suspended": RUN.SUSPENDED,
    "resumed": RUN.RUNNING,
    "taken_back": RUN.RUNNING,
}

RULES: list[Callable[[Facts], Iterator[str]]] = [
    the_right_people_have_errands,
    who_is_asked_is_whom_the_route_names,
    visits_stand_as_their_steps_say,
    every_turn_is_taken,
    nobody_is_asked_before_those_before,
    nothing_is_pending_outside_an_open_visit,
    whoever_waits_waits_for_somebody,
    no_opinion_is_lost_or_doubled,
    what_stands_was_said_of_this_text,
    what_was_agreed_is_what_was_signed,
    history_tells_how_it_stands,
]


def violations(run: Run, now: datetime) -> list[str]:
    """Every fault of one subject's run, in words; empty when it is sound."""
    facts = read(run, now)
    return [fault for rule in RULES for fault in rule(facts)]
