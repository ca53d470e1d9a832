"""Sentences that stand ready for a kind of paper, by the place they belong to."""

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Q

from documents.models import StockText

SOURCE = Path(__file__).with_name("phrases.toml")


@dataclass(frozen=True)
class Phrases:
    """The sentences for one place of a text."""

    label: str
    texts: tuple[str, ...]


@functools.cache
def built_in() -> tuple[dict, ...]:
    return tuple(tomllib.loads(SOURCE.read_text("utf-8"))["phrase"])


def phrases_for(person, kind: str) -> list[Phrases]:
    """A person's own first, then the office's, then the system's; of each place, without doubles."""
    rows = list(StockText.objects.filter(Q(owner=person) | Q(owner=None), Q(kind=kind) | Q(kind="")))
    rows.sort(key=lambda row: row.owner_id is None)
    shipped = [row for row in built_in() if kind in row["kinds"] or not row["kinds"]]
    found = []
    for place, label in StockText.Place.choices:
        texts = [row.text for row in rows if row.place == place] + [x["text"] for x in shipped if x["place"] == place]
        if texts:
            found.append(Phrases(label, tuple(dict.fromkeys(texts))))
    return found
