"""The archive copy: PDF/A-3 with the paper's data inside, the pages as they were."""

import io
import json

import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1

from documents.interchange import load, parse
from documents.paper.measure import measure
from documents.paper.process import desk, render_safely
from documents.paper.render import archive_copy, pages_png, render
from tests.documents.paper.samples import paper, raw


@pytest.fixture
def copy():
    return archive_copy(paper())


def catalog(pdf):
    return PDFDocument(PDFParser(io.BytesIO(pdf))).catalog


def inside(pdf) -> dict[str, bytes]:
    document = pypdfium2.PdfDocument(pdf)
    held = [document.get_attachment(at) for at in range(document.count_attachments())]
    return {one.get_name(): bytes(one.get_data()) for one in held}


def test_it_says_that_it_is_pdf_a_3_and_brings_its_colours_and_faces(copy):
    found = catalog(copy)
    metadata = resolve1(found["Metadata"]).get_data().decode()
    assert 'pdfaid:part="3" pdfaid:conformance="U"' in metadata
    assert str(resolve1(found["OutputIntents"][0])["S"]).strip("/'") == "GTS_PDFA1"
    assert {check.id: check.ok for check in measure(copy).checks}["fonts.embedded"]


def test_the_paper_reads_back_from_it(copy):
    held = inside(copy)
    assert list(held) == ["document.json"]
    assert load(held["document.json"]) == paper()
    relation = {str(resolve1(one)["AFRelationship"]).strip("/'") for one in resolve1(catalog(copy)["AF"])}
    assert relation == {"Source"}


def test_its_pages_are_those_of_the_original_and_measure_as_well(copy):
    assert pages_png(copy, 60) == pages_png(render(paper()), 60)
    assert measure(copy).ok


def test_the_same_paper_gives_the_same_archive_copy(copy):
    assert archive_copy(parse(raw())) == copy
    assert render_safely(paper(), archive=True) == copy


def test_the_command_makes_one(tmp_path):
    file, out = tmp_path / "paper.json", tmp_path / "out.pdf"
    file.write_text(json.dumps(raw(), ensure_ascii=False), "utf-8")
    call_command("render_document", str(file), "-o", str(out), "--archive")
    desk.close()
    assert load(inside(out.read_bytes())["document.json"]) == paper()
    with pytest.raises(CommandError, match="底纹"):
        call_command("render_document", str(file), "-o", str(out), "--archive", "--draft", "送审稿")
