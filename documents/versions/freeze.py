"""A paper as one frozen JSON value: text, attachments with the hashes of their files, and the office's facts of it."""

from documents.interchange import Paper, content_hash, dump, parse
from documents.models import Document

GIVEN_ANEW = ("document_number", "date_of_document", "printing_date", "copy_number", "signers")  # never the drafter's


def frozen(document: Document) -> dict:
    """What a version keeps. Raises `Refused` while the draft is no complete paper."""
    files = [
        {"title": one.title, "name": one.stored.name, "size": one.stored.size, "sha256": one.stored.sha256}
        for one in document.attached.select_related("stored")
        if one.stored_id
    ]
    return {"paper": said(document.paper()), "facts": facts_of(document), "files": files}


def said(paper: Paper) -> dict:
    """The paper as data, without what numbering and printing add to it."""
    return {name: value for name, value in dump(paper).items() if name not in GIVEN_ANEW}


def facts_of(document: Document) -> dict:
    """What the office knows of a paper beside its text; what says nothing is left out."""
    facts = {name: True for name in Document.OFFICE_FACTS if name != "amount" and getattr(document, name)}
    if document.amount is not None:
        facts["amount"] = f"{document.amount.normalize():f}"
    return facts


def thawed(content: dict) -> Paper:
    """The paper of a version, as it can be read and drawn."""
    return parse(content["paper"])


def hash_of(content: dict) -> str:
    """The content hash that a version's own content gives."""
    return content_hash(thawed(content))
