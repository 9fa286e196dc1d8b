"""The types of file that may be handed in, and what their first bytes are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Family = Literal["pdf", "ooxml", "odf", "text", "picture", "drawing", "archive"]


@dataclass(frozen=True, slots=True)
class FileKind:
    """`code` names the type; `reencode` says that only a re-encoded copy may be shown in a page."""

    code: str
    family: Family
    media_type: str
    reencode: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may be and may become. An installation may set its own.

    `ratio_max` (unpacked to packed) counts only above `ratio_from_bytes`: small sheets pack very well.
    """

    size_max_bytes: int = 50 * 2**20
    entries_max: int = 5_000
    unpacked_max_bytes: int = 300 * 2**20
    ratio_max: int = 200
    ratio_from_bytes: int = 8 * 2**20
    pixels_max: int = 60_000_000
    depth_max: int = 3


_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

PDF = FileKind("pdf", "pdf", "application/pdf")
DOCX = FileKind("docx", "ooxml", _OFFICE + "wordprocessingml.document")
XLSX = FileKind("xlsx", "ooxml", _OFFICE + "spreadsheetml.sheet")
PPTX = FileKind("pptx", "ooxml", _OFFICE + "presentationml.presentation")
ODT = FileKind("odt", "odf", _ODF + "text")
ODS = FileKind("ods", "odf", _ODF + "spreadsheet")
CSV = FileKind("csv", "text", "text/csv")
TXT = FileKind("txt", "text", "text/plain")
PNG = FileKind("png", "picture", "image/png", reencode=True)
JPG = FileKind("jpg", "picture", "image/jpeg", reencode=True)
WEBP = FileKind("webp", "picture", "image/webp", reencode=True)
DWG = FileKind("dwg", "drawing", "image/vnd.dwg")
STEP = FileKind("step", "drawing", "model/step")
ZIP = FileKind("zip", "archive", "application/zip")

KINDS: dict[str, FileKind] = {
    **{kind.code: kind for kind in (PDF, DOCX, XLSX, PPTX, ODT, ODS, CSV, TXT, PNG, JPG, WEBP, DWG, STEP, ZIP)},
    "jpeg": JPG,
    "stp": STEP,
}
"""extension -> kind"""

MACRO_EXTENSIONS = frozenset({"docm", "dotm", "xlsm", "xltm", "xlsb", "xlam", "pptm", "potm", "ppam", "ppsm", "sldm"})

PROGRAMS: tuple[bytes, ...] = (
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!",
    b"dex\n",
    b"\x00asm",
    b"L\x00\x00\x00\x01\x14\x02\x00",
    b"!<arch>\n",
)
"""Linux, macOS, Java and Android programs, scripts, WebAssembly, Windows shortcuts, Unix libraries."""

ACTIVE_TEXT = re.compile(
    rb"(?:^|[\r\n])[\s\xef\xbb\xbf\xfe\xff]*<(!doctype|html|head|body|script|iframe|object|svg|hta:|\?xml|\?php)", re.I
)
"""A line that begins with what a browser or a server might run; within a line it is prose."""

_TEXT_BYTES = b"\t\r\n\f" + bytes(byte for byte in range(0x20, 0x100) if byte != 0x7F)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_program(head: bytes) -> bool:
    """Whether an operating system might run it. A Windows program has zeros near its "MZ", a table has not."""
    return head.startswith(PROGRAMS) or (head.startswith(b"MZ") and (b"\0" in head[:64] or not is_plain_text(head)))


def is_active_text(head: bytes) -> bool:
    """Whether the beginning holds a mark of HTML, SVG or server pages, also when written in UTF-16."""
    return bool(ACTIVE_TEXT.search(head.replace(b"\0", b"")))


def fits(kind: FileKind, head: bytes) -> bool:
    """Whether the first bytes (64 are enough, more is better for text) are those of the kind."""
    match kind.code:
        case "pdf":
            return head.startswith(b"%PDF-1.") or head.startswith(b"%PDF-2.")
        case "png":
            return head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR"
        case "jpg":
            return head.startswith(b"\xff\xd8\xff")
        case "webp":
            return head.startswith(b"RIFF") and head[8:12] == b"WEBP"
        case "dwg":
            return head.startswith(b"AC10") and head[4:6].isdigit()
        case "step":
            return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"ISO-10303-21;")
        case "csv" | "txt":
            return is_plain_text(head)
    return head.startswith(b"PK\x03\x04")


def is_plain_text(data: bytes) -> bool:
    """Text in UTF-8, UTF-16 with its mark, or an eight-bit code: no control characters but blanks and breaks."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data[: len(data) // 2 * 2].decode("utf-16", "replace")
        return not _CONTROL.search(text)
    return not data.translate(None, _TEXT_BYTES)


def looks_like(head: bytes) -> str:
    """The code of the kind that the first bytes belong to, `ole` for old office files, `unknown` otherwise."""
    if head.startswith(_OLE):
        return "ole"
    for kind in (PDF, PNG, JPG, WEBP, DWG, STEP, ZIP):
        if fits(kind, head):
            return kind.code
    return "unknown"
