"""版记 on the back of the last sheet: papers are printed on both sides, so it stands at the foot of an even page.

It decides only where the 版记 goes; how it looks is for `ending` (GB/T 9704 7.4.1, 7.5).
"""

from collections.abc import Callable
from typing import Any

TEXT_END = "text-end"  # the id of what follows the last line of the text


def even(document: Any, back: Callable[[], Any]) -> Any:
    """The document as it was drawn when its 版记 ends an even page below some text; else with 版记 on a page alone.

    `document` is WeasyPrint's, `back` draws one without page numbers: a blank page first, the 版记 on the last.
    The pages already laid out are kept: laying all of them out again would cost half as much as the whole paper.
    """
    pages = document.pages
    alone = TEXT_END not in pages[-1].anchors
    if len(pages) % 2 == 0 and not alone:
        return document
    text = pages[:-1] if alone else [*pages[:-1], without_imprint(pages[-1])]
    blank, *_, imprint = back().pages
    return document.copy([*text, imprint] if len(text) % 2 else [*text, blank, imprint])


def without_imprint(page: Any) -> Any:
    """The page without its 版记, which stood below everything else and moved nothing."""
    from weasyprint.formatting_structure.boxes import FootnoteAreaBox

    box = page._page_box  # WeasyPrint offers no other way to leave a footnote out of a page
    box.children = [child for child in box.children if not isinstance(child, FootnoteAreaBox)]
    return page
