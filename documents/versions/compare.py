"""Two versions of a paper compared: its elements in words, its text paragraph by paragraph, its attachments each.

Pure: it takes what `freeze` kept and says what changed; it neither reads the database nor judges (`substance.py` does).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from documents.elements import Attachment, Block, Paper
from documents.interchange import dump
from documents.versions.align import Pair, aligned, unnumbered
from documents.versions.freeze import GIVEN_ANEW, thawed
from documents.versions.letters import KEPT, Piece, pieces
from documents.versions.tables import Row, rows_of
from documents.versions.words import LABELS, in_words, parts_of

APART = ("body", "attachments", *GIVEN_ANEW)


@dataclass(frozen=True)
class FieldChange:
    """One element that changed: its name here, its label, what it said and says, in words."""

    name: str
    label: str
    old: str
    new: str
    came: tuple[str, ...] = ()  # of a list of organs: who was added, and who was taken out
    gone: tuple[str, ...] = ()

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        return pieces(self.old, self.new)


@dataclass(frozen=True)
class BlockChange:
    """One paragraph, heading, table or picture of both texts together.

    `sort`: kept, changed, gone, new, moved (here, from paragraph `other` of the old text) or left (for paragraph
    `other` of the new one). Places count from 1.
    """

    sort: str
    block: Block
    old: Block | None
    new: Block | None
    place: int
    other: int = 0
    level_changed: bool = False

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        return pieces(text_of(self.old), text_of(self.new))

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        tables = [one for one in (self.old, self.new) if one and one.type == "table"]
        return rows_of(tables[0], tables[-1]) if tables else ()


@dataclass(frozen=True)
class AttachmentChange:
    """One attachment: kept, changed, gone or new; `place` counts from 1 in the newer list it stands in."""

    sort: str
    place: int
    old: Attachment | None
    new: Attachment | None
    moved_from: int = 0
    file: str = ""  # the file that took the other's place, in words

    @cached_property
    def title(self) -> tuple[Piece, ...]:
        return pieces(self.old.title if self.old else "", self.new.title if self.new else "")

    @cached_property
    def blocks(self) -> tuple[BlockChange, ...]:
        return blocks_of(self.old.body if self.old else (), self.new.body if self.new else ())


@dataclass(frozen=True)
class Comparison:
    """Everything that differs between two versions, and the unchanged text around it."""

    fields: tuple[FieldChange, ...]
    blocks: tuple[BlockChange, ...]
    attachments: tuple[AttachmentChange, ...]

    @property
    def same(self) -> bool:
        return not (self.fields or self.changed_blocks or self.changed_attachments)

    @property
    def changed_blocks(self) -> list[BlockChange]:
        return [change for change in self.blocks if change.sort != KEPT]

    @property
    def changed_attachments(self) -> list[AttachmentChange]:
        return [change for change in self.attachments if change.sort != KEPT]

    def count(self, sort: str) -> int:
        """How many paragraphs changed in this way."""
        return sum(change.sort == sort for change in self.blocks)


def compare(old: dict, new: dict) -> Comparison:
    """What became of one version in another; either may be the older one."""
    before, after = thawed(old), thawed(new)
    return Comparison(
        tuple(_fields(before, after, old["facts"], new["facts"])),
        blocks_of(before.body, after.body),
        tuple(_attachments(before.attachments, after.attachments, _files(old), _files(new))),
    )


def _fields(before: Paper, after: Paper, facts: dict, new_facts: dict) -> Iterator[FieldChange]:
    old, new = {**dump(before), **facts}, {**dump(after), **new_facts}
    order = [*LABELS, *sorted((old.keys() | new.keys()) - LABELS.keys())]
    for name in order:
        if name not in APART and old.get(name) != new.get(name):
            yield _field(name, old.get(name), new.get(name))


def _field(name: str, old, new) -> FieldChange:
    was, is_now = parts_of(name, old), parts_of(name, new)
    came = tuple(one for one in is_now if one not in was)
    gone = tuple(one for one in was if one not in is_now)
    return FieldChange(name, str(LABELS.get(name, name)), in_words(name, old), in_words(name, new), came, gone)


# --- paragraphs --------------------------------------------------------------------------------------------------


def blocks_of(old: Sequence[Block], new: Sequence[Block]) -> tuple[BlockChange, ...]:
    pairs = aligned(old, new)
    went = {pair.old: pair.new for pair in pairs if pair.moved and pair.new is not None}
    return tuple(_block(pair, old, new, went) for pair in pairs)


def _block(pair: Pair, old: Sequence[Block], new: Sequence[Block], went: dict) -> BlockChange:
    before = old[pair.old] if pair.old is not None else None
    after = new[pair.new] if pair.new is not None else None
    if after is None:
        sort, other = ("left", went[pair.old] + 1) if pair.moved else ("gone", 0)
        return BlockChange(sort, before, before, None, pair.old + 1, other)
    if before is None:
        return BlockChange("new", after, None, after, pair.new + 1)
    sort = "moved" if pair.moved else KEPT if before == after else "changed"
    relevelled = (before.type, before.level) != (after.type, after.level)
    return BlockChange(sort, after, before, after, pair.new + 1, pair.old + 1, relevelled)


def text_of(block: Block | None) -> str:
    """What a block says, in one line; a table's cells are compared by themselves."""
    if block is None:
        return ""
    return block.caption if block.type in ("table", "image") else block.text


