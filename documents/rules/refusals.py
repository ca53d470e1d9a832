"""A paper that the interchange format itself refuses, told in the words of the rules where a rule says the same."""

from documents.rules.registry import Finding, Rule, catalogue
from documents.strict import FieldError, Refused

FORM = "FORM"  # the id of a refusal that is no rule of the sheet but of the format
SAID_BY = {
    "kind": "R17",
    "document_number": "R19",
    "date_of_document": "R26",
    "printing_date": "R27",
    "copy_number": "R39",
    "security_classification": "R41",
    "classification_period": "R41",
    "urgency": "R42",
    "disclosure": "R48",
}


def findings_of(refused: Refused) -> list[Finding]:
    """One blocking finding for each field at fault."""
    rules = {entry.id: entry for entry in reversed(catalogue())}
    return [told(error, rules.get(SAID_BY.get(error.field, ""))) for error in refused.errors]


def told(error: FieldError, entry: Rule | None) -> Finding:
    if entry is None:
        return Finding(FORM, "block", error.field, error.message, "公文交换格式")
    return Finding(entry.id, "block", error.field, error.message, entry.basis)
