"""Pictures: whole, ending where they say, and not larger unpacked than a page can bear."""

from __future__ import annotations

import struct
import zlib

from srm_portal.documents.domain.kinds import FileKind, Limits
from srm_portal.kernel.errors import Refused

_JPEG_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


def check_picture(kind: FileKind, data: bytes, limits: Limits) -> tuple[int, int]:
    """Width and height.

    Refusals: `picture_damaged`, `picture_too_large`, `two_types_in_one` for bytes after its end.
    """
    try:
        width, height = {"png": _png, "jpg": _jpg, "webp": _webp}[kind.code](data)
    except (struct.error, IndexError):
        raise Refused("picture_damaged") from None
    if not width or not height:
        raise Refused("picture_damaged")
    if width * height > limits.pixels_max:
        raise Refused("picture_too_large", width=width, height=height, pixels_max=limits.pixels_max)
    return width, height


def _png(data: bytes) -> tuple[int, int]:
    place = 8
    while True:
        length, name = struct.unpack_from(">I4s", data, place)
        body = data[place + 8 : place + 8 + length]
        if struct.unpack_from(">I", data, place + 8 + length)[0] != zlib.crc32(name + body):
            raise Refused("picture_damaged")
        place += 12 + length
        if name == b"IEND":
            break
    if place != len(data):
        raise Refused("two_types_in_one", extension="png", found="unknown")
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _jpg(data: bytes) -> tuple[int, int]:
    """Segments up to the first scan; cameras append previews, so the end mark need not be the last byte."""
    place, size = 2, (0, 0)
    while True:
        if data[place] != 0xFF:
            raise Refused("picture_damaged")
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        length = struct.unpack_from(">H", data, place + 2)[0]
        if marker in _JPEG_SIZES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            size = (width, height)
        if marker == 0xDA:
            break
        place += 2 + length
    if b"\xff\xd9" not in data[place:]:
        raise Refused("picture_damaged")
    return size


def _webp(data: bytes) -> tuple[int, int]:
    if struct.unpack_from("<I", data, 4)[0] + 8 != len(data):
        raise Refused("two_types_in_one", extension="webp", found="unknown")
    name = data[12:16]
    if name == b"VP8X" and len(data) > 30:
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if name == b"VP8L" and data[20] == 0x2F:
        bits = struct.unpack_from("<I", data, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise Refused("picture_damaged")
