from documents.models.archive import ArchivalItem
from documents.models.distribution import Addressee, Distribution, Receipt
from documents.models.document import Attached, Document
from documents.models.grants import DocumentGroupGrant, DocumentUserGrant
from documents.models.numbering import NumberEntry, NumberYear, Reservation, Series
from documents.models.printing import Rendition

__all__ = [
    "Addressee",
    "ArchivalItem",
    "Attached",
    "Distribution",
    "Document",
    "DocumentGroupGrant",
    "DocumentUserGrant",
    "NumberEntry",
    "NumberYear",
    "Receipt",
    "Rendition",
    "Reservation",
    "Series",
]
