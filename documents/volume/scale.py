"""How much is made."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """People, departments and papers added, over so many years up to yesterday.

    Without `trail` only what lists read is made: no deliveries, receipts, archival items and events.
    """

    people: int
    departments: int
    papers: int
    years: int = 8
    trail: bool = True


SCALES = {
    "city": Scale(people=2_000, departments=160, papers=20_000),
    "province": Scale(people=20_000, departments=1_500, papers=200_000),
}
