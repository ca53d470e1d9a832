"""Nothing in the exported register is a formula or a link, whatever a title looks like."""

from io import BytesIO
from zipfile import ZipFile

from django.urls import reverse

from documents.models import Document
from tests.documents.lists.test_queries import sent


def test_a_title_that_looks_like_a_formula_stays_a_title(cast, now, client):
    sent(cast, now)
    Document.objects.update(title='=HYPERLINK("http://127.0.0.1:1/","点")')
    client.force_login(cast.rechecker)
    answer = client.get(reverse("documents:export_register"), {"year": str(now.year)})
    book = ZipFile(BytesIO(b"".join(answer.streaming_content)))
    sheet = book.read("xl/worksheets/sheet1.xml")
    assert (b"<f>" in sheet, b"<hyperlink" in sheet) == (False, False)
    assert b"=HYPERLINK(" in sheet
