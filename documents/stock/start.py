"""What a new paper may begin from: the system's templates, the office's and one's own, found by one key."""

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Q

from documents.models import Template

SOURCE = Path(__file__).with_name("templates.toml")
ORGAN = "〈机关〉"
KEPT = (  # of a draft, in a template; dates, numbers, signers and the organs of one paper are not
    "title", "primary_recipients", "body", "remarks", "cc_recipients", "disclosure", "disclosure_reason", "urgency",
    "direction",
)  # fmt: skip


@dataclass(frozen=True)
class Start:
    """One template. `key` names it in a form; `whose` is built_in, office or own."""

    key: str
    kind: str
    name: str
    fields: dict[str, str]
    whose: str


@functools.cache
def built_in() -> tuple[Start, ...]:
    """Those that come with the system, by their place in the file."""
    rows = tomllib.loads(SOURCE.read_text("utf-8"))["template"]
    return tuple(Start(f"b{at}", row["kind"], row["name"], fields_of(row), "built_in") for at, row in enumerate(rows))


def fields_of(row: dict[str, Any]) -> dict[str, str]:
    return {name: row[name].strip() for name in KEPT if row.get(name)}


def starts(person, kind: str = "") -> list[Start]:
    """Every template a person may begin from: own ones, the office's, then ours that no office row replaces."""
    rows = Template.objects.filter(Q(owner=person) | Q(owner=None), **({"kind": kind} if kind else {}))
    own = [Start(f"t{row.pk}", row.kind, row.name, row.fields, "own" if row.owner_id else "office") for row in rows]
    replaced = {(one.kind, one.name) for one in own if one.whose == "office"}
    shipped = [one for one in built_in() if (one.kind, one.name) not in replaced and kind in ("", one.kind)]
    return sorted(own, key=lambda one: one.whose != "own") + shipped


def starts_of(person, key: str) -> Start | None:
    """The template of a key, if the person may begin from it."""
    return next((one for one in starts(person) if one.key == key), None)


def filled(start: Start, organ) -> dict[str, str]:
    """The fields of a new draft of an organ."""
    return {name: value.replace(ORGAN, organ.name) for name, value in start.fields.items()}
