"""From a paper to its PDF: a pure function of the paper, its images and the fonts of the machine.

It fetches nothing: the only addresses that exist are `gw:` ones, answered from memory.
"""

import functools
import io
import json
import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from documents.elements import Paper
from documents.interchange import dump
from documents.paper import back, fonts, layout
from documents.paper.markup import lacking
from documents.paper.seal import sample_seal

STYLE = Path(__file__).with_name("paper.css")
MAX_PIXELS = 40_000_000  # of one image; a decompression bomb is larger
SOURCE_NAME = "document.json"  # of the data inside an archive copy
IMAGE_FORMATS = ("PNG", "JPEG")


@functools.lru_cache(maxsize=1)
def engine_parts() -> tuple[Any, Any, Any]:
    """WeasyPrint, imported once the fonts are set, with the font configuration and style sheet every render shares."""
    fonts.use()
    import weasyprint
    from weasyprint.text.ffi import harfbuzz_subset
    from weasyprint.text.fonts import FontConfiguration

    if harfbuzz_subset is None:
        raise RuntimeError("缺少 libharfbuzz-subset0，排版要慢几十倍：请运行 apt-get install libharfbuzz-subset0。")
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    configuration = FontConfiguration()
    return weasyprint, configuration, weasyprint.CSS(string=STYLE.read_text("utf-8"), font_config=configuration)


