"""移交: items of a fonds packed into one ZIP by a job, some at a time; each item with its metadata and its hashes.

After every piece the file is whole and its directory is kept beside it, so a killed worker costs one piece: the file is
cut back to where the last piece ended. Memory holds one item's file at a time, and the list of names.
"""

import fcntl
import hashlib
import json
import logging
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext

from documents.keeping import catalogue, verify_package
from documents.keeping.condemned import hold_fonds, refuse_condemned
from documents.keeping.metadata import name_of, xml_of
from documents.models import Appraisal, ArchivalItem, Package, PackedItem
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.moves import TooLate
from officehub.notifications.tell import enqueue

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=600)
TWICE = timedelta(minutes=5)  # the same ordered again so soon is the same press
NOT_PACKED = (
    "有 %(count)s 件列入销毁清册（%(registers)s），请待清册办结（批准销毁或者退回）后再打包，或者缩小打包的范围。"
)
NOT_HANDED_ON = "有 %(count)s 件列入销毁清册（%(registers)s），请待清册办结后再登记移交；批准销毁的，须重新打包。"
PIECE = 50  # items in one run of the job
GIVE_UP_AFTER = 3
SCRIPT = Path(verify_package.__file__)
README = """本包按档号分件，每件一个文件夹（items/档号）：metadata.xml 是元数据，
hashes.txt 是本件各文件的 SHA-256、SM3、大小和文件名。
package.json 把各件的 hashes.txt 连成一条校验链。检验：

    python3 verify_package.py 本包.zip --head 移交单上的链首校验值

只需 Python 3.8 或更新版本，不需要本系统。返回 0 为合格，1 为有损坏或改动（逐一列出），2 为不是这样的包。
"""


class Damaged(Exception):
    """A file of an item is not what its hash says; nothing is handed over so."""


def order(*, fonds: str, years: tuple[int, int], retention: str, by, now: datetime) -> Package:
    """Order a package of the items still kept; refused when there are none, when some are not frozen yet, or stand in
    a register of destruction that is not settled."""
    first, last = years
    wanted = catalogue.chosen([fonds], retention=retention).filter(
        year__gte=first, year__lte=last, state=ArchivalItem.State.KEPT
    )
    if unfrozen := wanted.filter(frozen_at=None).count():
        raise DecisionRefused([gettext("有 %(count)s 件还没有封存好，请待封存后再打包。") % {"count": unfrozen}])
    with transaction.atomic():
        hold_fonds(fonds)
        refuse_condemned(wanted, gettext(NOT_PACKED))
        _refuse_twice(fonds, years, retention, now)
        package = Package.objects.create(
            fonds_number=fonds, year_from=first, year_to=last, retention=retention, by=by, at=now
        )
        package.total = _list(package, wanted)
        if not package.total:
            raise DecisionRefused(["这个范围内没有可移交的文件。"])
        package.save(update_fields=["total"])
        record(package, "order_package", by=by, now=now, facts={"name": package.name, "items": package.total})
        transaction.on_commit(partial(poke, package.pk))
    return package


def _refuse_twice(fonds: str, years: tuple[int, int], retention: str, now: datetime) -> None:
    """Who presses twice at once comes here one after the other, and packs once."""
    kind = ContentType.objects.get_for_model(Package)
    ContentType.objects.select_for_update(no_key=True).get(pk=kind.pk)
    same = Package.objects.filter(fonds_number=fonds, year_from=years[0], year_to=years[1], retention=retention)
    if same.filter(at__gt=now - TWICE).exclude(state=Package.State.FAILED).exists():
        raise DecisionRefused(["刚才已开始编制同一范围的数据包，请在“移交数据包”中查看。"])


def _list(package: Package, items) -> int:
    """Settle which items are in it, in the order of their codes; a few thousand rows at a time."""
    count, rows = 0, []
    for pk in items.order_by(*catalogue.IN_ORDER).values_list("pk", flat=True).iterator(chunk_size=2000):
        count += 1
        rows.append(PackedItem(package=package, item_id=pk, order=count))
        if len(rows) == 2000:
            PackedItem.objects.bulk_create(rows)
            rows = []
    PackedItem.objects.bulk_create(rows)
    return count


def poke(pk: int) -> None:
    from documents.jobs import pack_archive  # the job calls back into this module

    enqueue(pack_archive, pk)


