from documents.models.archive import ArchivalItem
from documents.models.certificate import ServiceCertificate
from documents.models.copies import Copy, CopyRun
from documents.models.distribution import Addressee, Distribution, Receipt
from documents.models.document import Attached, Document
from documents.models.grants import DocumentGroupGrant, DocumentUserGrant
from documents.models.numbering import NumberEntry, NumberYear, Series
from documents.models.printing import Rendition
from documents.models.recall import Recall, Return
from documents.models.scope import InScope, SendingList, Widening

__all__ = [
    "Addressee",
    "ArchivalItem",
    "Attached",
    "Copy",
    "CopyRun",
    "Distribution",
    "Document",
    "DocumentGroupGrant",
    "DocumentUserGrant",
    "InScope",
    "NumberEntry",
    "NumberYear",
    "Recall",
    "Receipt",
    "Rendition",
    "Return",
    "SendingList",
    "Series",
    "ServiceCertificate",
    "Widening",
]
