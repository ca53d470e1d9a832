"""The register as Excel: dates are dates, the head stays, every column can be filtered."""

from io import BytesIO
from zipfile import ZipFile

from django.urls import reverse

from tests.documents.lists.test_queries import sent


def test_the_export_holds_dates_as_dates_and_can_be_filtered(cast, now, client):
    sent(cast, now)
    client.force_login(cast.rechecker)
    answer = client.get(reverse("documents:export_register"), {"year": str(now.year)})
    sheet = ZipFile(BytesIO(b"".join(answer.streaming_content))).read("xl/worksheets/sheet1.xml").decode()
    cell = sheet.partition('<c r="G2"')[2].partition("</c>")[0]
    assert ('t="' not in cell, "<v>" in cell, "<autoFilter" in sheet, 'state="frozen"' in sheet) == (True,) * 4
