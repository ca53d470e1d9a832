"""The lock on a signed text (R31): every deed after sign-off first holds the paper to the hash it was signed with.

条例 第二十五条(一): a signed paper is changed only by going back through sign-off, or by 复核改正 where the substance
stays as it was.
"""

from documents.interchange import Refused, content_hash, parse
from documents.keeping.emptying import is_destroyed
from documents.models import Document, Rendition
from documents.versions.guard import COLUMNS
from officehub.approvals.decide import DecisionRefused

TEXT = ("content", "signed_hash", "corrected_hash", *COLUMNS)
PRINTED = (Rendition.Purpose.PROOF, Rendition.Purpose.ORIGINAL)
SHOWN = {"kind": "文种", "title": "标题", "urgency": "紧急程度"}  # columns that repeat what the text says


class TextTampered(DecisionRefused):
    """The text is not the one that was signed; nothing was done."""


def hold_to_signed(document: Document) -> None:
    """Read the text as it now stands and refuse the deed when it is not the one to be issued.

    Called inside the deed's transaction, after its move: the row is held, so nobody changes the text in between.
    """
    document.refresh_from_db(fields=TEXT)
    fault = fault_of(document)
    if fault and is_destroyed(document):
        raise DecisionRefused(["本件已依法销毁，只留下文号、标题和办理过程。"])
    if fault:
        raise TextTampered([f"{fault}（条例 第二十五条），不能继续办理；请看与签发稿的比较，查明后退回重新审批。"])


def fault_of(document: Document) -> str:
    """What of a signed paper is not what was signed, or what 复核 made of it; empty when all is."""
    sources = document.renditions.filter(purpose__in=PRINTED).values_list("source", flat=True)
    if _hash_of(document.raw()) != document.issued_hash:
        return "文稿与签发时不一致"
    if any(getattr(document, name) != document.content.get(name, "") for name in SHOWN):
        return f"所列的{'、'.join(SHOWN.values())}与签发的文稿不一致"
    if any(_hash_of(source) != document.issued_hash for source in sources):
        return "排版所依据的文本与签发的不一致"
    return ""


def _hash_of(raw: dict) -> str:
    """The content hash of a paper in the interchange format; none of what is no paper any more."""
    try:
        return content_hash(parse(raw))
    except Refused:
        return ""
