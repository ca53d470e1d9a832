"""Reading and repairing the words of a paper: which texts it holds, and the paper with one of them replaced."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from documents import body as body_text
from documents.interchange import Attachment, Paper
from documents.rules.registry import Fix

TYPED = ("title", "primary_recipients", "remarks", "cc_recipients")  # one-line texts that people type
DATES = ("date_of_document", "printing_date")
QUOTED = re.compile(
    r"《[^《》]{0,200}(?:《[^《》]{0,200}》[^《》]{0,200}){0,5}》|“[^“”]{0,200}”"
)  # bounded, for hostile text


def body_of(paper: Paper) -> str:
    """The body as typed, one paragraph a line."""
    return body_text.to_text(paper.body)


def lines_of(paper: Paper) -> list[str]:
    """The body's headings and paragraphs, without tables."""
    return [block.text for block in paper.body if block.type in ("heading", "paragraph")]


def unquoted(text: str) -> str:
    """The text without what it merely quotes: titles in 《》 and words in “”."""
    return QUOTED.sub("", text)


def texts(paper: Paper) -> Iterator[tuple[str, str]]:
    """Field name and text of everything that people type freely."""
    for name in TYPED:
        yield name, getattr(paper, name)
    yield "body", body_of(paper)


def fix(label: str, field: str, value: Any) -> Fix:
    """A one-click replacement of one field, its value as in the interchange format (dates as YYYY-MM-DD).

    Of attachments the value is the list of their titles.
    """
    return {"label": label, "field": field, "value": value}


def apply_fix(paper: Paper, offered: Fix) -> Paper:
    """The paper with the fix taken."""
    field, value = offered["field"], offered["value"]
    if field == "body":
        return replace(paper, body=body_text.recognise(value))
    if field == "attachments":
        return replace(paper, attachments=retitled(paper.attachments, value))
    if field in DATES:
        value = date.fromisoformat(value)
    return replace(paper, **{field: tuple(value) if isinstance(value, list) else value})


def retitled(attachments: tuple[Attachment, ...], titles: list[str]) -> tuple[Attachment, ...]:
    return tuple(replace(item, title=title) for item, title in zip(attachments, titles, strict=True))
