"""What a paper consists of: the immutable types the rest of the room works on.

Papers are made by `interchange.parse`, never by hand in running code; nothing is checked here.
"""

from dataclasses import dataclass, field
from datetime import date

KINDS = (  # 条例 第八条
    *("决议", "决定", "命令", "公报", "公告", "通告", "意见"),
    *("通知", "通报", "报告", "请示", "批复", "议案", "函", "纪要"),
)
LAYOUTS = ("general", "letter", "order", "minutes")  # GB/T 9704 7, 10.1, 10.2, 10.3
DIRECTIONS = ("upward", "downward", "parallel", "public")
URGENCIES = ("特急", "加急")  # 条例 第九条(三)
CLASSIFICATIONS = ("绝密", "机密", "秘密")
DISCLOSURES = ("主动公开", "依申请公开", "不予公开")


@dataclass(frozen=True)
class Block:
    """One piece of the body: a heading (level 1-4), a paragraph, a table or an image."""

    type: str  # heading | paragraph | table | image
    text: str = ""  # heading, paragraph: with its number, without its indent
    level: int = 0  # heading: 1-4; paragraph: that of the heading its first sentence is, else 0
    rows: tuple[tuple[str, ...], ...] = ()
    header: bool = False
    caption: str = ""
    file: str = ""


@dataclass(frozen=True)
class Attachment:
    """附件: its title, and either its own text or the name of a separate file."""

    title: str
    body: tuple[Block, ...] = ()
    file: str = ""


@dataclass(frozen=True)
class Paper:
    """One paper, complete; the fields are those of the interchange format."""

    kind: str
    issuers: tuple[str, ...]
    title: str = ""
    body: tuple[Block, ...] = ()
    layout: str = "general"
    direction: str = "downward"
    masthead: str = ""
    copy_number: str = ""
    security_classification: str = ""
    classification_period: str = ""
    urgency: str = ""
    document_number: str = ""
    signers: tuple[str, ...] = ()
    primary_recipients: str = ""  # as printed, without the closing colon
    attachments: tuple[Attachment, ...] = ()
    signature_units: tuple[str, ...] = ()
    date_of_document: date | None = None
    seal: bool | tuple[str, ...] = True
    signature_stamp: dict[str, str] = field(default_factory=dict)
    remarks: str = ""
    cc_recipients: str = ""  # as printed, without the closing full stop
    printing_office: str = ""
    printing_date: date | None = None
    print_run: int | None = None
    present: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    observers: tuple[str, ...] = ()
    disclosure: str = ""
    disclosure_reason: str = ""
    in_reply_to: str = ""
