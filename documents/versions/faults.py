"""What was changed behind the back of the house: kept versions, and signed texts that are not what was signed (R31)."""

from collections.abc import Iterator

from documents.interchange import Refused
from documents.keeping.emptying import is_destroyed, is_empty
from documents.models import Document, Version
from documents.versions.freeze import hash_of
from documents.versions.lock import fault_of
from officehub.moves import events_of

CHUNK = 500


def faults() -> Iterator[str]:
    """Every fault, papers first; nothing when all is as it was signed and kept."""
    yield from texts(Document.objects.filter(state__in=Document.SIGNED_STATES))
    yield from _versions()


def texts(papers) -> Iterator[str]:
    """Signed papers whose text, or whose hash, is not what the record of their sign-off and correction says; papers
    that were destroyed and are not empty."""
    for paper in (
        papers.select_related("archival_item").prefetch_related("attached__stored").order_by("id").iterator(CHUNK)
    ):
        name = f"公文 {paper.pk}（{paper.document_number or paper}）"
        if fault := _left_over(paper) if is_destroyed(paper) else fault_of(paper):
            yield f"{name}：{fault}。"
        elif (said := _hashes_on_record(paper)) and said != (paper.signed_hash, paper.issued_hash):
            yield f"{name}：签发文本的哈希与审计记录不符。"


def _left_over(paper: Document) -> str:
    """What of a destroyed paper is not as its destruction left it; empty when all is."""
    event = events_of(paper).filter(verb="destroyed").first()
    if event is None:
        return "标为已销毁，没有销毁记录"
    return "" if is_empty(paper, event.facts["register"]) else "已依法销毁，却又有了内容"


def _hashes_on_record(paper: Document) -> tuple[str, str] | None:
    """What the events say was signed, and is to be issued; None for papers that came without their events."""
    deeds = events_of(paper).filter(verb__in=("sign_off", "correct")).order_by("seq")
    signed = issued = ""
    for event in deeds:
        issued = event.facts["content_hash"]
        signed = issued if event.verb == "sign_off" else signed
    return (signed, issued) if signed else None


def _versions() -> Iterator[str]:
    for version in Version.objects.select_related("document").order_by("document_id", "number").iterator(CHUNK):
        if not _whole(version):
            yield f"公文 {version.document_id} 第{version.number}版：内容与哈希不符，记录被改动过。"


def _whole(version: Version) -> bool:
    try:
        return hash_of(version.content) == version.content_hash
    except (Refused, KeyError, TypeError):
        return False
