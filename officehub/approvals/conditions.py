"""The closed little language of route conditions: every clause must hold; a clause compares one named fact.

`[{"fact": "kind", "in": ["请示"]}, {"any": [{"fact": "important", "is": true}, {"fact": "amount", "at_least": 500}]}]`.
A subject's facts are its `APPROVAL_FACTS`, name by name a `Fact`; nothing else can be asked of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MOST = 10**12  # no number of an office is larger, and every database keeps such a one exactly


class Type(StrEnum):
    TEXT = "text"
    FLAG = "flag"
    NUMBER = "number"
    LIST = "list"


@dataclass(frozen=True)
class Fact:
    """What may be asked of a subject: its name in the office's words, its type, and where they are closed its values.

    `choices` are pairs of a value and its words; those of a flag are the two sentences, for True and for False.
    A number may lack (None); its `unit` is said after it.
    """

    words: str
    type: Type = Type.TEXT
    choices: tuple[tuple, ...] = ()
    unit: str = ""

    def said(self, value) -> str:
        """A value in words: 上行文 for "upward", 500 万元 for 500."""
        if self.type == Type.NUMBER:
            return f"{number(value).normalize():f}{f' {self.unit}' if self.unit else ''}"
        return dict(self.choices).get(value, str(value))

    def sentence(self, flag: bool) -> str:
        """What a flag says when it is up or down."""
        return dict(self.choices).get(flag) or f"{self.words}为{'是' if flag else '否'}"


TYPES = {Type.TEXT: "文字", Type.FLAG: "是或否", Type.NUMBER: "数", Type.LIST: "几个值"}
OPERATORS = {
    "is": "为",
    "not": "不是",
    "in": "为其中之一",
    "not_in": "不是其中任何一个",
    "at_least": "不低于",
    "at_most": "不高于",
    "has": "含有",
}
ALLOWED = {
    Type.TEXT: ("is", "not", "in", "not_in"),
    Type.FLAG: ("is", "not"),
    Type.NUMBER: ("is", "not", "at_least", "at_most"),
    Type.LIST: ("has",),
}
SEVERAL = ("in", "not_in")


def facts_of(model) -> dict[str, Fact]:
    return getattr(model, "APPROVAL_FACTS", {})


def number(value) -> Decimal:
    """A number as it was written: 500.1 of JSON is 500.1, not the binary fraction beside it."""
    return Decimal(str(value))


# --- whether it holds ---------------------------------------------------------------------------------------------


def holds(condition: list[dict], facts: dict) -> bool:
    """Whether every clause holds for these facts."""
    return all(_clause_holds(clause, facts) for clause in condition)


def _clause_holds(clause: dict, facts: dict) -> bool:
    if "any" in clause:
        return any(_clause_holds(one, facts) for one in clause["any"])
    operator = operator_of(clause)
    return COMPARE[operator](facts[clause["fact"]], clause[operator])


def operator_of(clause: dict) -> str:
    """The one key of a clause beside its fact."""
    return next(key for key in clause if key != "fact")


def _same(fact, value) -> bool:
    if isinstance(fact, Decimal):
        return fact == number(value)
    return fact == value


COMPARE: dict[str, Callable] = {
    "is": _same,
    "not": lambda fact, value: not _same(fact, value),
    "in": lambda fact, values: fact in values,
    "not_in": lambda fact, values: fact not in values,
    "at_least": lambda fact, value: fact is not None and number(fact) >= number(value),
    "at_most": lambda fact, value: fact is not None and number(fact) <= number(value),
    "has": lambda fact, value: value in fact,
}


# --- whether it may be kept ---------------------------------------------------------------------------------------


def validate_condition(condition, model, field: str) -> None:
    """Refuse anything but a list of clauses over facts the model names; each message says which clause."""
    if not isinstance(condition, list):
        raise ValidationError({field: "条件应是一个列表，每条写一项事实。"})
    if found := list(_faults(condition, facts_of(model))):
        raise ValidationError({field: found})


def _faults(condition: list, facts: dict[str, Fact]) -> Iterator[str]:
    for place, clause in enumerate(condition, 1):
        if not (isinstance(clause, dict) and set(clause) == {"any"}):
            found = [fault_of(clause, facts)]
        elif not isinstance(clause["any"], list) or len(clause["any"]) < 2:
            found = ["any 后面应是至少两条的列表。"]
        else:
            found = [fault_of(one, facts) for one in clause["any"]]
        yield from (f"第 {place} 条：{fault}" for fault in found if fault)


def fault_of(clause, facts: dict[str, Fact]) -> str:
    """What is wrong with one clause and what to write instead; empty when nothing is."""
    if not isinstance(clause, dict) or "fact" not in clause or len(clause) != 2:
        return "应写成一项事实、一种比较和它的值。"
    name, operator = clause["fact"], operator_of(clause)
    if not isinstance(name, str) or name not in facts:
        return f"没有“{name}”，可用：{'、'.join(facts)}。"
    fact = facts[name]
    if operator not in ALLOWED[fact.type]:
        allowed = "、".join(OPERATORS[one] for one in ALLOWED[fact.type])
        return f"“{fact.words}”（{TYPES[fact.type]}）只能比较：{allowed}。"
    return _fault_of_values(fact, operator, clause[operator])


def _fault_of_values(fact: Fact, operator: str, value) -> str:
    if operator not in SEVERAL:
        return _fault_of_value(fact, value)
    if not isinstance(value, list):
        return f"“{fact.words}”的几个值应是一个列表。"
    if not value:
        return f"“{fact.words}”后面至少写一个值{_example(fact)}。"
    return next((fault for one in value if (fault := _fault_of_value(fact, one))), "")


def _fault_of_value(fact: Fact, value) -> str:
    match fact.type:
        case Type.FLAG:
            return "" if isinstance(value, bool) else f"“{fact.words}”的值写“是”或“否”。"
        case Type.NUMBER:
            return "" if is_number(value) else f"“{fact.words}”的值写一个数，如 500{_in_unit(fact)}。"
    if isinstance(value, list | dict):
        return f"“{fact.words}”这里只写一个值；几个值请用“{OPERATORS['in']}”。"
    if fact.choices and value not in dict(fact.choices):
        return f"“{fact.words}”没有“{value}”，可用：{'、'.join(words for _value, words in fact.choices)}。"
    if not isinstance(value, str) or not (fact.choices or _is_line(value)):
        return f"“{fact.words}”的值应是一行文字{_example(fact)}。"
    return ""


def is_number(value) -> bool:
    """A number of a size an office has; True and False are none, nor are NaN and infinity."""
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return numeric and abs(value) <= MOST


def _is_line(value: str) -> bool:
    return value == value.strip() != "" and value.isprintable()


def _example(fact: Fact) -> str:
    return f"，如{fact.choices[0][1]}" if fact.choices else ""


def _in_unit(fact: Fact) -> str:
    return f"（单位：{fact.unit}）" if fact.unit else ""


# --- how it is said -----------------------------------------------------------------------------------------------

SAID = {
    "is": _("%(fact)s为%(value)s"),
    "in": _("%(fact)s为%(value)s"),
    "not": _("%(fact)s不是%(value)s"),
    "not_in": _("%(fact)s不是%(value)s"),
    "at_least": _("%(fact)s不低于%(value)s"),
    "at_most": _("%(fact)s不高于%(value)s"),
    "has": _("%(fact)s含%(value)s"),
}
ALWAYS = _("总是")
JOINED = _("，且")
EITHER = _("，或")


def words(condition: list[dict], model) -> str:
    """The condition in the reader's language: 文种为请示、报告，且金额不低于 500 万元."""
    say = partial(_clause_words, facts=facts_of(model), alone=len(condition) == 1)
    return str(JOINED).join(map(say, condition)) or str(ALWAYS)


def _clause_words(clause: dict, facts: dict[str, Fact], alone: bool = True) -> str:
    if "any" in clause:
        either = str(EITHER).join(_clause_words(one, facts) for one in clause["any"])
        return either if alone else gettext("（%(either)s）") % {"either": either}
    operator = operator_of(clause)
    fact = facts.get(clause["fact"]) or Fact(gettext("“%(fact)s”（已无此项）") % {"fact": clause["fact"]})
    return _said(fact, operator, clause[operator])


def _said(fact: Fact, operator: str, value) -> str:
    if fact.type == Type.FLAG:
        return gettext(fact.sentence(value is (operator == "is")))
    said = gettext("、").join(_value_words(fact, one) for one in (value if operator in SEVERAL else [value]))
    return str(SAID[operator]) % {"fact": gettext(fact.words), "value": said}


def _value_words(fact: Fact, value) -> str:
    """One value: a number with its unit, a closed choice by its word, anything else as it was written."""
    if fact.type == Type.NUMBER:
        return " " + " ".join(gettext(part) for part in fact.said(value).split(" "))
    return gettext(fact.said(value)) if value in dict(fact.choices) else str(value)
