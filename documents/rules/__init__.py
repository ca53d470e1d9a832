"""The form and conduct of an official paper: small pure functions, one per rule, over a `Paper` and an `Office`.

They hold no state, read no clock and no database, and never change a paper: a fix is only offered.

    check(paper, office, "draft" | "sign" | "register") -> list[Finding]
    ok(findings, {"R01": "reason"})                     -> bool
    apply_fix(paper, finding.fix)                       -> Paper
    catalogue()                                         -> list[Rule]
    every_rule()                                        -> list[Line], one for every id

Rules that need another record are held by the deeds themselves and listed in `elsewhere.py`; `every_rule()` has all.
Besides R01 to R63, F01-F03 are the normalisations of the written text, F04 what a template leaves open.
"""

from documents.rules import (
    attachments,
    classification,
    content,
    dates,
    disclosure,
    issuers,
    kinds,
    number,
    recipients,
    shape,
    signers,
    structure,
    title,
    typography,
    unfilled,
)
from documents.rules.office import Office, OrganFact, Unregistered
from documents.rules.registry import MOMENTS, Finding, Rule, catalogue, check, ok
from documents.rules.sheet import every_rule
from documents.rules.wording import apply_fix

__all__ = [
    "MOMENTS",
    "Finding",
    "Office",
    "OrganFact",
    "Rule",
    "Unregistered",
    "apply_fix",
    "catalogue",
    "check",
    "every_rule",
    "ok",
]

# A module enters its rules into the catalogue by being imported.
RULE_MODULES = (
    attachments, classification, content, dates, disclosure, issuers, kinds, number, recipients, shape, signers,
    structure, title, typography, unfilled,
)  # fmt: skip