def waiting(now: datetime):
    """Packages nobody works on: never begun, between two pieces, or left by a worker that died."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
    return Package.objects.filter(free, state__in=(Package.State.QUEUED, Package.State.RUNNING))


def retry(package: Package) -> bool:
    again = Package.objects.filter(pk=package.pk, state=Package.State.FAILED)
    done = again.update(state=Package.State.QUEUED, attempts=0, error="", claimed_at=None)
    if done:
        transaction.on_commit(partial(poke, package.pk))
    return bool(done)


def pack(pk: int, now: datetime) -> bool:
    """Pack one piece. True when there is more to do for it."""
    claimed = waiting(now).filter(pk=pk)
    if not claimed.update(state=Package.State.RUNNING, claimed_at=now, attempts=F("attempts") + 1):
        return False
    package = Package.objects.select_related("by").get(pk=pk)
    mine = Package.objects.filter(pk=pk, state=Package.State.RUNNING, claimed_at=now)
    try:
        with _alone(package):
            return _piece(package, mine, now)
    except BlockingIOError:
        mine.update(claimed_at=None)  # another worker, taken for dead, still writes: it is given its time
        return False
    except (OSError, zipfile.BadZipFile, Damaged) as error:
        logger.exception("package %s", package)
        given_up = package.attempts >= GIVE_UP_AFTER
        state = Package.State.FAILED if given_up else Package.State.QUEUED
        mine.update(state=state, error=_said(error)[:250], claimed_at=None)
        return False
    except Exception:  # a fault of ours: the order must say so, and not be tried for ever
        logger.exception("package %s", package)
        said = "打包时出现意外错误，详情已记入系统日志；请联系系统管理员。"
        mine.update(state=Package.State.FAILED, error=said, claimed_at=None)
        return False


def _said(error: Exception) -> str:
    if isinstance(error, Damaged):
        return str(error)
    return f"读写文件时出错，请系统管理员检查磁盘空间和存储（{error.__class__.__name__}）。"


@contextmanager
def _alone(package: Package) -> Iterator[None]:
    """One writer of the unfinished file, whatever the clocks say."""
    folder = Path(default_storage.path("packages"))
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{package.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _final(package: Package) -> Path:
    return Path(default_storage.path(f"packages/{package.name}.zip"))


def _part(package: Package) -> Path:
    return _final(package).with_suffix(".part")


def _tail(package: Package, done: int) -> Path:
    return _final(package).with_suffix(f".tail{done}")


def _piece(package: Package, mine, now: datetime) -> bool:
    package.refresh_from_db(fields=["done", "packed_to"])
    _cut_back(package)
    rows = list(_next_rows(package))
    if not rows:
        _finish(package, mine, now)
        return False
    with zipfile.ZipFile(_part(package), "a", zipfile.ZIP_DEFLATED) as archive:
        for row in rows:
            _put(archive, row.item)
    _keep_tail(package, rows[-1].order, archive.start_dir)
    progress = {"done": rows[-1].order, "packed_to": archive.start_dir, "attempts": 0, "claimed_at": None, "error": ""}
    moved_on = mine.update(**progress)
    if moved_on and package.done:
        _tail(package, package.done).unlink(missing_ok=True)
    return bool(moved_on)


def _next_rows(package: Package):
    rows = package.packed.filter(order__gt=package.done).order_by("order")
    return rows.select_related(
        *("item__by", "item__document__organ", "item__document__department", "item__document__signed_by"),
        *("item__document__answers__archival_item", "item__incoming"),
    )[:PIECE]


def _cut_back(package: Package) -> None:
    """The unfinished file as the last whole piece left it; what a dead worker began is gone."""
    part, final = _part(package), _final(package)
    if not package.done:
        part.unlink(missing_ok=True)
        return
    if final.exists() and not part.exists():
        os.replace(final, part)  # died between the last two strokes
    with part.open("r+b") as file, _tail(package, package.done).open("rb") as tail:
        file.truncate(package.packed_to)
        file.seek(package.packed_to)
        shutil.copyfileobj(tail, file)
        _settle(file)


def _keep_tail(package: Package, done: int, start: int) -> None:
    """The directory at the end of the file, kept beside it before the next piece writes over it."""
    with _part(package).open("r+b") as file:
        _settle(file)
        file.seek(start)
        written = _tail(package, done)
        with written.with_suffix(".new").open("wb") as tail:
            shutil.copyfileobj(file, tail)
            _settle(tail)
        os.replace(written.with_suffix(".new"), written)


def _settle(file) -> None:
    file.flush()
    os.fsync(file.fileno())


def _put(archive: zipfile.ZipFile, item: ArchivalItem) -> None:
    """One item: its files, its metadata, and the list of their hashes last."""
    folder, files = f"items/{item.reference_code}", list(item.files.all())
    lines = []
    for file in files:
        name = f"files/{name_of(file)}"
        _copy(archive, f"{folder}/{name}", file)
        lines.append(f"{file.sha256}  {file.sm3}  {file.size}  {name}")
    xml = xml_of(item, files)
    archive.writestr(_entry(f"{folder}/metadata.xml"), xml)
    hashes = hashlib.sha256(xml).hexdigest(), hashlib.new("sm3", xml).hexdigest()
    lines.append(f"{hashes[0]}  {hashes[1]}  {len(xml)}  metadata.xml")
    archive.writestr(_entry(f"{folder}/hashes.txt"), "\n".join(lines) + "\n")


def _entry(name: str, stored: bool = False) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _copy(archive: zipfile.ZipFile, name: str, file) -> None:
    """A kept file into the package, piece by piece, checked against its hash on the way."""
    digest = hashlib.sha256()
    with file.file.open("rb") as source, archive.open(_entry(name, stored=True), "w", force_zip64=True) as target:
        while piece := source.read(verify_package.CHUNK):
            digest.update(piece)
            target.write(piece)
    if digest.hexdigest() != file.sha256:
        raise Damaged(f"档号 {file.item} 的“{file.title}”与封存时的校验值不符，请核查存储后再打包。")


def _finish(package: Package, mine, now: datetime) -> None:
    """The catalogue, the script, the chain over all items; then the file gets its name and the row its hash."""
    part, final = _part(package), _final(package)
    with zipfile.ZipFile(part, "a", zipfile.ZIP_DEFLATED) as archive:
        said = _described(package, archive, now)
        archive.writestr(_entry("package.json"), json.dumps(said, ensure_ascii=False, indent=1))
    digest = hashlib.sha256()
    with part.open("r+b") as file:
        _settle(file)
        file.seek(0)
        while piece := file.read(verify_package.CHUNK):
            digest.update(piece)
        size = file.tell()
    os.replace(part, final)
    with transaction.atomic():
        done = mine.update(
            state=Package.State.DONE, head=said["head"], sha256=digest.hexdigest(), size=size, done_at=now,
            file=f"packages/{package.name}.zip", error="", claimed_at=None,
        )  # fmt: skip
        if done:
            facts = {"sha256": digest.hexdigest(), "head": said["head"], "items": package.total}
            record(package, "packed", by=None, now=now, facts=facts)
    if done:
        for left in final.parent.glob(f"{package.name}.tail*"):
            left.unlink(missing_ok=True)


def _described(package: Package, archive: zipfile.ZipFile, now: datetime) -> dict:
    tools = {}
    items = ArchivalItem.objects.filter(packed__package=package)
    with catalogue.as_workbook(items) as listed:
        for name, content in (
            ("verify_package.py", SCRIPT.read_bytes()),
            ("README.txt", README.encode()),
            ("归档文件目录.xlsx", listed.read()),
        ):
            archive.writestr(_entry(name), content)
            tools[name] = hashlib.sha256(content).hexdigest()
    chain, before = [], verify_package.GENESIS
    codes = package.packed.order_by("order").values_list("item__reference_code", flat=True)
    for code in codes.iterator(chunk_size=2000):
        hashes = hashlib.sha256(archive.read(f"items/{code}/hashes.txt")).hexdigest()
        before = verify_package.link(before, hashes)
        chain.append({"code": code, "hashes": hashes, "link": before})
    said = {
        "format": verify_package.FORMAT,
        "name": package.name,
        "fonds_number": package.fonds_number,
        "years": [package.year_from, package.year_to],
        "retention": package.retention,
        "ordered_by": package.by.name,
        "made_at": now.astimezone(UTC).isoformat(),
        "items": package.total,
        "tools": tools,
        "chain": chain,
        "head": before,
    }
    return {**said, "self": hashlib.sha256(verify_package.canonical(said)).hexdigest()}


def hand_over(package: Package, *, day, receiver: str, by, now: datetime) -> int:
    """登记移交: the archives have taken the package in; its items are no longer kept here. Returns how many."""
    if day > timezone.localdate(now):
        raise DecisionRefused(["移交日期不能晚于今天。"])
    with transaction.atomic():
        hold_fonds(package.fonds_number)
        inside = ArchivalItem.objects.filter(packed__package=package)
        refuse_condemned(inside, gettext(NOT_HANDED_ON))
        found = Package.objects.filter(pk=package.pk, state=Package.State.DONE, handed_on=None)
        if not found.update(handed_on=day, receiver=receiver, handed_by=by):
            raise TooLate(package, "hand_over")
        waited = Appraisal.objects.filter(item__in=inside.values("pk"), decision=Appraisal.Decision.TRANSFER, open=True)
        waited.update(open=False)
        moved = inside.filter(state=ArchivalItem.State.KEPT).update(state=ArchivalItem.State.TRANSFERRED)
        facts = {"on": day.isoformat(), "receiver": receiver, "items": moved, "head": package.head}
        record(package, "hand_over_package", by=by, now=now, facts=facts)
    return moved
