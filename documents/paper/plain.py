"""A form or a list as a PDF: any page of ours in the office's faces, without the layout of an official document.

It fetches nothing and draws no paper; `process.draw_form_safely` runs it where it can be stopped.
"""

from hashlib import sha256
from pathlib import Path

from documents.paper.render import engine_parts, fetcher

STYLE = Path(__file__).with_name("form.css")


def draw_form(html: str) -> bytes:
    """The PDF of a whole HTML page of ours, by `form.css`; the same page gives the same bytes."""
    weasyprint, configuration, _papers = engine_parts()
    style = weasyprint.CSS(string=STYLE.read_text("utf-8"), font_config=configuration)
    page = weasyprint.HTML(string=html, url_fetcher=fetcher({}), base_url="gw:/")
    return page.render(stylesheets=[style], font_config=configuration).write_pdf(
        pdf_identifier=sha256(html.encode()).digest()[:16]
    )
