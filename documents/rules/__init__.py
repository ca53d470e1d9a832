"""The form and conduct of an official paper: small pure functions, one per rule, over a `Paper` and an `Office`.

They hold no state, read no clock and no database, and never change a paper: a fix is only offered.

    check(paper, office, "draft" | "sign" | "register") -> list[Finding]
    ok(findings, {"R01": "reason"})                     -> bool
    apply_fix(paper, finding.fix)                       -> Paper
    catalogue()                                         -> list[Rule]

Rules that need another record are held by the deeds themselves, not here: R04, R28 (sign-off), R12, R24 (会签),
R16 (meetings), R21, R22, R31, R53 (register), R29, R30, R32, R49-R51 (vetting and routes), R38 (seal),
R43-R47 (handling and circulation), R58 (repeal), R59 (redistribution), R60 (leavers), R61 (the printed page).
Besides those ids, F01-F03 are the normalisations of the written text, F04 what a template leaves open.
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
    signers,
    structure,
    title,
    typography,
    unfilled,
)
from documents.rules.office import Office, OrganFact, Unregistered
from documents.rules.registry import MOMENTS, Finding, Rule, catalogue, check, ok
from documents.rules.wording import apply_fix

__all__ = ["MOMENTS", "Finding", "Office", "OrganFact", "Rule", "Unregistered", "apply_fix", "catalogue", "check", "ok"]

# A module enters its rules into the catalogue by being imported.
RULE_MODULES = (
    attachments, classification, content, dates, disclosure, issuers, kinds, number, recipients, signers, structure,
    title, typography, unfilled,
)  # fmt: skip
