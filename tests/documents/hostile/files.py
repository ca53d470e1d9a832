"""Hostile files, made here: archives that grow, climb or lie, XML that reaches out, files that are two things."""

import io
import zipfile

from PIL import Image

from tests.documents.test_docx import TYPES, WORD, package, paragraph

DOCUMENT = f"<w:document xmlns:w='{WORD}'><w:body>{paragraph('正文')}</w:body></w:document>"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "哈"}">' for n in range(9))
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def archive(*members, method=zipfile.ZIP_DEFLATED):
    """A zip of (name, content) pairs, as they are."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as writer:
        for name, content in members:
            writer.writestr(name, content)
    return file.getvalue()


TEXT = paragraph("正文")


def word(prolog="", body=TEXT, *more):
    main = f"{prolog}<w:document xmlns:w='{WORD}'><w:body>{body}</w:body></w:document>"
    return archive(("[Content_Types].xml", TYPES), ("word/document.xml", main), *more)


def drawn(form):
    """A picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", (16, 16), "red").save(file, form)
    return file.getvalue()


def pointing_out(kind, target):
    relation = f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
    return f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>'


def nested(depth):
    return "<w:tbl><w:tr><w:tc>" * depth + paragraph("底") + "</w:tc></w:tr></w:tbl>" * depth


NOT_TAKEN = {  # refused at every door, whatever they are called
    "slip.docx": archive(("[Content_Types].xml", TYPES), ("word/document.xml", DOCUMENT), ("../../etc/cron", "x")),
    "slip_back.docx": archive(("[Content_Types].xml", TYPES), ("word/document.xml", DOCUMENT), ("..\\a", "x")),
    "many.docx": archive(*((f"{n}.txt", "") for n in range(20_000)), method=zipfile.ZIP_STORED),
    "grows.docx": word("", paragraph("甲"), ("word/media/a.bin", b"\0" * 40_000_000)),
    "laughs.docx": word(f"<!DOCTYPE a [{LAUGHS}]>", "<w:p><w:r><w:t>&l8;</w:t></w:r></w:p>"),
    "reads.docx": word('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', paragraph("&x;")),
    "dtd.docx": word('<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd">'),
    "macro.docx": word("", paragraph("甲"), ("word/vbaProject.bin", "x")),
    "cut.docx": word()[:-40],
    "page.docx": b"<html><script>alert(1)</script>",
    "page.pdf": b"<!doctype html><script>alert(1)</script>%PDF-1.7",
    "page.jpg": b"\xff\xd8\xff/*<html><script>alert(1)</script>*/",
    "page.png": b"GIF89a<script>alert(1)</script>",
    "draw.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "page.html": b"<script>alert(1)</script>",
    "xsl.xml": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
}
POINTING = {  # refused as files that others would open; read as drafts without following them
    "template.docx": word("", paragraph("正文"), (
        "word/_rels/settings.xml.rels", pointing_out("attachedTemplate", "http://127.0.0.1:1/a.dotm"))),
    "image.docx": word("", paragraph("正文"), (
        "word/_rels/document.xml.rels", pointing_out("image", "file://///127.0.0.1/a.png"))),
}  # fmt: skip
HEAVY = {  # well-formed, and much too much
    "nested.docx": package(nested(400)),
    "attributes.docx": word("", f'<w:p w:rsidR="{"a1" * 2_000_000}"><w:r><w:t>甲</w:t></w:r></w:p>'),
    "paragraphs.docx": word("", "".join(paragraph(f"第{n}段") for n in range(40_000))),
    "columns.docx": word("", f"<w:tbl>{'<w:tr>' + '<w:tc><w:p/></w:tc>' * 2_000 + '</w:tr>'}</w:tbl>"),
}
TWO_THINGS = {  # a picture and a page at once: kept, shown as pixels, handed out as what they are and nothing else
    "both.jpg": drawn("JPEG") + b"<html><script>alert(1)</script>",
    "both.pdf": b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF",
    "both.txt": b"<html><script>alert(1)</script></html>",
}
NAMES = [  # what a browser may send as the name of a file
    "../../etc/passwd.pdf", "..\\..\\windows\\win.pdf", "附件\u202excod.pdf", "CON.pdf", "甲\x00乙.pdf", "<script>.pdf",
    "o'brien.pdf", '"引号".pdf', "%2e%2e%2fx.pdf", "；rm -rf ／.pdf", "长" * 400 + ".pdf", "👍𠮷.pdf", " .pdf", ".pdf",
]  # fmt: skip
