"""The judgement on an upload: first by name and first bytes, then by its whole structure.

    kind = inspect(name, head, size)          # cheap, before anything is stored
    found = inspect_file(name, file)          # the whole file, before anybody else sees it

Both raise `Refused` with a code; `inspect_file` also names what is allowed but worth saying.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

from srm_portal.documents.domain import archives, pdf, pictures
from srm_portal.documents.domain.kinds import (
    KINDS,
    MACRO_EXTENSIONS,
    FileKind,
    Limits,
    fits,
    is_active_text,
    is_plain_text,
    is_program,
    looks_like,
)
from srm_portal.documents.domain.names import check_name, extension
from srm_portal.kernel.errors import Refused

HEAD_BYTES = 4096
DEFAULTS = Limits()
_CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the file is, and codes of remarks for whoever opens it (`encrypted`, `embedded_files`, `external_links`)."""

    kind: FileKind
    remarks: tuple[str, ...] = ()


def inspect(name: str, head: bytes, size: int, limits: Limits = DEFAULTS) -> FileKind:
    """The kind of a file by its name and first bytes (up to `HEAD_BYTES`).

    Refusals: those of `names.check_name`, `file_empty`, `file_too_large`, `macros_not_allowed`,
    `type_not_allowed` (with the extension), `program`, `active_content`, `content_differs_from_name`
    (with what it looks like).
    """
    check_name(name)
    ending = extension(name)
    if size <= 0 or not head:
        raise Refused("file_empty")
    if size > limits.size_max_bytes:
        raise Refused("file_too_large", size=size, size_max=limits.size_max_bytes)
    if ending in MACRO_EXTENSIONS:
        raise Refused("macros_not_allowed", extension=ending)
    kind = KINDS.get(ending)
    if kind is None:
        raise Refused("type_not_allowed", extension=ending)
    if is_program(head):
        raise Refused("program")
    if kind.family == "text" and is_active_text(head[:HEAD_BYTES]):
        raise Refused("active_content", found="markup")
    if not fits(kind, head[:HEAD_BYTES]):
        raise Refused("content_differs_from_name", extension=ending, found=looks_like(head))
    return kind


def inspect_file(
    name: str, file: BinaryIO, limits: Limits = DEFAULTS, budget: archives.Budget | None = None
) -> Inspection:
    """The whole judgement on a seekable file; its position is not kept.

    `budget` is shared by what an archive holds; leave it out. Refusals: those of `inspect`,
    `archives.check_archive`, `pdf.check_pdf`, `pictures.check_picture`, and `two_types_in_one` for a
    file that is also an archive or a PDF.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    kind = inspect(name, file.read(HEAD_BYTES), size, limits)
    budget = budget or archives.Budget(limits)
    if kind.family in ("ooxml", "odf", "archive"):
        return Inspection(kind, archives.check_archive(kind, file, size, budget, _member))
    _refuse_second_type(kind, file)
    file.seek(0)
    if kind.family == "pdf":
        return Inspection(kind, pdf.check_pdf(file.read(), limits))
    if kind.family == "picture":
        pictures.check_picture(kind, file.read(), limits)
    elif kind.family == "text" or kind.code == "step":
        _check_text(file)
    return Inspection(kind)


def _member(name: str, data: bytes, budget: archives.Budget) -> tuple[str, ...]:
    """A file inside an archive is judged like one handed in alone, on the same budget."""
    return inspect_file(name, io.BytesIO(data), budget.limits, budget).remarks


def _refuse_second_type(kind: FileKind, file: BinaryIO) -> None:
    if archives.is_archive(file):
        raise Refused("two_types_in_one", extension=kind.code, found="zip")
    file.seek(0)
    if kind.family != "pdf" and b"%PDF-" in file.read(1024 + 5):
        raise Refused("two_types_in_one", extension=kind.code, found="pdf")


def _check_text(file: BinaryIO) -> None:
    """Every chunk, with the mark of UTF-16 before it where the file has one."""
    mark = file.read(2)
    if mark not in (b"\xff\xfe", b"\xfe\xff"):
        mark = b""
        file.seek(0)
    while chunk := file.read(_CHUNK_BYTES):
        if not is_plain_text(mark + chunk):
            raise Refused("content_differs_from_name", extension="txt", found="unknown")
