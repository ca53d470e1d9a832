from documents.models.annulment import Annulment
from documents.models.archive import ArchivalItem
from documents.models.consultation import (
    Concern,
    Consultation,
    ConsultationFile,
    Consulted,
    ConsultedGroupGrant,
    ConsultedUserGrant,
    Outcome,
)
from documents.models.distribution import Addressee, Distribution, Receipt
from documents.models.document import Attached, Document
from documents.models.grants import DocumentGroupGrant, DocumentUserGrant
from documents.models.numbering import NumberEntry, NumberYear, Reservation, Series
from documents.models.printing import Rendition
from documents.models.version import Look, Version
from documents.models.transmission import ReplyTie, Transmission

__all__ = [
    "Addressee",
    "Annulment",
    "ArchivalItem",
    "Attached",
    "Concern",
    "Consultation",
    "ConsultationFile",
    "Consulted",
    "ConsultedGroupGrant",
    "ConsultedUserGrant",
    "Distribution",
    "Document",
    "DocumentGroupGrant",
    "DocumentUserGrant",
    "Look",
    "NumberEntry",
    "NumberYear",
    "Outcome",
    "Receipt",
    "Rendition",
    "Reservation",
    "ReplyTie",
    "Series",
    "Version",
    "Transmission",
]