def said_without_number(block: Block | None) -> str:
    return unnumbered(text_of(block))


# --- attachments -------------------------------------------------------------------------------------------------


def _files(content: dict) -> dict[str, dict]:
    """Attached files by the name they have in the interchange form."""
    return {f"{one['sha256'][:16]}.{one['name'].rpartition('.')[2].lower()}": one for one in content["files"]}


def _attachments(
    old: Sequence[Attachment], new: Sequence[Attachment], files: dict, new_files: dict
) -> Iterator[AttachmentChange]:
    to = _counterparts(old, new)
    for at, attachment in enumerate(old):
        if at not in to:
            yield AttachmentChange("gone", at + 1, attachment, None)
    come_from = {j: i for i, j in to.items()}
    for at, attachment in enumerate(new):
        if at not in come_from:
            yield AttachmentChange("new", at + 1, None, attachment)
            continue
        before = old[come_from[at]]
        moved = come_from[at] + 1 if _overtook(at, come_from) else 0
        sort = KEPT if before == attachment and not moved else "changed"
        yield AttachmentChange(sort, at + 1, before, attachment, moved, _replaced(before, attachment, files, new_files))


def _counterparts(old: Sequence[Attachment], new: Sequence[Attachment]) -> dict[int, int]:
    """Which attachment became which: by title, else by content, else by its place."""
    to: dict[int, int] = {}
    likenesses = (
        lambda i, j: old[i].title == new[j].title,
        lambda i, j: (old[i].body, old[i].file) == (new[j].body, new[j].file),
        lambda i, j: i == j,
    )
    for alike in likenesses:
        for i in range(len(old)):
            free = (j for j in range(len(new)) if j not in to.values() and alike(i, j))
            found = next(free, None) if i not in to else None
            if found is not None:
                to[i] = found
    return to


def _overtook(at: int, come_from: dict[int, int]) -> bool:
    """Whether an attachment stands before, or after, another it stood after, or before."""
    order = [come_from[j] for j in sorted(come_from)]
    if all(left < right for left, right in pairwise(order)):
        return False
    return sorted(order).index(come_from[at]) != order.index(come_from[at])


def _replaced(old: Attachment, new: Attachment, files: dict, new_files: dict) -> str:
    if old.file == new.file:
        return ""
    return " → ".join(_file_said(name, held) for name, held in ((old.file, files), (new.file, new_files)))


def _file_said(name: str, held: dict) -> str:
    one = held.get(name)
    return f"{one['name']}（{one['size']:,} 字节，SHA-256 {one['sha256'][:8]}…）" if one else name or "—"
