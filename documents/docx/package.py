"""The package of a .docx: guarded before it is opened, its parts parsed with neither DTD nor entities."""

import io
import posixpath
import zipfile
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from officehub.files.archive_guard import UnsafeArchive, guard_zip

MAX_ENTRIES, MAX_BYTES, MAX_RATIO = 2_000, 64 * 1024 * 1024, 100
MAX_PART = 16 * 1024 * 1024  # bytes of one XML part; parsed it takes some ten times as much memory
MAIN = "word/document.xml"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


class NotADocx(Exception):
    """The file is no Word document; the message is for the person who sent it."""


class UnsafeFile(Exception):
    """The file is a danger or cannot be read safely; the message is for the person who sent it."""


class Package:
    """The parts of a guarded .docx."""

    def __init__(self, content: bytes) -> None:
        """Raises `NotADocx` or `UnsafeFile`."""
        if not content.startswith(b"PK\x03\x04"):
            raise NotADocx("不是 .docx 文件（.doc、.wps 请先另存为 .docx）。")
        file = io.BytesIO(content)
        try:
            guard_zip(file, max_entries=MAX_ENTRIES, max_bytes=MAX_BYTES, max_ratio=MAX_RATIO)
        except UnsafeArchive as error:
            raise UnsafeFile(str(error)) from error
        self.archive = zipfile.ZipFile(file)
        self.names = set(self.archive.namelist())
        if not {"[Content_Types].xml", MAIN} <= self.names:
            raise NotADocx("不是 .docx 文件：缺少 Word 文档应有的内容。")
        if any(name.lower().endswith("vbaproject.bin") for name in self.names):
            raise UnsafeFile("文件含有宏，不予打开；请另存为不含宏的 .docx。")

    def part(self, name: str) -> Element | None:
        """A part's root element; None when the package has no such part. Raises `UnsafeFile`, `NotADocx`."""
        if name not in self.names:
            return None
        if self.archive.getinfo(name).file_size > MAX_PART:
            raise UnsafeFile(f"文档内容超过{MAX_PART // 1024 // 1024} MB，不予打开。")
        try:
            root = fromstring(self.archive.read(name), forbid_dtd=True)
        except DefusedXmlException as error:
            raise UnsafeFile("文档中含有外部实体或 DTD，不予打开。") from error
        except (ParseError, UnicodeError, LookupError, ValueError) as error:
            raise NotADocx("文档内容已损坏，无法读取。") from error
        if root.tag.startswith("{" + STRICT):
            raise NotADocx("文档采用“严格 Open XML”格式，请另存为普通 .docx。")
        return root

    def targets(self, part: str) -> dict[str, str]:
        """What a part refers to inside the package: relation id → name of the part. Nothing outside is named."""
        folder, _, name = part.rpartition("/")
        relations = self.part(f"{folder}/_rels/{name}.rels")
        inner = [one for one in relations if one.get("TargetMode") != "External"] if relations is not None else []
        paths = {one.get("Id", ""): posixpath.normpath(posixpath.join(folder, one.get("Target", ""))) for one in inner}
        return {key: path.removeprefix("/") for key, path in paths.items() if path.removeprefix("/") in self.names}

    def properties(self) -> dict[str, str]:
        """The custom properties of the file that are text."""
        root = self.part("docProps/custom.xml")
        nodes = [node for node in root if len(node)] if root is not None else []
        return {node.get("name", ""): (node[0].text or "")[:400] for node in nodes}

    def has_external_links(self) -> bool:
        """Whether any part points outside the package, at a template, picture or object; none is ever fetched."""
        names = [name for name in self.names if name.endswith(".rels")]
        return any(
            relation.get("TargetMode") == "External" and not relation.get("Type", "").endswith("/hyperlink")
            for name in names
            for relation in self.part(name) or ()
        )
