"""What a picture is made of: rows of boxes with people in them, and loops in lanes beside the rows."""

from dataclasses import dataclass
from datetime import datetime

from officehub.approvals.models import Stage
from officehub.approvals.picture import said


@dataclass(frozen=True)
class Signer:
    """One person's part in a box. `state` is done, now, ahead, returned, paused or off; `words` say it."""

    name: str
    place: str
    state: str
    words: str
    acting_for: str = ""
    at: datetime | None = None
    due: datetime | None = None
    provisional: bool = False
    overdue: bool = False
    notes: tuple[str, ...] = ()
    inside: tuple["Row", ...] = ()


@dataclass(frozen=True)
class Box:
    """A stage, or the start or the end. `state` is a signer's, or skipped or stopped; `sentence` says all of it."""

    name: str
    state: str
    number: int = 0
    manner: str = ""
    tally: str = ""
    signers: tuple[Signer, ...] = ()
    notes: tuple[str, ...] = ()
    at: datetime | None = None
    stage: Stage | None = None
    sentence: str = ""

    @property
    def mark(self) -> str:
        return said.MARKS[self.state]

    @property
    def words(self) -> str:
        return str(said.STATES[self.state])


@dataclass(frozen=True)
class Loop:
    """A return: from the row it was given in up to the row it led to (places counted from 0)."""

    number: int
    source: int
    target: int
    at: datetime
    sentence: str
    lane: int = 0  # counted from the boxes outwards; 0 when it is only told


@dataclass(frozen=True)
class Cell:
    """What one lane shows beside one row: `part` is from, through, to, or nothing."""

    lane: int
    part: str = ""
    number: int = 0


@dataclass(frozen=True)
class Row:
    """What stands side by side: one box, or the branches of a fork, each with its boxes downwards."""

    branches: tuple[tuple[Box, ...], ...]
    cells: tuple[Cell, ...] = ()
    returns: tuple[Loop, ...] = ()

    @property
    def boxes(self) -> tuple[Box, ...]:
        return tuple(box for branch in self.branches for box in branch)

    @property
    def is_fork(self) -> bool:
        return len(self.branches) > 1

    @property
    def lead(self) -> str:
        return said.fork(len(self.branches)) if self.is_fork else ""

    @property
    def state(self) -> str:
        """That of its boxes of which most must be known: where the run stands goes before all else."""
        return min((box.state for box in self.boxes), key=list(said.MARKS).index)


@dataclass(frozen=True)
class Picture:
    """The whole: rows downwards, how many lanes stand beside them, and what stopped the run, if something did."""

    rows: tuple[Row, ...]
    lanes: int = 0
    stopped: str = ""

    @property
    def sentences(self) -> list[str]:
        """The picture told in order, as a screen reader meets it."""
        told = [self.stopped] if self.stopped else []
        for row in self.rows:
            told += [row.lead] if row.lead else []
            told += [box.sentence for box in row.boxes] + [loop.sentence for loop in row.returns]
        return told
