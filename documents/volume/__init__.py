"""Volume: a database filled quickly with years of believable papers, for the larger demo offices and for benches.

Rows are poured in as the verbs would have written them. It does not print: these papers came from the system before,
and their events say so.
"""

import random
from datetime import datetime

from django.db import transaction

from documents.volume.making import Making
from documents.volume.pour import roomier
from documents.volume.scale import SCALES, Scale
from documents.volume.staff import hire

__all__ = ["SCALES", "Scale", "fill_up"]

BATCH = 5_000  # papers in one transaction


def fill_up(scale: Scale, now: datetime) -> dict[str, int]:
    """Add people and papers to an office that has its organs, role holders and number series. Rows made, by table."""
    roomier()
    with transaction.atomic():
        staff = hire(scale.people, scale.departments)
    making = Making(scale, now, staff, random.Random(scale.papers))  # noqa: S311  believable, not secret
    for first in range(0, scale.papers, BATCH):
        with transaction.atomic():
            making.make(first, min(first + BATCH, scale.papers))
    return making.poured
