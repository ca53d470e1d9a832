"""Pictures of a Word draft: decoded and encoded anew, so that nothing but pixels comes over."""

import hashlib
import io
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from documents.docx.package import MAIN, Package

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
VML = "{urn:schemas-microsoft-com:vml}"
READ = ("PNG", "JPEG", "GIF", "BMP", "TIFF")
MOST, MAX_BYTES, MAX_PIXELS = 40, 20 * 1024 * 1024, 40_000_000
WIDEST = 2_000  # pixels: 156 mm at 325 dpi
LEAST = 8  # pixels; smaller ones are bullets and rules


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: its name says its content."""

    name: str
    content: bytes


class Media:
    """The pictures of a package, each taken once."""

    def __init__(self, package: Package) -> None:
        self.package, self.targets = package, package.targets(MAIN)
        self.taken: list[Picture] = []

    def take(self, node: Element) -> str:
        """The line of the body that stands for a drawing's picture; empty when it cannot be taken."""
        ids = [blip.get(RELATION + "embed", "") for blip in node.iter(DRAWING + "blip")]
        ids += [shape.get(RELATION + "id", "") for shape in node.iter(VML + "imagedata")]
        part = next((self.targets[one] for one in ids if one in self.targets), "")
        if not part or self.package.archive.getinfo(part).file_size > MAX_BYTES:
            return ""
        picture = encoded(self.package.archive.read(part))
        if picture is None:
            return ""
        if picture not in self.taken:
            if len(self.taken) >= MOST:
                return ""
            self.taken.append(picture)
        return f"![]({picture.name})"


def encoded(content: bytes) -> Picture | None:
    """The picture's pixels as PNG, a photograph's as JPEG, at most `WIDEST` across; None when it is none we read."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content), formats=READ) as opened:
            if opened.width * opened.height > MAX_PIXELS or min(opened.size) < LEAST:
                return None
            form = "JPEG" if opened.format == "JPEG" else "PNG"
            picture = ImageOps.exif_transpose(opened).convert("RGB" if form == "JPEG" else "RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return None
    picture.thumbnail((WIDEST, WIDEST))
    out = io.BytesIO()
    if form == "PNG":  # paper is white: nothing shines through
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture).convert("RGB")
    picture.save(out, form, **({"quality": 88} if form == "JPEG" else {"optimize": True}))
    digest = hashlib.sha256(out.getvalue()).hexdigest()
    return Picture(f"{digest[:32]}.{'jpg' if form == 'JPEG' else 'png'}", out.getvalue())