def render(paper: Paper, *, draft: str = "", images: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of a paper; the same input gives the same bytes on the same machine.

    `draft` is printed across every page. `images` holds, by name, the files that image blocks and seals refer to.
    Raises `ValueError` when an image is missing or is not a PNG or JPEG, and, unless it is a draft, when no font of
    this machine has a character of the paper.
    """
    flow = layout.html(paper, draft)
    if not draft:
        refuse_lacking(flow)
    return draw(flow, assets(paper, images or {}), layout.back_html(paper, draft))


def loose_annex(paper: Paper, number: int, *, images: Mapping[str, bytes] | None = None) -> bytes:
    """附件 `number` alone, for when it is not bound with its paper. Raises `ValueError` when there is none."""
    flow = layout.loose_annex_html(paper, number)
    refuse_lacking(flow)
    return draw(flow, assets(replace(paper, seal=False), images or {}))


def archive_copy(paper: Paper, *, images: Mapping[str, bytes] | None = None) -> bytes:
    """The same pages as PDF/A-3u, with the paper in the interchange format inside (DA/T 46: text and data together).

    Raises what `render` raises. The same paper gives the same bytes: its dates are those of the paper, not of today.
    """
    flow = layout.html(paper)
    refuse_lacking(flow)
    day = paper.date_of_document or date(1970, 1, 1)
    stamped = flow.replace("</head>", f'<meta name="dcterms.created" content="{day.isoformat()}"></head>', 1)
    options = {"pdf_variant": "pdf/a-3u", "attachments": [source_of(paper, day)]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint leaves its colour profile open
        return draw(stamped, assets(paper, images or {}), layout.back_html(paper), options)


def source_of(paper: Paper, day: date) -> Any:
    """The data of a paper as a file to put into its PDF."""
    weasyprint, _, _ = engine_parts()
    content = json.dumps(dump(paper), ensure_ascii=False, indent=1, sort_keys=True)
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    about = {"name": SOURCE_NAME, "description": "公文数据（交换格式）", "relationship": "Source"}
    return weasyprint.Attachment(string=content, created=at, modified=at, **about)


def refuse_lacking(flow: str) -> None:
    """A name printed with a hole in it is a mistake; the office must know before the paper goes on."""
    if found := lacking(flow):
        named = "、".join(f"“{char}”（U+{ord(char):04X}）" for char in found[:10])
        advice = "请改用通行的写法，或请系统管理员把含有该字的字体放入字体文件夹。"
        raise ValueError(f"本机的字体印不出这些字：{named}。{advice}")


def draw(
    html: str, held: Mapping[str, tuple[bytes, str]], reverse: str = "", options: Mapping[str, Any] | None = None
) -> bytes:
    """The PDF of a page flow; `reverse` is the page that its 版记 goes to where it would not end an even page."""
    from weasyprint.urls import FatalURLFetchingError

    identifier = sha256(html.encode() + b"".join(name.encode() + held[name][0] for name in sorted(held))).digest()
    try:
        document = laid_out(html, held)
        document = back.even(document, lambda: laid_out(reverse, {})) if reverse else document
        return document.write_pdf(pdf_identifier=identifier[:16], **(options or {}))
    except FatalURLFetchingError as error:  # a BaseException in WeasyPrint
        raise RuntimeError(str(error)) from error


def laid_out(html: str, held: Mapping[str, tuple[bytes, str]]) -> Any:
    weasyprint, configuration, style = engine_parts()
    page = weasyprint.HTML(string=html, url_fetcher=fetcher(held), base_url="gw:/")
    return page.render(stylesheets=[style], font_config=configuration)


def draw_form(html: str, style: str, held: Mapping[str, tuple[bytes, str]]) -> bytes:
    """The PDF of a page with a style of its own, in the faces of the office; its images are those of `held`.

    Raises RuntimeError when it refers to anything else.
    """
    weasyprint, configuration, _style = engine_parts()
    from weasyprint.urls import FatalURLFetchingError

    try:
        page = weasyprint.HTML(string=html, url_fetcher=fetcher(held), base_url="gw:/")
        sheet = weasyprint.CSS(string=style, font_config=configuration)
        identifier = sha256((html + style).encode()).digest()[:16]
        return page.write_pdf(stylesheets=[sheet], font_config=configuration, pdf_identifier=identifier)
    except FatalURLFetchingError as error:  # a BaseException in WeasyPrint
        raise RuntimeError(str(error)) from error


def assets(paper: Paper, images: Mapping[str, bytes]) -> dict[str, tuple[bytes, str]]:
    """Everything the page may refer to: name → (content, media type)."""
    held = {name: checked_image(name, images) for name in drawn_images(paper)}
    if not paper.seal:
        return held
    for at, unit in enumerate(paper.signature_units):
        held[f"seal/{at}"] = seal_asset(paper, at, unit, images)
    return held


def drawn_images(paper: Paper) -> list[str]:
    """The names of the files that image blocks refer to."""
    bodies = [paper.body, *(attachment.body for attachment in paper.attachments)]
    return [block.file for body in bodies for block in body if block.type == "image"]


def seal_asset(paper: Paper, at: int, unit: str, images: Mapping[str, bytes]) -> tuple[bytes, str]:
    if paper.seal is True:
        return sample_seal(unit), "image/svg+xml"
    if not isinstance(paper.seal, tuple) or at >= len(paper.seal):
        raise ValueError(f"署名有{len(paper.signature_units)}个，印章图片不足，请逐个提供。")
    return checked_image(paper.seal[at], images)


def checked_image(name: str, images: Mapping[str, bytes]) -> tuple[bytes, str]:
    """An image that is what it says and small enough to draw."""
    from PIL import Image, UnidentifiedImageError

    if name not in images:
        raise ValueError(f"缺少图片“{name}”，请与公文一并提供。")
    try:
        with Image.open(io.BytesIO(images[name]), formats=IMAGE_FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ValueError(f"图片“{name}”过大（{picture.width}×{picture.height}），请缩小后再用。")
            return images[name], f"image/{str(picture.format).lower()}"
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError) as error:
        raise ValueError(f"图片“{name}”不是可用的 PNG 或 JPEG，请另存后再用。") from error


def fetcher(held: Mapping[str, tuple[bytes, str]]) -> Any:
    """WeasyPrint's only source: what we hold in memory. Everything else is refused, whatever its address."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Held(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            from urllib.parse import unquote

            name = unquote(url.removeprefix("gw:"))
            if not url.startswith("gw:") or name not in held:
                raise FatalURLFetchingError(f"公文排版不得读取外部资源：{url[:80]}")
            content, media = held[name]
            return URLFetcherResponse(url, body=content, headers={"Content-Type": media})

    return Held(allowed_protocols=("gw",))


@contextmanager
def opened(pdf: bytes) -> Iterator[Any]:
    """A PDF in PDFium, which is not made for threads: callers in a threaded process take turns."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def page_count(pdf: bytes) -> int:
    with opened(pdf) as document:
        return len(document)


def page_texts(pdf: bytes) -> list[str]:
    """What each page says."""
    with opened(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


def one_page_png(pdf: bytes, number: int, dpi: int = 110) -> bytes:
    """Page `number`, from 1, as a PNG, for screens that cannot show a PDF. Raises ValueError when there is none."""
    with opened(pdf) as document:
        if not 1 <= number <= len(document):
            raise ValueError(f"没有第{number}页，共{len(document)}页。")
        return page_png(document[number - 1], dpi)


def pages_png(pdf: bytes, dpi: int = 110) -> list[bytes]:
    """Every page as a PNG."""
    with opened(pdf) as document:
        return [page_png(page, dpi) for page in document]


def page_png(page: Any, dpi: int) -> bytes:
    out = io.BytesIO()
    page.render(scale=dpi / 72).to_pil().convert("RGB").save(out, "PNG")
    return out.getvalue()


def engine() -> dict[str, str]:
    """The versions a PDF's bytes depend on, to be stored beside its hash."""
    weasyprint, _, _ = engine_parts()
    from weasyprint.text.ffi import pango

    number = pango.pango_version()
    roles = (*fonts.CHAINS, fonts.FALLBACK)
    used = {role: fonts.face(role) for role in roles}
    return {
        "weasyprint": weasyprint.__version__,
        "pango": f"{number // 10000}.{number // 100 % 100}.{number % 100}",
        **{role: f"{face.family} {face.revision}" for role, face in used.items()},
    }
