"""The list of rules and the walk over it: a rule is a small pure function that yields faults."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from documents.interchange import Paper
from documents.rules.office import Office

MOMENTS = ("draft", "sign", "register")
SEVERITIES = ("block", "override", "warn", "info")
Fix = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """What one rule function found; what it leaves out is filled in from the rule."""

    message: str
    fix: Fix | None = None
    severity: str = ""
    field: str = ""


@dataclass(frozen=True)
class Finding:
    """One fault as shown: rule id, severity, the Paper field it concerns, message, clause and one-click fix."""

    rule: str
    severity: str
    field: str
    message: str
    basis: str
    fix: Fix | None = None

    @property
    def is_listed(self) -> bool:
        """Whether the page of the rules has a line on it; what a form or the print lacks has none."""
        return self.rule[:1] in "RF" and self.rule[1:].isdigit()

    def as_json(self) -> dict[str, Any]:
        """The finding with exactly the keys of the interchange format."""
        return asdict(self)


@dataclass(frozen=True)
class Rule:
    """One line of the catalogue: what is asked, by which clause, how strictly and at which moments."""

    id: str
    text: str
    basis: str
    severity: str
    moments: tuple[str, ...]
    field: str
    seek: Callable[[Paper, Office], Iterable[Fault]]


RULES: list[Rule] = []


def rule(id: str, severity: str, field: str, basis: str, text: str, since: str = "draft") -> Callable:
    """Enter a function into the catalogue; the rule applies from the moment `since` on."""
    if severity not in SEVERITIES:
        raise ValueError(f"{id}: unknown severity {severity!r}")
    moments = MOMENTS[MOMENTS.index(since) :]

    def enter(seek: Callable[[Paper, Office], Iterable[Fault]]) -> Callable[[Paper, Office], Iterable[Fault]]:
        RULES.append(Rule(id, text, basis, severity, moments, field, seek))
        return seek

    return enter


def check(paper: Paper, office: Office, moment: str) -> list[Finding]:
    """Every finding on `paper` that counts at `moment` (draft, sign or register), by rule id.

    Raises ValueError for another moment.
    """
    if moment not in MOMENTS:
        raise ValueError(f"moment must be one of {', '.join(MOMENTS)}, not {moment!r}")
    return [
        finding for entry in catalogue() if moment in entry.moments for finding in findings_of(entry, paper, office)
    ]


def findings_of(entry: Rule, paper: Paper, office: Office) -> Iterator[Finding]:
    for fault in entry.seek(paper, office):
        yield Finding(
            entry.id,
            fault.severity or entry.severity,
            fault.field or entry.field,
            fault.message,
            entry.basis,
            fault.fix,
        )


def catalogue() -> list[Rule]:
    """All rules by id, for the page that lists them; the form rules F01… come last."""
    return sorted(RULES, key=lambda entry: (entry.id[0] != "R", entry.id))


def ok(findings: Iterable[Finding], reasons: Mapping[str, str] | None = None) -> bool:
    """Whether a paper may go on: nothing blocks, and every override has its recorded reason (by rule id)."""
    recorded = {name for name, reason in (reasons or {}).items() if reason.strip()}
    return not any(
        finding.severity == "block" or (finding.severity == "override" and finding.rule not in recorded)
        for finding in findings
    )
