"""An official document as data: what is imported, checked, rendered, exported and frozen at sign-off.

`Paper` is immutable and complete: every default of the format is filled in when it is made by `parse`.
Whether a paper follows the rules of the office is not asked here but in `documents.rules`.
"""

import json
from dataclasses import fields
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from documents.elements import (
    CLASSIFICATIONS,
    DIRECTIONS,
    DISCLOSURES,
    KINDS,
    LAYOUTS,
    URGENCIES,
    Attachment,
    Block,
    Paper,
)
from documents.reading import BLOCK_KEYS, parse
from documents.strict import FieldError, Refused

__all__ = [
    "CLASSIFICATIONS",
    "DIRECTIONS",
    "DISCLOSURES",
    "KINDS",
    "LAYOUTS",
    "URGENCIES",
    "Attachment",
    "Block",
    "FieldError",
    "Paper",
    "Refused",
    "content_hash",
    "dump",
    "load",
    "parse",
]

MAX_FILE = 4 * 1024 * 1024  # bytes
FILLED_LATER = frozenset(  # by numbering, sealing and printing, after the signer has seen the paper
    ("document_number", "date_of_document", "seal", "copy_number", "printing_date", "print_run", "signers")
)


def load(source: Path | str | bytes, accredited: bool = False) -> Paper:
    """The paper in a file (`Path`) or in JSON text. Raises `Refused`; `OSError` when the file cannot be read."""
    return parse(decode(read_limited(source)), accredited)


def read_limited(source: Path | str | bytes) -> bytes:
    if isinstance(source, Path):
        with source.open("rb") as file:
            content = file.read(MAX_FILE + 1)
    else:
        content = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    if len(content) > MAX_FILE:
        raise Refused([FieldError("文件", f"文件超过{MAX_FILE // 1024 // 1024} MB，请把大的附件改为单独的文件。")])
    return content


def decode(content: bytes, first: int = 1) -> Any:
    """JSON in UTF-8, read safely: no duplicate keys, no NaN, no bottomless nesting. Its lines count from `first`."""
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=unique_keys, parse_constant=refuse_constant)
    except UnicodeDecodeError as error:
        raise Refused(
            [FieldError("文件", f"不是 UTF-8 文字（第{error.start + 1}字节起），请另存为 UTF-8。")]
        ) from error
    except json.JSONDecodeError as error:
        where = f"第{error.lineno + first - 1}行第{error.colno}字"
        raise Refused([FieldError("文件", f"不是完整的 JSON：{where}处有误，请检查括号、引号和逗号。")]) from error
    except (RecursionError, ValueError) as error:  # ValueError: an integer of thousands of digits
        raise Refused([FieldError("文件", "嵌套过深或数字过长，不是本格式的公文。")]) from error


def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Refused([FieldError(key[:40], "这个字段写了两次，请只留一处。")])
        found[key] = value
    return found


def refuse_constant(name: str) -> Any:
    raise Refused([FieldError("文件", f"含有 {name}，不是合法的数值。")])


def dump(paper: Paper) -> dict[str, Any]:
    """The paper as JSON values; `parse(dump(paper)) == paper`."""
    found = {entry.name: plain(getattr(paper, entry.name)) for entry in fields(paper)}
    kept = {name: value for name, value in found.items() if value not in ("", [], {}, None)}
    always = {"body": found["body"], "signature_units": found["signature_units"], "seal": found["seal"]}
    return {**kept, **always}


def plain(value: Any) -> Any:
    if isinstance(value, Block):
        return {key: plain(getattr(value, key)) for key in BLOCK_KEYS[value.type]}
    if isinstance(value, Attachment):
        return {key: plain(part) for key, part in vars(value).items() if part or key == "title"}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def content_hash(paper: Paper) -> str:
    """SHA-256 in hex of what a signer sees: all but the number, date, seal and print marks added afterwards."""
    seen = {name: value for name, value in dump(paper).items() if name not in FILLED_LATER}
    canonical = json.dumps(seen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()
