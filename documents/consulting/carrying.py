"""What the rules say of a paper that transmits another (条例 第八条(八)、第十五条(三); R49)."""

from collections.abc import Iterator

from documents.interchange import Refused
from documents.models import Document, Transmission
from documents.rules import Finding
from documents.rules.elsewhere import held_elsewhere
from documents.transmitted import transmitted

KEPT_BACK = ("依申请公开", "不予公开")


def findings(document: Document) -> Iterator[Finding]:
    """What is to be seen to in a paper that transmits another; nothing for any other paper."""
    kept = Transmission.objects.filter(document=document).first()
    if kept is None:
        return
    pattern = kept.get_pattern_display()
    if document.direction == "upward" and kept.pattern != Transmission.Pattern.ISSUE:
        message = f"{pattern}的公文不得原文转报上级机关；确需请示的，应当提出倾向性意见另行起草。"
        yield Finding("转报", "block", "direction", message, "条例 第十五条(三)")
    if kept.attached_id is None:
        yield Finding(
            "R33", "block", "attachments", f"所{pattern}的公文“{kept.title}”没有附上，请重新附上。", "条例 第八条(八)"
        )
    elif document.kind != "通知" or not _is_named(document):
        message = f"标题与所{pattern}的公文名称不一致，将按附件编排；{pattern}用通知，标题写明所{pattern}公文的名称。"
        yield Finding("R18", "warn", "title", message, "条例 第八条(八)、第九条(七)")
    yield from _disclosed(document, kept)


def _is_named(document: Document) -> bool:
    try:
        return transmitted(document.paper()) is not None
    except Refused:  # said elsewhere, field by field
        return True


def _disclosed(document: Document, kept: Transmission) -> Iterator[Finding]:
    """R49: what is published does not carry along what is not."""
    ours = document.content.get("disclosure", "")
    if ours == "主动公开" and kept.disclosure in KEPT_BACK:
        message = f"所转公文“{kept.title}”为“{kept.disclosure}”，本件却是“主动公开”，请核对公开属性。"
        yield held_elsewhere("R49").finding("disclosure", message)
