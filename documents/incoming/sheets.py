"""The files of a paper as one reads them: the paper itself first, then its attachments, and the pictures of their
pages, so many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from documents.models import Incoming, IncomingFile

SHOWN = 20  # pages at a time


@dataclass(frozen=True)
class Sheet:
    """One page; `caption` stands above the first page of each file when there are several."""

    url: str
    number: int
    caption: str = ""

    def __str__(self):
        return self.url


@dataclass(frozen=True)
class Sheets:
    """Pages `first` to `last` of `total`; `before` and `after` are the numbers of the portions beside, 0 for none."""

    rows: Sequence[Sheet]
    first: int
    total: int
    before: int = 0
    after: int = 0

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    def __bool__(self):
        return bool(self.rows)


def files_of(incoming: Incoming) -> list[IncomingFile]:
    """The paper's files with what an office calls them (`label`: 正文, 附件1, 附件2 …), in this order."""
    files = list(incoming.files.filter(note=None).select_related("stored__uploaded_by").order_by("-is_main", "id"))
    attachments = [file for file in files if not file.is_main]
    for file in files:
        several = len(attachments) > 1
        number = attachments.index(file) + 1 if several and not file.is_main else ""
        file.label = gettext("正文") if file.is_main else gettext("附件%(number)s") % {"number": number}
    return files


def sheets_of(files: Sequence[IncomingFile], portion: int = 1) -> Sheets:
    """One portion of the pages of these files; the addresses of the others are not made."""
    total = sum(file.pages for file in files)
    portions = max(-(-total // SHOWN), 1)
    portion = min(max(portion, 1), portions)
    start = (portion - 1) * SHOWN
    rows: list[Sheet] = []
    passed = 0
    for file in files:
        skipped = max(start - passed, 0)
        until = min(file.pages, skipped + SHOWN - len(rows))
        rows += [_sheet(file, n, passed + n, several=len(files) > 1) for n in range(skipped + 1, until + 1)]
        passed += file.pages
    return Sheets(rows, start + 1, total, portion - 1, portion + 1 if portion < portions else 0)


def _sheet(file: IncomingFile, number: int, overall: int, *, several: bool) -> Sheet:
    if file.stored.content_type == "application/pdf":
        url = reverse("documents:incoming_page", args=[file.pk, number])
    else:
        url = reverse("documents:incoming_file", args=[file.pk]) + "?show=1"
    named = several and number == 1 and getattr(file, "label", "")
    return Sheet(url, overall, f"{file.label}　{file.stored.name}" if named else "")
