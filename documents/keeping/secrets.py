"""R41 at the paper's own door: whatever way a draft comes in, one that bears a secret mark is not kept."""

from collections.abc import Iterable

from documents.strict import FieldError, Refused
from officehub.secrecy import REFUSAL, is_refused


def refuse_secrets(fields: dict, attachments: Iterable[tuple[str, str]] = ()) -> None:
    """Raises `Refused`, naming the fields, when a text of the paper bears a mark (保密法 第三十一条(三))."""
    marked = [name for name, value in fields.items() if any(is_refused(text) for text in texts_in(value))]
    marked += [f"attachments[{at}]" for at, pair in enumerate(attachments) if any(map(is_refused, pair))]
    if marked:
        raise Refused([FieldError(name, str(REFUSAL)) for name in marked])


def texts_in(value) -> Iterable[str]:
    """Every text in a value of the interchange format."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts_in(part)]
    if isinstance(value, (list, tuple)):
        return [text for part in value for text in texts_in(part)]
    return []
