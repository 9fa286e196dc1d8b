"""The form of a sealed offer: what is inside, how it is padded, what is promised about it.

Levels: S0 access rules only · S1 the event's key under a server key outside the database (default) · S2
the event's key under k of n openers · S3 as S2, sealed by the supplier's own machine. Two envelopes are
two event keys. Encryption itself is an argument; the form is the same at every level.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from srm_portal.kernel.canonical import canonical, from_canonical
from srm_portal.kernel.errors import Refused

Level = Literal["S0", "S1", "S2", "S3"]
Envelope = Literal["single", "technical", "price"]
Seal = Callable[[bytes, bytes], bytes]
"""(public key, plain bytes) -> sealed box"""
Open = Callable[[bytes, bytes], bytes]
"""(private key, sealed box) -> plain bytes; refuses a damaged box"""

LEVELS: tuple[Level, ...] = ("S0", "S1", "S2", "S3")
ENVELOPES: tuple[Envelope, ...] = ("single", "technical", "price")
FORMAT = "srm-portal/offer/1"
COMMITMENT_TAG = b"srm-portal/commitment/1"
NONCE_BYTES = 32
BLOCK_BYTES = 4096
_LENGTH_BYTES = 8


@dataclass(frozen=True, slots=True)
class EventKey:
    """The public half of an event's X25519 key; two envelopes have two."""

    event: str
    envelope: Envelope
    public: bytes

    def context(self) -> str:
        """The name under which the server wraps the private half: it opens for this event and envelope only."""
        return canonical({"event": self.event, "envelope": self.envelope, "public": self.public.hex()}).decode()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed offer belongs. It is inside the seal too: moved elsewhere, it does not open."""

    event: str
    supplier: str
    envelope: Envelope
    version: int


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the offer: its name, bytes, SHA-256 and the random key that its stored form is under."""

    name: str
    size: int
    sha256: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Contents:
    """What a seal holds. `answer` is a canonical value; `nonce` hides it in the commitment."""

    place: Place
    answer: Mapping[str, Any]
    nonce: bytes
    attachments: tuple[Attachment, ...] = ()

    def offer_bytes(self) -> bytes:
        """The offer as the supplier downloads it and as it is committed to: answer, and each file's hash."""
        files = [{"name": file.name, "size": file.size, "sha256": file.sha256} for file in self.attachments]
        return canonical({"answer": dict(self.answer), "attachments": files})

    def commitment(self) -> str:
        return commitment(self.nonce, self.place.event, self.place.supplier, self.offer_bytes())


def commitment(nonce: bytes, event: str, supplier: str, offer: bytes) -> str:
    """SHA256(tag, nonce, event, supplier, offer), each part after its length (8 bytes, big-endian); 64 hex digits.

    It stands in journal and receipt and says nothing about the offer to whom the nonce is unknown.
    """
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce has {NONCE_BYTES} bytes")
    parts = (COMMITMENT_TAG, nonce, event.encode(), supplier.encode(), offer)
    return hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()


def pad(data: bytes) -> bytes:
    """Length, data, zeros: a multiple of 4 KiB, so that a short offer and a shorter one look alike."""
    body = len(data).to_bytes(_LENGTH_BYTES, "big") + data
    return body + bytes(-len(body) % BLOCK_BYTES)


def unpad(padded: bytes) -> bytes:
    """The data again. Refuses `offer_damaged` when it is not what `pad` writes."""
    length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    data = padded[_LENGTH_BYTES : _LENGTH_BYTES + length]
    if pad(data) != padded:
        raise Refused("offer_damaged")
    return data


def pack(contents: Contents) -> bytes:
    """The padded plain bytes that are sealed."""
    place = contents.place
    return pad(
        canonical(
            {
                "format": FORMAT,
                "event": place.event,
                "supplier": place.supplier,
                "envelope": place.envelope,
                "version": place.version,
                "nonce": contents.nonce.hex(),
                "answer": dict(contents.answer),
                "attachments": [
                    {"name": file.name, "size": file.size, "sha256": file.sha256, "key": file.key.hex()}
                    for file in contents.attachments
                ],
            }
        )
    )


def unpack(padded: bytes) -> Contents:
    """The contents of padded plain bytes. Refuses `offer_damaged` for another form."""
    data = unpad(padded)
    try:
        inside = from_canonical(data)
        if inside.pop("format") != FORMAT or inside["envelope"] not in ENVELOPES:
            raise ValueError("another form")
        place = Place(*(inside.pop(name) for name in ("event", "supplier", "envelope", "version")))
        nonce, answer, files = (inside.pop(name) for name in ("nonce", "answer", "attachments"))
        contents = Contents(place, answer, bytes.fromhex(nonce), tuple(_attachment(file) for file in files))
        if pack(contents) != padded or type(place.version) is not int or len(contents.nonce) != NONCE_BYTES:
            raise ValueError("another form")
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Refused("offer_damaged") from None
    return contents


def seal_offer(contents: Contents, key: EventKey, seal: Seal) -> bytes:
    """The sealed box of an offer. Refuses `offer_of_another_place` when the key is another event's or envelope's."""
    if (contents.place.event, contents.place.envelope) != (key.event, key.envelope):
        raise Refused("offer_of_another_place")
    return seal(key.public, pack(contents))


def open_offer(box: bytes, private: bytes, place: Place, committed: str, unseal: Open) -> Contents:
    """The offer in a box that was stored at `place` with the commitment `committed`.

    Refusals: what `unseal` refuses, `offer_damaged`, `offer_of_another_place` (event, supplier,
    envelope or version differ), `offer_differs_from_commitment`.
    """
    contents = unpack(unseal(private, box))
    if contents.place != place:
        raise Refused("offer_of_another_place")
    if not hmac.compare_digest(contents.commitment(), committed):
        raise Refused("offer_differs_from_commitment")
    return contents


def check_attachment(attachment: Attachment, size: int, sha256: str) -> None:
    """Whether a decrypted file is the one the offer speaks of. Refuses `attachment_differs`, naming it."""
    if (attachment.size, attachment.sha256) != (size, sha256):
        raise Refused("attachment_differs", name=attachment.name)


def _attachment(file: Mapping[str, Any]) -> Attachment:
    return Attachment(file["name"], file["size"], file["sha256"], bytes.fromhex(file["key"]))
