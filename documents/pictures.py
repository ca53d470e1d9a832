"""Pictures in the text of papers: kept by the name of their content, handed to whoever draws the paper."""

from collections.abc import Mapping
from datetime import datetime

from django.core.files.base import ContentFile

from documents.interchange import Paper
from documents.models import Document, Picture
from documents.paper.render import drawn_images
from officehub.files.keep import keep


def held(document: Document, paper: Paper) -> dict[str, bytes]:
    """The pictures that the text of a paper shows and the document has, by name; a paper without any asks nobody."""
    names = drawn_images(paper)
    if not names:
        return {}
    found = Picture.objects.filter(document=document, name__in=names).select_related("stored")
    return {picture.name: content_of(picture) for picture in found}


def content_of(picture: Picture) -> bytes:
    with picture.stored.file.open("rb") as file:
        return file.read()


def add(document: Document, pictures: Mapping[str, bytes], *, by, now: datetime) -> None:
    """Keep pictures with a draft, each once. Raises ValidationError when one cannot be kept."""
    known = set(Picture.objects.filter(document=document).values_list("name", flat=True))
    for name, content in pictures.items():
        if name not in known:
            stored = keep(ContentFile(content, name), by=by, now=now)
            Picture.objects.create(document=document, name=name, stored=stored)
