"""Beginning a notice that transmits another paper (条例 第八条(八): 批转、转发; 印发).

What is transmitted is a paper of our own that one may see, or one typed with its particulars; its text or file is kept
beside the notice, and where it came from in a row of its own.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from documents import drafting
from documents.body import to_text
from documents.interchange import Refused
from documents.models import Attached, Document, Transmission
from documents.transmitted import innermost, opening_for, title_for, unmarked
from documents.versions.lock import hold_to_signed
from officehub.approvals.decide import DecisionRefused
from officehub.files.models import StoredFile
from officehub.people.models import Organ

Pattern = Transmission.Pattern
FURTHEST = 10  # organs one above the other
LONGEST = 120  # characters of an attachment's name


@dataclass(frozen=True)
class Source:
    """What is to be transmitted, with its particulars; `paper` when it is one of ours."""

    title: str
    issuer: str
    number: str = ""
    issued_on: date | None = None
    disclosure: str = ""
    body: str = ""
    stored: StoredFile | None = None
    paper: Document | None = None


def source_of(paper: Document) -> Source:
    """One of our own papers as a source: its text as it was issued. Raises DecisionRefused for another (R31)."""
    if paper.state in Document.SIGNED_STATES:
        hold_to_signed(paper)
    try:
        body = to_text(paper.paper().body)
    except Refused as refused:
        raise DecisionRefused([one.message for one in refused.errors]) from None
    return Source(
        paper.title,
        "、".join(paper.content.get("issuers", [])),
        paper.document_number or "",
        timezone.localdate(paper.signed_at) if paper.signed_at else None,
        paper.content.get("disclosure", ""),
        body,
        paper=paper,
    )


def begin(*, by, now: datetime, organ: Organ, pattern: str, source: Source) -> Document:
    """A new draft of `by` that transmits `source`: its title by the rule, its opening sentence, the text attached.

    Raises DecisionRefused when the pattern does not fit who issued the source.
    """
    if sentence := misfit(organ, pattern, source.issuer):
        raise DecisionRefused([sentence])
    words = Pattern(pattern).label
    name = unmarked(source.title) if pattern == Pattern.ISSUE else innermost(unmarked(source.title))
    fields = {
        "kind": "通知",
        "issuers": [organ.name],
        "title": title_for(organ.name, words, source.title)[:200],
        "body": opening_for(words, name, source.number),
        "printing_office": (organ.office or organ).name,
        "disclosure": source.disclosure if source.disclosure != "不予公开" else "",  # with a reason of its own
    }
    with transaction.atomic():
        facts = {"pattern": words, "source": source.title, "number": source.number}
        document = drafting.create(by=by, now=now, organ=organ, fields=fields, facts=facts)
        attached = Attached.objects.create(
            document=document, order=1, title=name[:LONGEST], body=source.body, stored=source.stored
        )
        Transmission.objects.create(
            document=document, pattern=pattern, source=source.paper, attached=attached, title=source.title[:LONGEST],
            number=source.number, issuer=source.issuer, issued_on=source.issued_on, disclosure=source.disclosure,
        )  # fmt: skip
    return document


def misfit(organ: Organ, pattern: str, issuer: str) -> str:
    """Why a pattern is not for a paper of this issuer; empty when it is, or when nobody knows the issuer."""
    organs = {one.name: one for one in Organ.objects.select_related("superior")}
    organs |= {one.short_name: one for one in organs.values() if one.short_name}
    theirs = organs.get(issuer)
    if theirs is None:
        return ""
    if theirs.pk == organ.pk:
        return (
            ""
            if pattern == Pattern.ISSUE
            else f"“{issuer}”就是发文机关，自己的公文不转发、不批转；方案、办法等请用“印发”。"
        )
    below = _is_below(theirs, organ, {one.pk: one for one in organs.values()})
    if pattern == Pattern.ENDORSE and not below:
        return f"批转只用于下级机关的公文；“{issuer}”不是{organ.name}的下级机关，请用“转发”。"
    if pattern == Pattern.FORWARD and below:
        return f"“{issuer}”是{organ.name}的下级机关，其公文用“批转”，不用“转发”（条例 第八条(八)）。"
    return ""


def pattern_for(organ: Organ, issuer: str) -> str:
    """How `organ` passes on a paper of `issuer`: 批转 from below, else 转发 (条例 第八条(八)); its own it issues."""
    fits = (Pattern.FORWARD, Pattern.ENDORSE, Pattern.ISSUE)
    return next(pattern for pattern in fits if not misfit(organ, pattern, issuer))


def _is_below(theirs: Organ, ours: Organ, organs: dict[int, Organ]) -> bool:
    above = theirs.superior_id
    for _step in range(FURTHEST):
        if above is None:
            return False
        if above == ours.pk:
            return True
        above = organs[above].superior_id if above in organs else None
    return False
