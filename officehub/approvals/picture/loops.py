"""Returns as loops beside the rows: where each leads from and to, and the lane it lies in."""

from collections.abc import Iterator
from dataclasses import replace

from officehub.approvals.models import Stage, Step
from officehub.approvals.picture import said
from officehub.approvals.picture.parts import Box, Cell, Loop
from officehub.approvals.picture.seen import EVENTS, Seen
from officehub.approvals.picture.stages import was_refused

MOST_LANES = 4  # loops drawn beside each other; of more, those that reach furthest are only told in words
STATE = Step.State
Place = tuple[int, Stage, str]  # a row, a stage drawn in it, and the state of its box


def loops_of(seen: Seen, boxed: list[list[list[Box]]]) -> list[Loop]:
    """Every return of the run, oldest first."""
    places = [
        (at, box.stage, box.state) for at, row in enumerate(boxed) for branch in row for box in branch if box.stage
    ]
    found = [*_of_steps(seen, places), *_of_dissent(seen, places), *_of_late(seen, len(boxed) - 1)]
    return [replace(loop, number=number) for number, loop in enumerate(sorted(found, key=lambda one: one.at), 1)]


def _of_steps(seen: Seen, places: list[Place]) -> Iterator[Loop]:
    """Whoever returned it; out of a department's own run only to the drafter, what stays inside is told there."""
    for step in _returning(seen, seen.run.pk):
        source, target = _row_of(step.stage, places), step.extra.get("to", "")
        yield _loop(step, source, _row_named(target, source, places), target)
    for visit in seen.visits[seen.run.pk]:
        for outer in (step for step in visit.all_steps if step.pk in seen.runs):
            for step in _returning(seen, seen.runs[outer.pk].pk):
                if not step.extra.get("to"):
                    yield _loop(step, _row_of(visit.stage, places), 0)


def _returning(seen: Seen, run: int) -> list[Step]:
    return [step for visit in seen.visits[run] for step in visit.all_steps if step.state == STATE.RETURNED]


def _loop(step: Step, source: int, target: int, to: str = "") -> Loop:
    return Loop(0, source, target, said.decided_at(step), said.returned(step, to))


def _row_of(stage: Stage, places: list[Place]) -> int:
    """The row of a stage; of one that only an older version of the route had, the row that answers to it by name, or
    the last that comes before it."""
    same = [row for row, one, _state in places if one.pk == stage.pk]
    alike = [row for row, one, _state in places if (one.name, one.verb) == (stage.name, stage.verb)]
    before = [row for row, one, _state in places if one.order <= stage.order]
    return (same or alike or before[-1:] or [1])[0]


def _row_named(name: str, source: int, places: list[Place]) -> int:
    """The row of the nearest earlier stage of that name; the start when none is named."""
    earlier = [row for row, one, state in places if row <= source and one.name == name and state != "skipped"]
    return earlier[-1] if earlier else 0


def _of_dissent(seen: Seen, places: list[Place]) -> Iterator[Loop]:
    """Visits that were refused: their dissent brought the subject back to the drafter."""
    for visit in filter(was_refused, seen.visits[seen.run.pk]):
        against = [step for step in visit.all_steps if step.state == STATE.DISAGREED and step.stands]
        last = max(against, key=lambda step: (said.decided_at(step), step.pk))
        yield _loop(last, _row_of(visit.stage, places), 0)


def _of_late(seen: Seen, end: int) -> Iterator[Loop]:
    for event in seen.events:
        if event.verb not in EVENTS:
            yield Loop(0, end, 0, event.at, said.returned_late(event))


def laned(loops: list[Loop]) -> list[Loop]:
    """Loops that share a row lie in lanes beside each other, the shorter ones nearer to the boxes."""
    lanes: list[list[Loop]] = [[] for _ in range(MOST_LANES)]
    drawn_in: dict[int, int] = {}
    between_rows = [loop for loop in loops if loop.target < loop.source]
    for loop in sorted(between_rows, key=lambda loop: (loop.source - loop.target, -loop.number)):
        free = (at for at, lane in enumerate(lanes) if not any(_meet(loop, other) for other in lane))
        if (lane := next(free, None)) is not None:
            lanes[lane].append(loop)
            drawn_in[loop.number] = lane + 1
    return [replace(loop, lane=drawn_in.get(loop.number, 0)) for loop in loops]


def _meet(one: Loop, other: Loop) -> bool:
    return one.target <= other.source and other.target <= one.source


def cells(place: int, loops: list[Loop], lanes: int) -> tuple[Cell, ...]:
    return tuple(_cell(place, lane, [loop for loop in loops if loop.lane == lane]) for lane in range(1, lanes + 1))


def _cell(place: int, lane: int, loops: list[Loop]) -> Cell:
    for loop in loops:
        if place == loop.source:
            return Cell(lane, "from", loop.number)
        if place == loop.target:
            return Cell(lane, "to", loop.number)
        if loop.target < place < loop.source:
            return Cell(lane, "through", loop.number)
    return Cell(lane)
