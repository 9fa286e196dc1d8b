"""X25519 boxes and encrypted streams with libsodium. Knows bytes, not offers.

A box (sealed box: X25519, XSalsa20-Poly1305) can be made by everybody and opened by the holder of the
private key. A stream (secretstream: XChaCha20-Poly1305) carries a file of any size in memory for one
chunk; changed, reordered, cut or lengthened, it is refused.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from nacl import bindings, exceptions, public, utils

from srm_portal.infra import passphrase as locked
from srm_portal.kernel.errors import Refused

CHUNK_BYTES = 256 * 1024
STREAM_MAGIC = b"SRMSTR1\n"
OPENER_PURPOSE = "opener key"
_MESSAGE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_FINAL = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_HEADER_BYTES = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_OVERHEAD = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_KEY_BYTES = bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES


def random_bytes(count: int) -> bytes:
    """From the system's randomness; the `draw` of the pure packages."""
    return utils.random(count)


def new_pair() -> tuple[bytes, bytes]:
    """(private, public) of a new X25519 key."""
    key = public.PrivateKey.generate()
    return bytes(key), bytes(key.public_key)


def public_of(private: bytes) -> bytes:
    return bytes(public.PrivateKey(private).public_key)


def seal(recipient: bytes, plain: bytes) -> bytes:
    """A box that only the holder of the private key opens; 48 bytes longer than `plain`."""
    return public.SealedBox(public.PublicKey(recipient)).encrypt(plain)


def unseal(private: bytes, box: bytes) -> bytes:
    """The plain bytes. Refuses `sealed_box_damaged`: changed, cut, or sealed for another key."""
    try:
        return public.SealedBox(public.PrivateKey(private)).decrypt(box)
    except (exceptions.CryptoError, ValueError):
        raise Refused("sealed_box_damaged") from None


def new_opener_file(passphrase: str) -> tuple[bytes, bytes]:
    """(key file, public key) of a new opener: the private key under a pass-phrase, never on the server."""
    private, shared = new_pair()
    return locked.lock({"private": private.hex(), "public": shared.hex()}, passphrase, OPENER_PURPOSE), shared


def open_opener_file(data: bytes, passphrase: str) -> bytes:
    """The opener's private key. Refusals: `wrong_passphrase`, `not_a_key_file`."""
    return bytes.fromhex(locked.unlock(data, passphrase, OPENER_PURPOSE)["private"])


@dataclass(frozen=True)
class StreamSummary:
    """The plain side of a stream: how many bytes, and their SHA-256 as hex."""

    size: int
    sha256: str


def new_stream_key() -> bytes:
    return bindings.crypto_secretstream_xchacha20poly1305_keygen()


def seal_stream(source: BinaryIO, target: BinaryIO, key: bytes) -> StreamSummary:
    """Write `source` to `target` under a key that is used for this file only."""
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    target.write(STREAM_MAGIC + bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key))
    digest, size = hashlib.sha256(), 0
    chunk = _read_full(source, CHUNK_BYTES)
    while True:
        following = _read_full(source, CHUNK_BYTES) if len(chunk) == CHUNK_BYTES else b""
        digest.update(chunk)
        size += len(chunk)
        tag = _MESSAGE if following else _FINAL
        target.write(bindings.crypto_secretstream_xchacha20poly1305_push(state, chunk, tag=tag))
        if not following:
            return StreamSummary(size, digest.hexdigest())
        chunk = following


def open_stream(source: BinaryIO, target: BinaryIO, key: bytes) -> StreamSummary:
    """Write the plain bytes of a stream to `target`.

    Every chunk is checked before it is written, the whole only at the end: after a refusal
    (`stream_damaged`) the caller throws `target` away.
    """
    if len(key) != _KEY_BYTES or _read_full(source, len(STREAM_MAGIC)) != STREAM_MAGIC:
        raise Refused("stream_damaged")
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    header = _read_full(source, _HEADER_BYTES)
    if len(header) != _HEADER_BYTES:
        raise Refused("stream_damaged")
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
    digest, size, tag = hashlib.sha256(), 0, _MESSAGE
    while tag != _FINAL:
        chunk, tag = _pull(state, _read_full(source, CHUNK_BYTES + _OVERHEAD))
        digest.update(chunk)
        size += len(chunk)
        target.write(chunk)
    if source.read(1):
        raise Refused("stream_damaged")
    return StreamSummary(size, digest.hexdigest())


def _pull(state: bindings.crypto_secretstream_xchacha20poly1305_state, sealed: bytes) -> tuple[bytes, int]:
    if len(sealed) < _OVERHEAD:
        raise Refused("stream_damaged")
    try:
        return bindings.crypto_secretstream_xchacha20poly1305_pull(state, sealed)
    except (exceptions.CryptoError, RuntimeError):
        raise Refused("stream_damaged") from None


def _read_full(source: BinaryIO, count: int) -> bytes:
    """Sockets and pipes may give less than asked for; only the end may."""
    parts: list[bytes] = []
    while count > 0 and (part := source.read(count)):
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
