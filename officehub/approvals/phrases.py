"""Stock opinions: a person's own first, else the office's usual ones. Reasons for returning stand apart."""

import unicodedata
from contextlib import contextmanager

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from officehub.approvals.models import StockPhrase
from officehub.people.models import Person

USUAL = ("同意", "拟同意，请领导审定", "请按程序办理")
RETURNING = ("请修改后再报", "请补充有关材料后再报", "请与有关部门协商一致后再报")  # for the reason of a return
SHOWN = 8
MOST = 30  # own ones a person may keep
LONGEST = 60


class PhraseRefused(Exception):
    """The phrase cannot be kept so; the words say why."""


def own(person) -> QuerySet[StockPhrase]:
    return StockPhrase.objects.filter(person=person)


def phrases_of(person) -> list[str]:
    return list(own(person).values_list("text", flat=True)[:SHOWN]) or list(USUAL)


def keep(person, text: str) -> bool:
    """Add one to a person's own; True when it was not there yet. The usual ones stay when the first own one comes.

    Raises PhraseRefused when it holds what cannot be printed.
    """
    text = _line(text)[:LONGEST].strip()
    if not text:
        return False
    if not own(person).exists():
        StockPhrase.objects.bulk_create([StockPhrase(person=person, text=usual) for usual in USUAL])
    return StockPhrase.objects.get_or_create(person=person, text=text)[1]


def add(person, text: str) -> StockPhrase:
    """Put a new one behind a person's own. Raises PhraseRefused."""
    with _held(person):
        if own(person).count() >= MOST:
            raise PhraseRefused(gettext("常用语最多 %(most)s 条，请先删去不用的。") % {"most": MOST})
        added = StockPhrase(person=person, text=_fit(person, text))
        added.save()
        _number([*own(person).exclude(pk=added.pk), added])
    return added


def change(phrase: StockPhrase, text: str) -> None:
    """Word one anew. Raises PhraseRefused."""
    with _held(phrase.person):
        own(phrase.person).filter(pk=phrase.pk).update(text=_fit(phrase.person, text, apart_from=phrase.pk))


def shift(phrase: StockPhrase, by: int) -> None:
    """Move one up (-1) or down (1) among the person's own; at an end it stays where it is."""
    with _held(phrase.person):
        phrases = list(own(phrase.person))
        at = next((place for place, one in enumerate(phrases) if one.pk == phrase.pk), None)
        if at is None or not 0 <= at + by < len(phrases):
            return
        phrases[at], phrases[at + by] = phrases[at + by], phrases[at]
        _number(phrases)


def _fit(person, text: str, apart_from: int = 0) -> str:
    """The text as it is kept. Raises PhraseRefused."""
    text = _line(text)
    if not text:
        raise PhraseRefused(gettext("请写明常用语。"))
    if len(text) > LONGEST:
        raise PhraseRefused(gettext("常用语最多 %(longest)s 个字。") % {"longest": LONGEST})
    if own(person).filter(text=text).exclude(pk=apart_from).exists():
        raise PhraseRefused(gettext("已有这条常用语。"))
    return text


def _line(text: str) -> str:
    """The text in one line. Raises PhraseRefused for control characters, of which the database keeps not all."""
    line = " ".join(text.split())
    for char in line:
        if unicodedata.category(char) in ("Cc", "Cs"):
            code = f"U+{ord(char):04X}"
            raise PhraseRefused(gettext("含有不能印刷的字符 %(code)s，请删去。") % {"code": code})
    return line


def _number(phrases: list[StockPhrase]) -> None:
    """Keep this order, and number the phrases by it."""
    for place, phrase in enumerate(phrases, 1):
        phrase.order = place
    StockPhrase.objects.bulk_update(phrases, ["order"])


@contextmanager
def _held(person):
    """One transaction that holds the person's row: two windows of one person follow each other."""
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).values_list("pk").get(pk=person.pk)
        yield
