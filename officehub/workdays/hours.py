"""Office hours as the office writes them: `08:30-12:00,14:00-17:30`, local time, one piece after the other."""

from datetime import datetime, time, timedelta
from itertools import pairwise

Pieces = tuple[tuple[time, time], ...]
MIDNIGHT = datetime(2000, 1, 1)  # a day to subtract times on


def parsed(text: str) -> Pieces:
    """The pieces of a working day. Raises ValueError when they do not parse, overlap, or are out of order."""
    pieces = tuple(_piece(part.strip()) for part in text.split(","))
    if any(later[0] < earlier[1] for earlier, later in pairwise(pieces)):
        raise ValueError(f"“{text}”：各段应先后排列，不得重叠 (in order, without overlaps).")
    return pieces


def _piece(text: str) -> tuple[time, time]:
    try:
        opens, closes = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        raise ValueError(f"“{text}”：应如 08:30-12:00 (like 08:30-12:00).") from None
    if opens >= closes or opens.tzinfo or closes.tzinfo:
        raise ValueError(f"“{text}”：起应早于止，不写时区 (begins before it ends, without a zone).")
    return opens, closes


def span(opens: time, closes: time) -> timedelta:
    """From one time of a day to a later one."""
    return datetime.combine(MIDNIGHT, closes) - datetime.combine(MIDNIGHT, opens)


def in_a_day(pieces: Pieces) -> timedelta:
    """How long a working day is."""
    return sum((span(*piece) for piece in pieces), timedelta())
