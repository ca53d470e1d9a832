from documents.models.archive import ArchivalItem, ArchivedFile, LeftOut, Retention, RetentionRule
from documents.models.disclosure import DisclosureRecord, DisclosureReview
from documents.models.distribution import Addressee, Distribution, Receipt
from documents.models.document import Attached, Document
from documents.models.grants import DocumentGroupGrant, DocumentUserGrant
from documents.models.numbering import NumberEntry, NumberYear, Series
from documents.models.printing import Rendition
from documents.models.transfer import Appraisal, DestructionRegister, Package, PackedItem

__all__ = [
    "Addressee",
    "Appraisal",
    "ArchivalItem",
    "ArchivedFile",
    "Attached",
    "DestructionRegister",
    "DisclosureRecord",
    "DisclosureReview",
    "Distribution",
    "Document",
    "DocumentGroupGrant",
    "DocumentUserGrant",
    "LeftOut",
    "NumberEntry",
    "NumberYear",
    "Package",
    "PackedItem",
    "Receipt",
    "Rendition",
    "Retention",
    "RetentionRule",
    "Series",
]
