"""The closed little language of route conditions: every clause must hold; a clause compares one named fact.

`[{"fact": "kind", "in": ["请示"]}, {"fact": "important", "is": true}]`. A subject's facts are its `APPROVAL_FACTS`.
"""

from django.core.exceptions import ValidationError


def validate_condition(condition, model, field: str) -> None:
    """Refuse anything but a list of clauses over facts the model names; the message says which clause."""
    facts = getattr(model, "APPROVAL_FACTS", {})
    if not isinstance(condition, list):
        raise ValidationError({field: "条件应是一个列表，如 [{“fact”: “kind”, “in”: [“请示”]}]。"})
    for place, clause in enumerate(condition, 1):
        if not isinstance(clause, dict) or "fact" not in clause or len(clause) != 2 or not {"in", "is"} & set(clause):
            raise ValidationError({field: f"第 {place} 条：应写成 fact 加 in（列表）或 is（一个值）。"})
        if not isinstance(clause["fact"], str) or clause["fact"] not in facts:
            raise ValidationError({field: f"第 {place} 条：没有“{clause['fact']}”，可用：{'、'.join(facts)}。"})
        if "in" in clause and not isinstance(clause["in"], list):
            raise ValidationError({field: f"第 {place} 条：in 后面应是列表。"})
        if isinstance(clause.get("is"), (list, dict)):
            raise ValidationError({field: f"第 {place} 条：is 后面应是一个值，几个值请用 in。"})


def holds(condition: list[dict], facts: dict) -> bool:
    """Whether every clause holds for these facts."""
    return all(
        facts[clause["fact"]] in clause["in"] if "in" in clause else facts[clause["fact"]] == clause["is"]
        for clause in condition
    )
