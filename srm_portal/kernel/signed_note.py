"""Signed notes (C2SP signed-note): a text, an empty line, then one line per signature.

Written here because keys (infra) and checkpoints (audit) must name a key alike. Format only: the
Ed25519 arithmetic is an argument.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

ED25519 = b"\x01"
SIGNATURES_MAX = 100
Verify = Callable[[bytes, bytes, bytes], bool]
"""(public key, message, signature) -> valid"""


class Signer(Protocol):
    """A named key that can sign; where its secret lives is nobody's business."""

    @property
    def origin(self) -> str: ...

    @property
    def key_id(self) -> str: ...

    def sign(self, message: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class NoteSignature:
    name: str
    key_id: str
    signature: bytes

    def line(self) -> str:
        blob = base64.b64encode(bytes.fromhex(self.key_id) + self.signature).decode()
        return f"— {self.name} {blob}\n"


def key_id(name: str, public: bytes) -> str:
    """Eight hex digits: the first four bytes of SHA-256(name, newline, 0x01, public key)."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).hexdigest()[:8]


def verifier_key(name: str, public: bytes) -> str:
    """The one-line form in which other tools take a public key: name+id+base64."""
    return f"{name}+{key_id(name, public)}+{base64.b64encode(ED25519 + public).decode()}"


def check_name(name: str) -> None:
    """A key's name: not empty, no blanks, no plus sign. Raises ValueError."""
    if not name or "+" in name or any(letter.isspace() for letter in name) or not name.isprintable():
        raise ValueError("a key name has no blanks and no plus sign")


def write_note(text: str, signatures: list[NoteSignature]) -> str:
    """The note; ValueError when the text does not end in a newline or holds control characters."""
    if not text.endswith("\n") or any(letter < " " and letter != "\n" for letter in text):
        raise ValueError("a note's text ends in a newline and holds no control characters")
    for signature in signatures:
        check_name(signature.name)
    return text + "\n" + "".join(signature.line() for signature in signatures)


def read_note(note: str) -> tuple[str, list[NoteSignature]]:
    """Text and signatures, none of them checked yet. Raises ValueError for anything not well-formed."""
    body, mark, tail = note.rpartition("\n\n")
    lines = tail.split("\n")
    if not mark or lines.pop() != "" or not 1 <= len(lines) <= SIGNATURES_MAX:
        raise ValueError("not a signed note")
    if any(letter < " " and letter != "\n" for letter in body):
        raise ValueError("control characters in a note")
    return body + "\n", [_read_line(line) for line in lines]


def open_note(note: str, keys: Mapping[str, bytes], name: str, verify: Verify) -> str:
    """The text of a note that a known key of `name` signed.

    `keys`: key id -> public key. Signatures of others are ignored, as the format demands; a wrong
    signature under a known key refuses the whole note. Raises ValueError when none is valid.
    """
    text, signatures = read_note(note)
    known = [s for s in signatures if s.name == name and s.key_id in keys]
    good = [s for s in known if verify(keys[s.key_id], text.encode(), s.signature)]
    if not known or len(good) != len(known):
        raise ValueError("no valid signature of a known key")
    return text


def _read_line(line: str) -> NoteSignature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—":
        raise ValueError("not a signature line")
    check_name(parts[1])
    try:
        blob = base64.b64decode(parts[2], validate=True)
    except binascii.Error:
        raise ValueError("not a signature line") from None
    if len(blob) < 5 or base64.b64encode(blob).decode() != parts[2]:
        raise ValueError("not a signature line")
    return NoteSignature(parts[1], blob[:4].hex(), blob[4:])
