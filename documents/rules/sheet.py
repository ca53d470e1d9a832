"""The sheet of all rules, R01 to R63 and the forms of the text: one line an id, for the page that lists them."""

from collections.abc import Iterator
from dataclasses import dataclass

from documents.rules.elsewhere import HELD_ELSEWHERE
from documents.rules.registry import SEVERITIES, catalogue

SINCE = {"draft": "拟稿起", "sign": "提交和签发", "register": "编号"}


@dataclass(frozen=True)
class Line:
    """One id: what it asks (one sentence for each thing), why, how strictly at most, and where it is held."""

    id: str
    severity: str
    basis: str
    texts: tuple[str, ...]
    where: tuple[str, ...]


def every_rule() -> list[Line]:
    """Every rule by id, the forms of the text last."""
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    for id, *said in (*_checked(), *_held()):
        found.setdefault(id, []).append((said[0], said[1], said[2], said[3]))
    return [_line(id, parts) for id, parts in sorted(found.items(), key=lambda item: (item[0][0] != "R", item[0]))]


def _checked() -> Iterator[tuple[str, str, str, str, str]]:
    for rule in catalogue():
        yield rule.id, rule.severity, rule.basis, rule.text, SINCE[rule.moments[0]]


def _held() -> Iterator[tuple[str, str, str, str, str]]:
    for rule in HELD_ELSEWHERE:
        yield rule.id, rule.severity, rule.basis, rule.text, rule.where


def _line(id: str, parts: list[tuple[str, str, str, str]]) -> Line:
    severities, bases, texts, places = zip(*parts, strict=True)
    return Line(
        id,
        min(severities, key=SEVERITIES.index),
        "；".join(dict.fromkeys(bases)),
        tuple(dict.fromkeys(texts)),
        tuple(dict.fromkeys(places)),
    )
