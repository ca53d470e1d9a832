"""Drafts typed in Word: read in a process apart, turned into a draft here, with an account of what was not understood.

What is fixed later (number, date, signers, seal) is not taken over but told; the system sets it anew.
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from documents.apart import Unreadable, ask
from documents.interchange import DISCLOSURES, KINDS, LAYOUTS, Refused, parse
from documents.keeping.secrets import texts_in
from documents.reading import DIRECTION_OF, MAX_ATTACHMENTS, MAX_BODY, MAX_LINE, MAX_TITLE, goes
from documents.strict import unprintable
from officehub.files.check import OFFICE_XML, clean_name
from officehub.files.marks import bears_mark
from officehub.secrecy import REFUSAL, is_refused

LONGEST_ATTACHED = 120  # characters of an attachment's title
OLD = (".doc", ".wps", ".wpt", ".rtf", ".dot")
MACROS = (".docm", ".dotm")
SET_ANEW = {  # not taken over: what the system gives by itself
    "document_number": "发文字号", "date_of_document": "成文日期", "signers": "签发人", "copy_number": "份号",
    "printing_date": "印发日期", "seal": "印章",
}  # fmt: skip
LIMITS = {"title": MAX_TITLE, "primary_recipients": MAX_LINE, "remarks": MAX_LINE, "cc_recipients": MAX_LINE,
          "printing_office": 60, "in_reply_to": 60, "disclosure_reason": 200}  # fmt: skip
LABELS = {"title": "标题", "primary_recipients": "主送机关", "remarks": "附注", "cc_recipients": "抄送机关",
          "printing_office": "印发机关", "in_reply_to": "所答复来文的字号",
          "disclosure_reason": "不予公开的理由"}  # fmt: skip


@dataclass(frozen=True)
class Read:
    """A .docx as it was read: the fields of a draft, its attachments with text, its pictures, and what to tell."""

    name: str
    sha256: str
    fields: dict[str, Any]
    attachments: list[dict[str, str]]
    notes: list[dict[str, Any]]
    pictures: dict[str, bytes]
    came_with: dict[str, Any]


def read(upload, organ) -> Read:
    """Read an upload for a draft of `organ`. Raises `Unreadable` (or `Busy`), whose message is for the sender."""
    name = clean_name(upload.name or "")
    refuse_name(name, upload.size)
    content = upload.read()
    found = ask("draft", content)
    refuse_secret(upload, name, found)
    kept = {held["name"]: base64.b64decode(held["content"]) for held in found["pictures"]}
    notes = list(found["notes"])
    raw = printable(found["raw"], notes)
    came_with = {key: raw.pop(key) for key in SET_ANEW if raw.get(key)}
    if came_with:
        values = [f"{SET_ANEW[key]}：{shown(value)}" for key, value in came_with.items()]
        notes.append(
            note("anew", "由系统编排，未取入：" + "、".join(SET_ANEW[key] for key in came_with) + "。", values)
        )
    attachments = attached(raw.pop("attachments", []), notes)
    fields = fitted(raw, organ, notes)
    notes += open_questions({**fields, **({"attachments": attachments} if attachments else {})})
    digest = hashlib.sha256(content).hexdigest()
    return Read(name, digest, fields, attachments, notes, kept, came_with)


def refuse_secret(upload, name: str, found: dict[str, Any]) -> None:
    """R41: nothing of a file that bears a secret mark, in what was read of it or elsewhere in it, is kept.

    Raises `Unreadable`; what was read has passed the guard of zips.
    """
    if settings.CLASSIFIED_ENABLED:
        return
    if found["raw"].get("security_classification") or any(map(is_refused, texts_in([found["raw"], found["notes"]]))):
        raise Unreadable(gettext("文稿标有密级。本系统为非涉密系统，不得录入涉密公文，请按保密规定办理。"))
    if bears_mark(upload, name, OFFICE_XML["docx"][1]):
        raise Unreadable(str(REFUSAL))


def refuse_name(name: str, size: int) -> None:
    """Raises `Unreadable` for what is no .docx by its name, is empty or too large."""
    lower = name.lower()
    if lower.endswith(OLD):
        raise Unreadable(gettext("“%(name)s”是旧格式，请在 Word 或 WPS 中另存为 .docx 后再上传。") % {"name": name})
    if lower.endswith(MACROS):
        raise Unreadable(gettext("“%(name)s”是带宏的文档，不予打开；请另存为不含宏的 .docx。") % {"name": name})
    if not lower.endswith(".docx"):
        raise Unreadable(gettext("“%(name)s”：只能导入 .docx 文件。") % {"name": name})
    if not size:
        raise Unreadable(gettext("“%(name)s”是空文件。") % {"name": name})
    if size > settings.ATTACHMENT_MAX_BYTES:
        raise Unreadable(
            gettext("“%(name)s”超过 %(most)s MB。")
            % {"name": name, "most": settings.ATTACHMENT_MAX_BYTES // 1024 // 1024}
        )


def note(name: str, sentence: str, samples=()) -> dict[str, Any]:
    return {"name": name, "sentence": sentence, "samples": list(samples)}


def shown(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def printable(value: Any, notes: list) -> Any:
    """The value without characters that no paper can bear; how many there were is told."""
    gone = [0]

    def cleaned(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: cleaned(inner) for key, inner in part.items()}
        if isinstance(part, list):
            return [cleaned(inner) for inner in part]
        if not isinstance(part, str) or not unprintable(part.replace("\n", "").replace("\t", "")):
            return part
        kept = "".join(char for char in part if char in "\n\t" or not unprintable(char))
        gone[0] += len(part) - len(kept)
        return kept

    result = cleaned(value)
    if gone[0]:
        notes.append(note("unprintable", f"有{gone[0]}个不能印刷的字符已删去。"))
    return result


def attached(found: list[dict[str, str]], notes: list) -> list[dict[str, str]]:
    """The attachments, their titles of a length that can be kept; those without text are told."""
    if len(found) > MAX_ATTACHMENTS:
        raise Unreadable(gettext("附件超过%(most)s个，请合并后再导入。") % {"most": MAX_ATTACHMENTS})
    if any(len(one.get("body", "")) > MAX_BODY for one in found):
        raise Unreadable(gettext("附件正文最多%(most)s字，请改为单独的文件。") % {"most": MAX_BODY})
    long = [one["title"] for one in found if len(one["title"]) > LONGEST_ATTACHED]
    if long:
        notes.append(note("cut", f"有{len(long)}个附件名称超过{LONGEST_ATTACHED}字，已截短。", [x[:200] for x in long]))
    empty = [one["title"] for one in found if not one.get("body")]
    if empty:
        notes.append(note("file_wanted", f"有{len(empty)}个附件只有名称，请在“附件”处上传文件。", empty))
    return [{"title": one["title"][:LONGEST_ATTACHED] or "附件", "body": one.get("body", "")} for one in found]


def fitted(raw: dict[str, Any], organ, notes: list) -> dict[str, Any]:
    """The fields of a draft of this organ: what the file merely claims is held to the lists of the format."""
    fields = {**raw, "kind": raw.get("kind") if raw.get("kind") in KINDS else "通知"}
    for name, allowed in (("layout", LAYOUTS), ("disclosure", DISCLOSURES)):
        if fields.get(name) not in allowed:
            fields.pop(name, None)
    direction = fields.get("direction", "")
    usual = DIRECTION_OF.get(fields["kind"], "downward")
    if (
        direction == usual
        or direction not in ("upward", "downward", "parallel", "public")
        or not goes(fields["kind"], direction)
    ):
        fields.pop("direction", None)
    for name, limit in LIMITS.items():
        if len(fields.get(name) or "") > limit:
            notes.append(note("cut", f"{LABELS[name]}超过{limit}字，已截短。", [fields[name][limit : limit + 120]]))
            fields[name] = fields[name][:limit]
    if len(fields.get("body", "")) > MAX_BODY:
        raise Unreadable(
            gettext("正文最多%(most)s字，现有%(count)s字；请把长表格改为单独的附件文件。")
            % {"most": MAX_BODY, "count": len(fields["body"])}
        )
    return {**fields, **issued_by(fields, organ, notes)}


def issued_by(fields: dict[str, Any], organ, notes: list) -> dict[str, Any]:
    """The organ chosen issues the paper; a joint one keeps its organs when that organ is among them."""
    named, units = list(fields.pop("issuers", [])), list(fields.pop("signature_units", []))
    masthead = fields.pop("masthead", "")
    if len(named) > 1 and organ.name in named:
        return {"issuers": named, "masthead": masthead} if masthead.startswith("、".join(named)) else {"issuers": named}
    strange = [name for name in dict.fromkeys([*named, *units]) if name not in (organ.name, organ.short_name)]
    if strange:
        notes.append(note("issuer", f"文稿的署名或标志与所选发文机关“{organ.name}”不同，已用所选机关。", strange))
    return {"issuers": [organ.name]}


def open_questions(fields: dict[str, Any]) -> list[dict[str, Any]]:
    """What the paper still lacks, in the words of the format; it is taken all the same, to be put right."""
    try:
        parse(fields)
    except Refused as refused:
        return [note("wanting", "还有需要补正的地方。", [error.message for error in refused.errors][:20])]
    return []
