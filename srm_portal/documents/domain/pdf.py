"""PDF: no scripts, no started programs; looks into compressed objects, and says what it cannot look into."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from srm_portal.documents.domain.kinds import Limits
from srm_portal.kernel.errors import Refused

_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(JavaScript|Launch|ImportData|SubmitForm|RichMedia|Movie|Rendition|XFA|GoToE)(?![A-Za-z0-9])")
_REMARKS = {"encrypted": re.compile(rb"/Encrypt(?![A-Za-z])"), "embedded_files": re.compile(rb"/EmbeddedFiles?\b")}
_STREAM = re.compile(rb"stream[ \t]*[\r\n]")
_FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/[A-Za-z0-9]+)")


def check_pdf(data: bytes, limits: Limits) -> tuple[str, ...]:
    """Remarks about a PDF: `encrypted` (nothing inside could be checked), `embedded_files`.

    Refusals: `pdf_damaged` (no end mark), `active_content` (with the name found), `pdf_unusual` (objects
    packed so that they cannot be looked into), `unpacks_too_large`.
    """
    if b"%%EOF" not in data[-2048:] or b"startxref" not in data[-4096:]:
        raise Refused("pdf_damaged")
    remarks: set[str] = set()
    _look(data, remarks)
    if "encrypted" not in remarks:
        for objects in _object_streams(data, limits):
            _look(objects, remarks)
    return tuple(sorted(remarks))


def _look(data: bytes, remarks: set[str]) -> None:
    """Names may be written with escapes (/J#61vaScript), so both spellings are read."""
    for text in (data, _plain(data)):
        if found := _ACTIVE.search(text):
            raise Refused("active_content", found=found[1].decode())
        remarks.update(code for code, mark in _REMARKS.items() if mark.search(text))


def _plain(data: bytes) -> bytes:
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), data)


def _object_streams(data: bytes, limits: Limits) -> Iterator[bytes]:
    """The unpacked content of every object stream, counted while it is unpacked."""
    left, previous = limits.unpacked_max_bytes, 0
    for start in _STREAM.finditer(data):
        dictionary = _plain(data[previous : start.start()])  # "endstream" matches too: this begins behind the last body
        previous = start.end()
        if b"/ObjStm" not in dictionary:
            continue
        unpacked = _unpack(dictionary, data, start.end(), left)
        left -= len(unpacked)
        if left <= 0:
            raise Refused("unpacks_too_large", unpacked_max=limits.unpacked_max_bytes)
        yield unpacked


def _unpack(dictionary: bytes, data: bytes, start: int, left: int) -> bytes:
    end = data.find(b"endstream", start)
    packed = data[start : end if end >= 0 else len(data)].lstrip(b"\n")
    filters = list(_FILTER.finditer(dictionary))
    if not filters:
        return packed
    method = filters[0][1].strip(b"[] \r\n\t")
    if len(filters) > 1 or method not in (b"/FlateDecode", b"/Fl") or b"/DecodeParms" in dictionary:
        raise Refused("pdf_unusual")
    try:
        return zlib.decompressobj().decompress(packed, left + 1)
    except zlib.error:
        raise Refused("pdf_unusual") from None
