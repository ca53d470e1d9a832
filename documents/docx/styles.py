"""What a Word paragraph looks like, as far as its look tells its part: centred, large, numbered."""

from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from documents.docx.names import CONTENTS, OURS
from documents.docx.numbering import integer, value
from documents.docx.package import WORD

DEEPEST_STYLE = 12  # styles based on one another; a loop must not hang


@dataclass(frozen=True)
class Look:
    centred: bool = False
    size: int = 0  # half-points; 44 = 二号
    list_id: str = ""
    depth: int = 0
    style: str = ""  # the name of its style when it is one of our own export's
    face: str = ""


class Styles:
    """The paragraph styles of word/styles.xml."""

    def __init__(self, root: Element | None) -> None:
        nodes = root.iter(WORD + "style") if root is not None else ()
        self.nodes = {node.get(WORD + "styleId", ""): node for node in nodes}

    def look(self, paragraph: Element) -> Look:
        """The look of a paragraph: its style's, overlaid by its own settings and its first run's size."""
        own = paragraph.find(WORD + "pPr")
        style = value(own.find(WORD + "pStyle")) if own is not None else ""
        found = replace(overlaid(self.of_style(style), own), style=self.own_name(style))
        fonts = paragraph.find(f".//{WORD}r/{WORD}rPr/{WORD}rFonts")
        found = replace(found, face=fonts.get(WORD + "eastAsia", "")[:20]) if fonts is not None else found
        run = paragraph.find(f".//{WORD}r/{WORD}rPr/{WORD}sz")
        return replace(found, size=integer(value(run))) if run is not None else found

    def own_name(self, style: str) -> str:
        """A style's name when our own export gave it, or that of a table of contents."""
        node = self.nodes.get(style)
        name = value(node.find(WORD + "name")) if node is not None else ""
        return CONTENTS if name.lower().startswith("toc ") else name if name in OURS else ""

    def of_style(self, style: str) -> Look:
        chain = []
        while style in self.nodes and len(chain) < DEEPEST_STYLE:
            chain.append(self.nodes[style])
            style = value(chain[-1].find(WORD + "basedOn"))
        found = Look()
        for node in reversed(chain):
            found = overlaid(found, node.find(WORD + "pPr"))
            size = node.find(f"{WORD}rPr/{WORD}sz")
            found = replace(found, size=integer(value(size))) if size is not None else found
        return found


def overlaid(found: Look, settings: Element | None) -> Look:
    if settings is None:
        return found
    side = value(settings.find(WORD + "jc"))
    if side:
        found = replace(found, centred=side == "center")
    numbered = settings.find(WORD + "numPr")
    if numbered is None:
        return found
    list_id = value(numbered.find(WORD + "numId"))
    depth = integer(value(numbered.find(WORD + "ilvl")), found.depth)
    return replace(found, list_id=list_id or found.list_id, depth=depth)
