"""Office files from the inside: the parts they must have, and those they must not (macros, foreign templates)."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from srm_portal.documents.domain.kinds import FileKind
from srm_portal.kernel.errors import Refused

CONTENT_TYPES = "[Content_Types].xml"
_MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation.main+xml"),
}
_ODF_PARTS = ("mimetype", "META-INF/manifest.xml")
_MACRO_PART = re.compile(r"(^|/)(vba[a-z]*\.(bin|xml)|macrosheets/|intlmacrosheets/|customui/|activex/)", re.I)
_ODF_MACRO = re.compile(r"^(basic|scripts)/", re.I)
_MACRO_TYPE = re.compile(r"macroenabled|vbaproject|ms-office\.activex|macrosheet", re.I)
_OBJECT_PART = re.compile(r"(^|/)(embeddings/.*\.bin|oleobject[^/]*)$", re.I)
_PACKAGE = re.compile(r"(^|/)embeddings/[^/]+\.(docx|xlsx|pptx)$", re.I)
_FETCHED = ("attachedtemplate", "oleobject", "frame", "subdocument")
_FETCHED_FROM = ("file:", "\\\\", "javascript:", "mhtml:")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)")
_DOCTYPE = tuple(
    mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)


def is_package(name: str) -> bool:
    """An office file inside an office file, as charts bring along."""
    return bool(_PACKAGE.search(name))


class Look:
    """What is learned about an office file while its parts pass by once; about a plain archive, nothing."""

    def __init__(self, kind: FileKind, names: list[str]) -> None:
        """Refuses by the parts' names alone: `macros_not_allowed`, `embedded_object`, `content_differs_from_name`."""
        self._kind = kind
        self._office = kind.family != "archive"
        self._remarks: set[str] = set()
        self._said_its_kind = False
        if not self._office:
            return
        macro = _ODF_MACRO if kind.family == "odf" else _MACRO_PART
        for name in names:
            if macro.search(name):
                raise Refused("macros_not_allowed", name=name)
            if _OBJECT_PART.search(name):
                raise Refused("embedded_object", name=name)
        required = _ODF_PARTS if kind.family == "odf" else (_MAIN[kind.code][0], CONTENT_TYPES)
        if not set(required) <= set(names) or (kind.family == "odf" and names[0] != "mimetype"):
            raise Refused("content_differs_from_name", extension=kind.code, found="zip")

    def wants(self, name: str) -> bool:
        """The parts that are read whole; of the others only the passing bytes are seen."""
        return name in (CONTENT_TYPES, *_ODF_PARTS) or name.lower().endswith(".rels") or is_package(name)

    def chunk(self, name: str, data: bytes) -> None:
        """No part may declare entities: they grow without limit and reach for files."""
        if self._office and any(mark in data for mark in _DOCTYPE):
            raise Refused("xml_with_doctype", name=name)

    def part(self, name: str, data: bytes) -> None:
        """One of the wanted parts, after all its chunks."""
        if name == "mimetype":
            self._said_its_kind = data.decode("ascii", "replace") == self._kind.media_type
        elif name == CONTENT_TYPES:
            self._content_types(data)
        elif name.lower().endswith(".rels"):
            self._relations(name, data)
        elif b"encryption-data" in data:
            raise Refused("archive_encrypted")

    def done(self) -> set[str]:
        """The remarks, once every part has passed. Refuses a file that never said to be of this kind."""
        if not self._said_its_kind:
            raise Refused("content_differs_from_name", extension=self._kind.code, found="zip")
        return self._remarks

    def _content_types(self, data: bytes) -> None:
        types = [element.get("ContentType", "") for element in _xml(data).iter()]
        if any(_MACRO_TYPE.search(one) for one in types):
            raise Refused("macros_not_allowed", name=CONTENT_TYPES)
        self._said_its_kind = self._kind.code in _MAIN and any(one.endswith(_MAIN[self._kind.code][1]) for one in types)

    def _relations(self, name: str, data: bytes) -> None:
        for relation in _xml(data).iter():
            kind, target = relation.get("Type", ""), relation.get("Target", "").lower()
            if _MACRO_TYPE.search(kind):
                raise Refused("macros_not_allowed", name=name)
            if relation.get("TargetMode", "").lower() != "external":
                continue
            if kind.rsplit("/", 1)[-1].lower() in _FETCHED or target.startswith(_FETCHED_FROM):
                raise Refused("fetches_from_outside", name=name)
            self._remarks.add("external_links")


def _xml(data: bytes) -> ElementTree.Element:
    """Parsed after `chunk` has refused every document type, in the encodings that `chunk` can read."""
    encoding = _ENCODING.search(data[:200].replace(b"\0", b""))
    if encoding and encoding[1].lower() not in (b"utf-8", b"utf-16", b"us-ascii"):
        raise Refused("archive_unusual", name=encoding[1].decode("ascii", "replace"))
    try:
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, LookupError, ValueError):
        raise Refused("archive_damaged") from None
