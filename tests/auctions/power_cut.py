"""What SQLite asks of the disk, recorded, and the disk as a power cut may leave it.

A file system of SQLite's own (a VFS over ctypes around the one it has) notes each write, truncation and sync of the
files in one folder. A cut keeps of a file everything up to its last sync; of what was written later any part may have
reached the disk, in sectors, in any order.
"""

from __future__ import annotations

import _sqlite3
import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p, cast, string_at
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

SECTOR = 512
Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
Sync = CFUNCTYPE(c_int, c_void_p, c_int)
Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)


class Methods(Structure):
    """`sqlite3_io_methods`, version 3."""

    _fields_ = [
        ("version", c_int), ("close", c_void_p), ("read", c_void_p), ("write", Write), ("truncate", Truncate),
        ("sync", Sync), *((f"other{number}", c_void_p) for number in range(14)),
    ]  # fmt: skip


class FileSystem(Structure):
    """`sqlite3_vfs`, version 3."""

    _fields_ = [
        ("version", c_int), ("file_size", c_int), ("name_max", c_int), ("next", c_void_p), ("name", c_char_p),
        ("data", c_void_p), ("open", Open), *((f"other{number}", c_void_p) for number in range(14)),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Op:
    """One request to the disk, or a mark: `what` is write, truncate, sync or told."""

    what: str
    file: str = ""
    at: int = 0
    data: bytes = b""


@dataclass
class Tape:
    ops: list[Op] = field(default_factory=list)

    def told(self, key: str) -> None:
        """Somebody was given an acknowledgement."""
        self.ops.append(Op("told", key))

    def until(self, end: int, chance: Random) -> tuple[dict[str, bytes], set[str]]:
        """The files after a power cut before request `end`, and what had been acknowledged."""
        synced = {op.file: number for number, op in enumerate(self.ops[:end]) if op.what == "sync"}
        files: dict[str, bytearray] = {}
        told = set()
        for number, op in enumerate(self.ops[:end]):
            if op.what == "told":
                told.add(op.file)
            elif op.what != "sync":
                _apply(files.setdefault(op.file, bytearray()), op, chance if number > synced.get(op.file, -1) else None)
        return {name: bytes(content) for name, content in files.items()}, told


def _apply(content: bytearray, op: Op, chance: Random | None) -> None:
    """`chance`: the request was not synced; each of its sectors may or may not have arrived."""
    if op.what == "truncate":
        if chance is None or chance.random() < 0.5:
            del content[op.at :]
        return
    for start in range(0, len(op.data), SECTOR):
        if chance is None or chance.random() < 0.5:
            piece = op.data[start : start + SECTOR]
            at = op.at + start
            content.extend(bytes(max(0, at + len(piece) - len(content))))
            content[at : at + len(piece)] = piece


@contextmanager
def recorded(folder: Path) -> Iterator[Tape]:
    """Record what new connections of this process ask of the files in the folder."""
    library = ctypes.CDLL(_sqlite3.__file__)
    library.sqlite3_vfs_find.restype = POINTER(FileSystem)
    found = library.sqlite3_vfs_find(None).contents
    tape, held, names = Tape(), [], {}
    mine = FileSystem.from_buffer_copy(found)
    mine.name = b"recorded"

    def opened(vfs: Any, path: Any, file: Any, flags: int, out: Any) -> int:
        code: int = found.open(vfs, path, file, flags, out)
        name = string_at(path).decode() if path else ""
        if code == 0 and name.startswith(str(folder)):
            place = cast(file, POINTER(POINTER(Methods)))
            plain = place[0].contents
            own = Methods.from_buffer_copy(plain)
            names[file] = Path(name).name

            def write(each: Any, data: Any, length: int, at: int) -> int:
                tape.ops.append(Op("write", names[each], at, string_at(data, length)))
                return int(plain.write(each, data, length, at))

            def truncate(each: Any, size: int) -> int:
                tape.ops.append(Op("truncate", names[each], size))
                return int(plain.truncate(each, size))

            def sync(each: Any, how: int) -> int:
                answer = int(plain.sync(each, how))
                tape.ops.append(Op("sync", names[each]))
                return answer

            own.write, own.truncate, own.sync = Write(write), Truncate(truncate), Sync(sync)
            held.append(own)
            place[0] = ctypes.pointer(own)
        return code

    mine.open = Open(opened)
    held.append(mine)
    library.sqlite3_vfs_register(ctypes.byref(mine), 1)
    try:
        yield tape
    finally:
        library.sqlite3_vfs_unregister(ctypes.byref(mine))
        _kept.append(held)


_kept: list[list[Any]] = []
"""Connections that were opened while recording may outlive it and still call these functions."""
