from documents.models.annulment import Annulment
from documents.models.archive import ArchivalItem
from documents.models.certificate import ServiceCertificate
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
from documents.models.distribution import Addressee, Distribution, Receipt
from documents.models.document import Attached, Document
from documents.models.grants import DocumentGroupGrant, DocumentUserGrant
from documents.models.numbering import NumberEntry, NumberYear, Reservation, Series
from documents.models.printing import Rendition
from documents.models.recall import Recall, Return
from documents.models.scope import InScope, SendingList, Widening
from documents.models.transmission import ReplyTie, Transmission
from documents.models.version import Look, Version

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
    "Copy",
    "CopyRun",
    "Distribution",
    "Document",
    "DocumentGroupGrant",
    "DocumentUserGrant",
    "InScope",
    "Look",
    "NumberEntry",
    "NumberYear",
    "Outcome",
    "Recall",
    "Receipt",
    "Rendition",
    "ReplyTie",
    "Reservation",
    "Return",
    "SendingList",
    "Series",
    "ServiceCertificate",
    "Transmission",
    "Version",
    "Widening",
]
