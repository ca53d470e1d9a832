from documents.models.archive import ArchivalItem
from documents.models.distribution import Addressee, Distribution, Receipt
from documents.models.document import Attached, Document
from documents.models.grants import DocumentGroupGrant, DocumentUserGrant
from documents.models.numbering import NumberEntry, NumberYear, Series
from documents.models.printing import Rendition
from documents.models.stock import StockText, Template
from documents.models.unsaved import Unsaved
from documents.models.word import Picture, WordImport

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
    "Picture",
    "Receipt",
    "Rendition",
    "Series",
    "StockText",
    "Template",
    "Unsaved",
    "WordImport",
]
