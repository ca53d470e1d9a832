#!/usr/bin/env python3
"""Checks an archive package (归档数据包) without the system that made it: python3 verify_package.py PACKAGE.zip

Needs nothing but Python 3.8. Takes the ZIP or the folder it was unpacked to. Exit 0: whole and untouched; 1: something
is broken, each fault on a line of its own, the first first; 2: it is no such package. With --head VALUE the head of
the chain must be the one on the hand-over sheet.
"""

import argparse
import hashlib
import json
import sys
import zipfile
import zlib
from pathlib import Path

FORMAT = "officehub-archive-package/1"
CHUNK = 1024 * 1024
GENESIS = "0" * 64
LARGEST_LIST = 256 * 1024 * 1024  # bytes of package.json or of a list of hashes
LISTED = ("package.json",)


class NoPackage(Exception):
    """There is nothing here that could be checked."""


class Folder:
    def __init__(self, path):
        self.root = path

    def names(self):
        return [path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file()]

    def open(self, name):
        path = (self.root / name).resolve()
        if self.root.resolve() not in path.parents:
            raise KeyError(name)
        return path.open("rb")


class Archive:
    def __init__(self, path):
        self.zip = zipfile.ZipFile(path)

    def names(self):
        return [entry.filename for entry in self.zip.infolist() if not entry.is_dir()]

    def open(self, name):
        return self.zip.open(name)


def sm3():
    """A hash of GB/T 32905, or None where this Python's OpenSSL has none."""
    try:
        return hashlib.new("sm3")
    except ValueError:
        return None


def whole(source, name):
    with source.open(name) as file:
        content = file.read(LARGEST_LIST + 1)
    if len(content) > LARGEST_LIST:
        raise NoPackage(f"{name} 过大")
    return content


def digests(source, name):
    """SHA-256, SM3 (or None) and the size of one file, read piece by piece."""
    first, second, size = hashlib.sha256(), sm3(), 0
    with source.open(name) as file:
        while True:
            piece = file.read(CHUNK)
            if not piece:
                break
            size += len(piece)
            first.update(piece)
            if second:
                second.update(piece)
    return first.hexdigest(), second.hexdigest() if second else None, size


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def link(before, hashes):
    return hashlib.sha256(f"{before}{hashes}".encode()).hexdigest()


def described(source):
    try:
        found = json.loads(whole(source, "package.json").decode("utf-8"))
    except (KeyError, OSError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise NoPackage(f"读不出 package.json：{error}") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise NoPackage("package.json 不是本格式的说明")
    return found


def faults(source, head=""):
    """Every fault, in the order of the package; nothing when it is whole."""
    package = described(source)
    try:
        yield from faults_of(source, package, head)
    except (KeyError, TypeError, AttributeError) as error:
        yield f"package.json：缺少或写错了 {error}"


def faults_of(source, package, head):
    names = source.names()
    doubled = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    for name in doubled:
        yield f"{name}：包内重复出现"
    said = {key: value for key, value in package.items() if key != "self"}
    if hashlib.sha256(canonical(said)).hexdigest() != package.get("self"):
        yield "package.json：内容被改动，与自身校验值不符"
    known = set(LISTED)
    for name, digest in package["tools"].items():
        known.add(name)
        yield from fault(source, name, digest, None, None)
    before = GENESIS
    for entry in package["chain"]:
        folder = f"items/{entry['code']}"
        known.add(f"{folder}/hashes.txt")
        yield from item_faults(source, folder, entry, known)
        before = link(before, entry["hashes"])
        if before != entry["link"]:
            yield f"{folder}：校验链在此断开"
            before = entry["link"]
    if before != package["head"]:
        yield "package.json：链首校验值与各件不符"
    if len(package["chain"]) != package["items"]:
        yield f"package.json：应有 {package['items']} 件，实列 {len(package['chain'])} 件"
    for name in sorted(set(names) - known):
        yield f"{name}：不在清单中"
    if head and head != package["head"]:
        yield "链首校验值与移交单所载不符：整个包可能被替换"


def item_faults(source, folder, entry, known):
    name = f"{folder}/hashes.txt"
    try:
        content = whole(source, name)
    except (KeyError, OSError, zipfile.BadZipFile, zlib.error) as error:
        yield f"{name}：缺失或损坏（{error}）"
        return
    if hashlib.sha256(content).hexdigest() != entry["hashes"]:
        yield f"{name}：被改动"
    for line in content.decode("utf-8", "replace").splitlines():
        parts = line.split("  ", 3)
        if len(parts) != 4 or not parts[2].isdigit():
            yield f"{name}：有一行读不懂：{line[:80]}"
            continue
        known.add(f"{folder}/{parts[3]}")
        yield from fault(source, f"{folder}/{parts[3]}", parts[0], parts[1], int(parts[2]))


def fault(source, name, sha256, sm3_said, size):
    try:
        first, second, length = digests(source, name)
    except (KeyError, FileNotFoundError):
        yield f"{name}：缺失"
        return
    except (OSError, zipfile.BadZipFile, zlib.error) as error:
        yield f"{name}：损坏，读不出来（{error}）"
        return
    if size is not None and length != size:
        yield f"{name}：大小不符，应为 {size} 字节，实为 {length} 字节"
    if first != sha256:
        yield f"{name}：SHA-256 不符，内容被改动"
    if sm3_said and second and second != sm3_said:
        yield f"{name}：SM3 不符，内容被改动"


def opened(path):
    if path.is_dir():
        return Folder(path)
    try:
        return Archive(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise NoPackage(f"打不开 {path}：{error}") from None


def say(sentence, file=None):
    (file or sys.stdout).write(sentence + "\n")


def main(argv=None):
    parser = argparse.ArgumentParser(description="检验归档数据包：完整、未改动则返回 0。")
    parser.add_argument("package", type=Path)
    parser.add_argument("--head", default="", help="移交单上的链首校验值")
    given = parser.parse_args(argv)
    try:
        source = opened(given.package)
        package = described(source)
        found = 0
        for sentence in faults(source, given.head):
            found += 1
            say(sentence)
    except NoPackage as error:
        say(f"不是归档数据包：{error}", file=sys.stderr)
        return 2
    if not sm3():
        say("注意：本机的 Python 不支持 SM3，只检验了 SHA-256。")
    if found:
        say(f"检验不合格：{found} 处。")
        return 1
    say(f"检验合格：{package['items']} 件，链首 {package['head']}。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
