"""How a run stands: pure reckoning over stages, visits and steps; nothing here is written or asked of the database."""

from collections.abc import Callable, Iterable
from enum import Enum

from officehub.approvals.models import Stage, Step

ADDED = Step.Origin.ADDED


class Outcome(Enum):
    OPEN = "open"
    PASSED = "passed"
    REFUSED = "refused"


# --- the order of stages ---------------------------------------------------------------------------------------


def forks(stages: list[Stage]) -> dict[int, int]:
    """Stage id -> number of the fork it stands in, for stages with a branch; `stages` are all of a version in order."""
    numbers, fork, in_fork = {}, 0, False
    for stage in stages:
        fork += bool(stage.branch) and not in_fork
        in_fork = bool(stage.branch)
        if in_fork:
            numbers[stage.pk] = fork
    return numbers


def predecessors(stages: list[Stage]) -> dict[int, set[int]]:
    """For each stage (by id) the stages that must have passed before it: all earlier ones but those of the other
    branches of its own fork."""
    fork = forks(stages)
    return {
        stage.pk: {
            before.pk
            for before in stages[:place]
            if not stage.branch or fork.get(before.pk) != fork[stage.pk] or before.branch == stage.branch
        }
        for place, stage in enumerate(stages)
    }


def ready(
    stages: list[Stage],
    applying: set[int],
    standing: set[int],
    passed: set[int],
    before: dict[int, set[int]] | None = None,
) -> list[Stage]:
    """The stages whose turn it is: they apply, do not stand, and all that apply before them have passed. `before` are
    their `predecessors`, where these are known already."""
    before = before or predecessors(stages)
    return [
        stage
        for stage in stages
        if stage.pk in applying and stage.pk not in standing and before[stage.pk] & applying <= passed
    ]


# --- the outcome of a visit ------------------------------------------------------------------------------------


def counted(steps: Iterable[Step]) -> list[Step]:
    """The steps that count towards the end of a visit: still pending, or answered and standing."""
    return [step for step in steps if step.stands and step.state in (*Step.PENDING, *Step.CONSENTS)]


def outcome(stage: Stage, steps: Iterable[Step]) -> Outcome:
    """How a visit to a stage stands by its steps. Whoever was added (加签) must always be heard; they fill the places
    as well when everybody the route names now is among them."""
    steps = counted(steps)
    added = [step for step in steps if step.origin == ADDED]
    result = MODES[stage.mode](stage, [step for step in steps if step.origin != ADDED] or added)
    if stage.dissent == Stage.Dissent.RETURN and _disagreed(added):
        result = Outcome.REFUSED
    if result is Outcome.REFUSED and stage.dissent == Stage.Dissent.RECORD:
        result = Outcome.PASSED
    if result is Outcome.PASSED and _pending(added):
        return Outcome.OPEN
    return result


def _pending(steps: list[Step]) -> list[Step]:
    return [step for step in steps if step.state in Step.PENDING]


def _agreed(steps: list[Step]) -> list[Step]:
    return [step for step in steps if step.state == Step.State.AGREED]


def _disagreed(steps: list[Step]) -> list[Step]:
    return [step for step in steps if step.state == Step.State.DISAGREED]


def _any(stage: Stage, steps: list[Step]) -> Outcome:
    """或签: the first agreement passes; it is refused when nobody is left to agree."""
    if _agreed(steps):
        return Outcome.PASSED
    return Outcome.OPEN if _pending(steps) else Outcome.REFUSED


def _all(stage: Stage, steps: list[Step]) -> Outcome:
    """会签: everybody is heard; where a dissent returns the paper, the first one does."""
    if _disagreed(steps) and stage.dissent == Stage.Dissent.RETURN:
        return Outcome.REFUSED
    if _pending(steps):
        return Outcome.OPEN
    return Outcome.REFUSED if _disagreed(steps) else Outcome.PASSED


def _ratio(stage: Stage, steps: list[Step]) -> Outcome:
    """票签: passed once the agreeing votes reach the quota of all votes, refused once they no longer can."""
    votes, needed = sum(step.votes for step in steps), stage.quota
    if sum(step.votes for step in _agreed(steps)) * 100 >= needed * votes:
        return Outcome.PASSED
    possible = votes - sum(step.votes for step in _disagreed(steps))
    return Outcome.OPEN if possible * 100 >= needed * votes else Outcome.REFUSED


MODES: dict[str, Callable[[Stage, list[Step]], Outcome]] = {
    Stage.Mode.ANY: _any,
    Stage.Mode.ALL: _all,
    Stage.Mode.IN_ORDER: _all,
    Stage.Mode.RATIO: _ratio,
}


def on_this_text(stage: Stage, steps: Iterable[Step], content_hash: str) -> bool:
    """Whether a stage's consents hold for a text: they were given on it, or the stage lets them stand (原意见有效)."""
    if stage.if_changed == Stage.IfChanged.KEEP:
        return True
    return all(step.content_hash == content_hash for step in counted(steps) if step.state in Step.CONSENTS)
