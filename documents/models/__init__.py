from documents.models.archive import ArchivalItem
from documents.models.circulation import Circulation, Hop, Proposal
from documents.models.distribution import Addressee, Distribution, Receipt
from documents.models.document import Attached, Document
from documents.models.grants import (
    DocumentGroupGrant,
    DocumentUserGrant,
    IncomingGroupGrant,
    IncomingUserGrant,
)
from documents.models.handling import Assignment, Extension, IncomingNote, IncomingReply
from documents.models.incoming import Incoming, IncomingFile, IncomingYear
from documents.models.numbering import NumberEntry, NumberYear, Series
from documents.models.printing import Rendition

__all__ = [
    "Addressee",
    "ArchivalItem",
    "Assignment",
    "Attached",
    "Circulation",
    "Distribution",
    "Document",
    "DocumentGroupGrant",
    "DocumentUserGrant",
    "Extension",
    "Hop",
    "Incoming",
    "IncomingFile",
    "IncomingGroupGrant",
    "IncomingNote",
    "IncomingReply",
    "IncomingUserGrant",
    "IncomingYear",
    "NumberEntry",
    "NumberYear",
    "Proposal",
    "Receipt",
    "Rendition",
    "Series",
]
