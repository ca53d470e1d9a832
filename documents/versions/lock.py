"""The lock on a signed text (R31): every deed after sign-off first holds the paper to the hash it was signed with.

条例 第二十五条(一): a signed paper is changed only by going back through sign-off, or by 复核改正 where the substance
stays as it was.
"""

from documents.interchange import Refused, content_hash, parse
from documents.models import Document, Rendition
from documents.versions.guard import COLUMNS
from officehub.approvals.decide import DecisionRefused

TEXT = ("content", "signed_hash", "corrected_hash", *COLUMNS)
SHOWN = {"kind": "文种", "title": "标题", "urgency": "紧急程度"}  # columns that repeat what the text says


class TextTampered(DecisionRefused):
    """The text is not the one that was signed; nothing was done."""


def hold_to_signed(document: Document) -> None:
    """Read the text as it now stands and refuse the deed when it is not the one to be issued.

    Called inside the deed's transaction, after its move: the row is held, so nobody changes the text in between.
    """
    document.refresh_from_db(fields=TEXT)
    if differs(document) or prints_differ(document):
        raise TextTampered(
            ["文稿与签发时不一致（条例 第二十五条），不能继续办理；请看与签发稿的比较，查明后退回重新审批。"]
        )


def differs(document: Document) -> bool:
    """Whether the text, or a column that repeats it, is not what was signed or what 复核 made of it."""
    try:
        same = document.content_hash() == document.issued_hash
    except Refused:
        return True
    return not same or any(getattr(document, name) != document.content.get(name, "") for name in SHOWN)


def prints_differ(document: Document) -> bool:
    """Whether the proof, or the original, was ordered from another text than the one to be issued."""
    purposes = (Rendition.Purpose.PROOF, Rendition.Purpose.ORIGINAL)
    sources = document.renditions.filter(purpose__in=purposes).values_list("source", flat=True)
    try:
        return any(content_hash(parse(source)) != document.issued_hash for source in sources)
    except Refused:
        return True
