"""The editor of a route's condition: rows of a fact, a comparison and a value, each joined to the row above.

Rows joined by “或” make one group, of which one must hold; groups must all hold. What a condition means and
what may be in one is said by `officehub.approvals.conditions`.
"""

import re
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from types import SimpleNamespace
from typing import NamedTuple

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from officehub.approvals.conditions import (
    ALLOWED,
    OPERATORS,
    SEVERAL,
    Fact,
    Type,
    fault_of,
    is_number,
    operator_of,
    words,
)

AND, OR = "and", "or"
YES_NO = {"是": True, "否": False}
BLANKS = 2  # empty rows after those there are, for browsers without script
SEPARATED = re.compile(r"[,，、;；]")


class Row(NamedTuple):
    """One line of the editor, as typed."""

    joins: str = AND
    fact: str = ""
    operator: str = "is"
    value: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.fact and not self.value.strip()


def facts() -> dict[str, Fact]:
    """Every fact that some subject of approvals names, the earlier rooms' first (later ones are installed before)."""
    models = reversed(list(apps.get_models()))
    named = [model.APPROVAL_FACTS for model in models if hasattr(model, "APPROVAL_FACTS")]
    return {name: fact for facts in named for name, fact in facts.items()}


# --- a condition as rows, and rows as a condition -----------------------------------------------------------------


def rows_of(condition: list[dict]) -> list[Row]:
    """The rows that say a condition; the first of a group is joined by “且”, the others by “或”."""
    groups = [clause.get("any", [clause]) for clause in condition]
    return [_row(clause, OR if place else AND) for group in groups for place, clause in enumerate(group)]


def _row(clause: dict, joins: str) -> Row:
    operator = operator_of(clause)
    values = clause[operator] if operator in SEVERAL else [clause[operator]]
    typed = [_typed(facts().get(clause["fact"], Fact("")), value) for value in values]
    if operator in SEVERAL and any(map(SEPARATED.search, typed)):
        return Row(joins, clause["fact"], operator, "\n".join([*typed, ""]))  # a line break parts nothing else
    return Row(joins, clause["fact"], operator, "、".join(typed))


def _typed(fact: Fact, value) -> str:
    """A value as one would type it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{Decimal(str(value)).normalize():f}" if fact.type == Type.NUMBER else fact.said(value)


def condition_of(rows: list[Row]) -> list[dict]:
    """The condition that rows say. Raises ValidationError naming every row that cannot stand, and what to write."""
    known, found = facts(), []
    groups: list[list[dict]] = []
    for place, row in enumerate(rows, 1):
        if row.is_blank:
            continue
        clause, fault = _read(row, known)
        if fault:
            found.append(gettext("第 %(row)s 行：%(fault)s") % {"row": place, "fault": fault})
        elif row.joins == OR and groups:
            groups[-1].append(clause)
        else:
            groups.append([clause])
    if found:
        raise ValidationError(found)
    return [group[0] if len(group) == 1 else {"any": group} for group in groups]


def _read(row: Row, known: dict[str, Fact]) -> tuple[dict, str]:
    """The clause of a row and what is wrong with it."""
    if not row.fact:
        return {}, gettext("写了值，还没有选事实；请选择事实，或者把值删去。")
    if row.fact in known and not row.value.strip():
        return {}, gettext("“%(fact)s”还没有写值；请写上，或者把事实改回“——”。") % {"fact": known[row.fact].words}
    clause = {"fact": row.fact, row.operator: _values(row, known.get(row.fact, Fact("")))}
    return clause, fault_of(clause, known)


def _values(row: Row, fact: Fact):
    if row.operator not in SEVERAL:
        return _value(row.value.strip(), fact)
    parts = row.value.splitlines() if "\n" in row.value else SEPARATED.split(row.value)
    return [_value(part.strip(), fact) for part in parts if part.strip()]


def _value(typed: str, fact: Fact):
    """What was typed as the fact's own type; what cannot be read stays text, and is refused as such."""
    if fact.type == Type.FLAG:
        return YES_NO.get(typed, typed)
    if fact.type == Type.NUMBER:
        return _number(typed.removesuffix(fact.unit).strip(), typed)
    return {said: value for value, said in fact.choices}.get(typed, typed)


def _number(digits: str, typed: str) -> int | float | str:
    try:
        value = Decimal(re.sub("[,，]", "", digits))
    except InvalidOperation:
        return typed
    if not value.is_finite() or not is_number(float(value)):
        return typed
    return int(value) if value == value.to_integral_value() else float(value)


# --- on the page --------------------------------------------------------------------------------------------------


class ConditionWidget(forms.Widget):
    """The rows, and under them what they say in one sentence."""

    template_name = "admin/condition.html"

    class Media:
        css = {"all": ["officehub/css/conditions.css"]}
        js = ["officehub/js/conditions.js"]

    def id_for_label(self, id_):
        return f"{id_}_1_fact"

    def value_from_datadict(self, data, files, name):
        typed = [_given(data, f"{name}-{part}") for part in Row._fields]
        return [Row(*parts) for parts in zip_longest(*typed, fillvalue="")]

    def value_omitted_from_data(self, data, files, name):
        return f"{name}-fact" not in data

    def get_context(self, name, value, attrs):
        rows, known = value or [], facts()
        gone = [row.fact for row in rows if row.fact and row.fact not in known]
        offered = [(key, gettext(fact.words), fact.type, _choices(fact)) for key, fact in known.items()]
        return {
            **super().get_context(name, None, attrs),
            "rows": [*_without_end(rows), *[Row()] * BLANKS],
            "facts": [*offered, *((key, key, "", []) for key in gone)],
            "operators": [(key, gettext(said), _types(key)) for key, said in OPERATORS.items()],
            "joins": [(AND, gettext("且")), (OR, gettext("或"))],
            "sentence": sentence_of(rows),
        }


def _without_end(rows: list[Row]) -> list[Row]:
    """The rows up to the last that says something, so that every one keeps its number."""
    last = max((place for place, row in enumerate(rows, 1) if not row.is_blank), default=0)
    return rows[:last]


def _given(data, name: str) -> list[str]:
    """All that was sent under a name; a plain dict sends one."""
    if hasattr(data, "getlist"):
        return data.getlist(name)
    return [data[name]] if name in data else []


def _types(operator: str) -> str:
    return " ".join(kind for kind, allowed in ALLOWED.items() if operator in allowed)


def _choices(fact: Fact) -> list[str]:
    return list(YES_NO) if fact.type == Type.FLAG else [said for _value, said in fact.choices]


def sentence_of(rows: list[Row]) -> str:
    """What the rows say; empty while they cannot be read."""
    try:
        return words(condition_of(rows), SimpleNamespace(APPROVAL_FACTS=facts()))
    except ValidationError:
        return ""


class ConditionField(forms.Field):
    """A condition; no rows mean “always”."""

    widget = ConditionWidget
    empty_values = [None, []]

    def __init__(self, *, encoder=None, decoder=None, **kwargs):
        fixed = {"required": False, "show_hidden_initial": False}  # rows have no single hidden box
        super().__init__(**{**kwargs, **fixed})

    def prepare_value(self, value):
        if not isinstance(value, list):  # nothing yet, or something in the address
            return []
        return value if any(isinstance(one, Row) for one in value) else rows_of(value)

    def to_python(self, value):
        return condition_of(value or [])

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != (initial or [])
        except ValidationError:
            return True
