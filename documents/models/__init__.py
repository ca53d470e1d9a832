from documents.models.annulment import Annulment
from documents.models.archive import ArchivalItem, ArchivedFile, LeftOut, Retention, RetentionRule
from documents.models.certificate import ServiceCertificate
from documents.models.circulation import Circulation, Hop, Proposal
from documents.models.consultation import (
    Concern,
    Consultation,
    ConsultationFile,
    Consulted,
    ConsultedGroupGrant,
    ConsultedUserGrant,
    Outcome,
)
from documents.models.copies import Copy, CopyRun
from documents.models.disclosure import DisclosureRecord, DisclosureReview
from documents.models.distribution import Addressee, Distribution, Receipt
from documents.models.document import Attached, Document
from documents.models.duties import Rehanding
from documents.models.grants import (
    DocumentGroupGrant,
    DocumentUserGrant,
    IncomingGroupGrant,
    IncomingUserGrant,
)
from documents.models.handling import Assignment, Extension, IncomingNote, IncomingReply
from documents.models.incoming import Incoming, IncomingFile, IncomingYear
from documents.models.numbering import NumberEntry, NumberYear, Reservation, Series
from documents.models.printing import Rendition
from documents.models.recall import Recall, Return
from documents.models.scope import InScope, SendingList, Widening
from documents.models.stock import StockText, Template
from documents.models.transfer import Appraisal, DestructionRegister, Package, PackedItem
from documents.models.transmission import ReplyTie, Transmission
from documents.models.unsaved import Unsaved
from documents.models.version import Look, Version
from documents.models.word import Picture, WordImport

__all__ = [
    "Addressee",
    "Annulment",
    "Appraisal",
    "ArchivalItem",
    "ArchivedFile",
    "Assignment",
    "Attached",
    "Circulation",
    "Concern",
    "Consultation",
    "ConsultationFile",
    "Consulted",
    "ConsultedGroupGrant",
    "ConsultedUserGrant",
    "Copy",
    "CopyRun",
    "DestructionRegister",
    "DisclosureRecord",
    "DisclosureReview",
    "Distribution",
    "Document",
    "DocumentGroupGrant",
    "DocumentUserGrant",
    "Extension",
    "Hop",
    "InScope",
    "Incoming",
    "IncomingFile",
    "IncomingGroupGrant",
    "IncomingNote",
    "IncomingReply",
    "IncomingUserGrant",
    "IncomingYear",
    "LeftOut",
    "Look",
    "NumberEntry",
    "NumberYear",
    "Outcome",
    "Package",
    "PackedItem",
    "Picture",
    "Proposal",
    "Recall",
    "Receipt",
    "Rehanding",
    "Rendition",
    "ReplyTie",
    "Reservation",
    "Retention",
    "RetentionRule",
    "Return",
    "SendingList",
    "Series",
    "ServiceCertificate",
    "StockText",
    "Template",
    "Transmission",
    "Unsaved",
    "Version",
    "Widening",
    "WordImport",
]
