"""Checkpoints (C2SP tlog-checkpoint): what the log was at a moment, signed, small enough for a mail."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

from srm_portal.kernel.signed_note import NoteSignature, Signer, Verify, open_note, write_note

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`origin` names the log (the portal's host and a path), `root` is the Merkle root of `size` leaves."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """Origin, size, base64 root, extensions: one a line. Raises ValueError for what would not parse back."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions]
        if self.size < 0 or len(self.root) != 32 or any(not line or "\n" in line for line in lines):
            raise ValueError("not a checkpoint")
        return "".join(f"{line}\n" for line in lines)


def parse(text: str) -> Checkpoint:
    """The checkpoint of a note's text. Raises ValueError for anything but what `text()` writes."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() != "" or not _SIZE.fullmatch(lines[1]):
        raise ValueError("not a checkpoint")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except binascii.Error:
        raise ValueError("not a checkpoint") from None
    checkpoint = Checkpoint(lines[0], int(lines[1]), root, tuple(lines[3:]))
    if checkpoint.text() != text:
        raise ValueError("not a checkpoint")
    return checkpoint


def sign(checkpoint: Checkpoint, signer: Signer) -> str:
    """The signed note. The signer's name must be the log's origin."""
    if signer.origin != checkpoint.origin:
        raise ValueError("signed by another log")
    text = checkpoint.text()
    return write_note(text, [NoteSignature(signer.origin, signer.key_id, signer.sign(text.encode()))])


def open_checkpoint(note: str, keys: Mapping[str, bytes], origin: str, verify: Verify) -> Checkpoint:
    """The checkpoint of a note that a key of `origin` signed; ValueError otherwise."""
    checkpoint = parse(open_note(note, keys, origin, verify))
    if checkpoint.origin != origin:
        raise ValueError("another log's checkpoint")
    return checkpoint
