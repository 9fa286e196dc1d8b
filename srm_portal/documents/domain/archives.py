"""Archives and the office files that are archives: unpacked once, counted, looked into, never written out."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from srm_portal.documents.domain import office
from srm_portal.documents.domain.kinds import FileKind, Limits, is_program
from srm_portal.documents.domain.names import check_member_name
from srm_portal.kernel.errors import Refused

_CHUNK_BYTES = 64 * 1024
_TAIL_BYTES = 22 + 65_535
_COMMENT_MAX = 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_WRONG = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


@dataclass
class Budget:
    """What may still be unpacked, over all levels of one upload."""

    limits: Limits
    entries: int = 0
    unpacked: int = 0
    depth: int = 0

    def take_entries(self, count: int) -> None:
        self.entries += count
        if self.entries > self.limits.entries_max:
            raise Refused("too_many_entries", entries_max=self.limits.entries_max)

    def take(self, count: int) -> None:
        self.unpacked += count
        if self.unpacked > self.limits.unpacked_max_bytes:
            raise Refused("unpacks_too_large", unpacked_max=self.limits.unpacked_max_bytes)


Judge = Callable[[str, bytes, Budget], tuple[str, ...]]
"""(name, data, budget) -> remarks about a file inside an archive"""


def is_archive(file: BinaryIO) -> bool:
    """Whether a program would find an archive in the file, wherever it begins."""
    return zipfile.is_zipfile(file)


def check_archive(kind: FileKind, file: BinaryIO, size: int, budget: Budget, judge: Judge) -> tuple[str, ...]:
    """Remarks about an archive or office file of `size` bytes.

    Refusals: `archive_damaged`, `archive_encrypted`, `archive_unusual` (method, links, twice the same
    name), `two_types_in_one` (bytes before or after), `too_many_entries`, `unpacks_too_large`,
    `unpacks_too_much` (ratio), `archive_too_deep`, names as in `names`, `program`, what `judge` refuses
    for a member of a plain archive, and what `office` refuses.
    """
    budget.depth += 1
    if budget.depth > budget.limits.depth_max or (kind.family == "archive" and budget.depth > 1):
        raise Refused("archive_too_deep", depth_max=budget.limits.depth_max)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = _entries(archive, budget)
            _check_bounds(kind, archive, file, size)
            remarks = _members(kind, archive, entries, size, budget, judge)
    except _WRONG:
        raise Refused("archive_damaged") from None
    budget.depth -= 1
    return tuple(sorted(remarks))


def _entries(archive: zipfile.ZipFile, budget: Budget) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    budget.take_entries(len(entries))
    names: set[str] = set()
    for entry in entries:
        check_member_name(entry.orig_filename)
        folded = entry.filename.casefold()
        mode = entry.external_attr >> 16
        if folded in names or entry.compress_type not in _METHODS or (mode and stat.S_IFMT(mode) == stat.S_IFLNK):
            raise Refused("archive_unusual", name=entry.filename)
        if entry.flag_bits & 0x41:
            raise Refused("archive_encrypted")
        names.add(folded)
    return entries


def _check_bounds(kind: FileKind, archive: zipfile.ZipFile, file: BinaryIO, size: int) -> None:
    """The archive begins with its first entry and ends with its directory; nothing hides before or behind."""
    file.seek(max(0, size - _TAIL_BYTES))
    tail = file.read()
    directory_end = tail.rfind(b"PK\x05\x06")
    behind = len(tail) - directory_end - 22 - len(archive.comment)
    first = min((entry.header_offset for entry in archive.infolist()), default=0)
    if directory_end < 0 or behind or first or len(archive.comment) > _COMMENT_MAX:
        raise Refused("two_types_in_one", extension=kind.code, found="unknown")


def _members(
    kind: FileKind, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], size: int, budget: Budget, judge: Judge
) -> set[str]:
    remarks: set[str] = set()
    before = budget.unpacked
    look = office.Look(kind, [entry.filename for entry in entries])
    for entry in entries:
        if entry.is_dir():
            continue
        keep = kind.family == "archive" or look.wants(entry.filename)
        data = _unpack(archive, entry, keep, before, size, budget, look)
        if kind.family == "archive" and _is_folder_note(entry.filename, data):
            continue
        if kind.family == "archive" or office.is_package(entry.filename):
            remarks.update(judge(entry.filename.rsplit("/", 1)[-1], data, budget))
        elif keep:
            look.part(entry.filename, data)
    if kind.family != "archive":
        remarks |= look.done()
    return remarks


def _is_folder_note(name: str, data: bytes) -> bool:
    """What macOS adds to every archive it makes; believed by its bytes, not by its name."""
    last = name.rsplit("/", 1)[-1]
    if last == ".DS_Store":
        return data.startswith(b"\0\0\0\1Bud1")
    return last.startswith("._") and name.startswith("__MACOSX/") and data.startswith(b"\0\5\x16\7")


def _unpack(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    keep: bool,
    before: int,
    size: int,
    budget: Budget,
    look: office.Look,
) -> bytes:
    """The entry's bytes if they are to be kept; in any case every byte is counted and seen once."""
    limits, kept, overlap = budget.limits, [], b""
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            budget.take(len(chunk))
            unpacked = budget.unpacked - before
            if unpacked > limits.ratio_from_bytes and unpacked > limits.ratio_max * size:
                raise Refused("unpacks_too_much", ratio_max=limits.ratio_max)
            if not overlap and is_program(chunk):
                raise Refused("program", name=entry.filename)
            look.chunk(entry.filename, overlap + chunk)
            overlap = chunk[-64:]
            if keep:
                kept.append(chunk)
                if sum(map(len, kept)) > limits.size_max_bytes:
                    raise Refused("file_too_large", name=entry.filename, size_max=limits.size_max_bytes)
    return b"".join(kept)
