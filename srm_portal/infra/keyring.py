"""The server's own keys, in a file outside the database: a stolen database or backup shows nothing.

Signing keys (Ed25519) make receipts and checkpoints; sealing keys wrap the private parts of event keys.
Rotation adds a new key of each kind. Of a retired signing key only the public part is kept, to verify
old receipts; a retired sealing key is kept whole, because events sealed under it must still open.
"""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from nacl import exceptions, secret, utils

from srm_portal.infra import passphrase as locked
from srm_portal.infra.signing import SigningKey, new_seed
from srm_portal.kernel.canonical import canonical, from_canonical, moment_text
from srm_portal.kernel.errors import Refused
from srm_portal.kernel.signed_note import check_name, key_id

FORMAT = "srm-portal/keyring/1"
PURPOSE = "server keys"


@dataclass(frozen=True)
class PublicKey:
    """A signing key as others see it; `retired_at` is empty for the one in use."""

    id: str
    public: bytes
    since: str
    retired_at: str = ""


@dataclass(frozen=True)
class Keys:
    """What the file holds at one moment. The last of each tuple is the one in use."""

    origin: str
    seed: bytes = field(repr=False)
    signing: tuple[PublicKey, ...]
    sealing: tuple[tuple[str, bytes], ...] = field(repr=False)

    @property
    def signer(self) -> SigningKey:
        """The key that signs receipts and checkpoints now."""
        return SigningKey(self.origin, self.seed)

    def verifying(self) -> dict[str, bytes]:
        """Key id -> public key, of every signing key that was ever in use."""
        return {key.id: key.public for key in self.signing}

    def wrap(self, plain: bytes, context: str) -> bytes:
        """`plain` under the sealing key in use; opens only with the same `context` (event and envelope)."""
        name, key = self.sealing[-1]
        return bytes.fromhex(name) + secret.Aead(key).encrypt(plain, aad=context.encode())

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        """The plain bytes. Refusals: `sealing_key_missing` (with its id), `sealed_box_damaged`."""
        name, box = wrapped[:8].hex(), wrapped[8:]
        key = dict(self.sealing).get(name)
        if key is None:
            raise Refused("sealing_key_missing", key_id=name)
        try:
            return secret.Aead(key).decrypt(box, aad=context.encode())
        except (exceptions.CryptoError, ValueError):
            raise Refused("sealed_box_damaged") from None


class KeyRing:
    """The key file. Made on first use with mode 0600; noticed when it is replaced by a rotation."""

    def __init__(self, path: Path, origin: str) -> None:
        check_name(origin)
        self._path = path
        self._origin = origin
        self._seen: tuple[tuple[int, int], Keys] | None = None

    def keys(self, now: datetime) -> Keys:
        """The keys as the file holds them, made at `now` if there is no file yet.

        Refusals: `key_file_open_to_others`, `key_file_damaged`, `key_file_of_another_portal`.
        """
        if not self._path.exists():
            with self._locked():
                if not self._path.exists():
                    self._write(_first(self._origin, now))
        state = self._path.stat()
        mark = (state.st_ino, state.st_mtime_ns)
        if self._seen is None or self._seen[0] != mark:
            self._seen = (mark, self._read(state.st_mode))
        return self._seen[1]

    def rotate(self, now: datetime) -> Keys:
        """A new signing and a new sealing key. Old receipts verify, old events open."""
        return self._change(now, lambda keys: _rotated(keys, now))

    def export(self, passphrase: str, now: datetime) -> bytes:
        """All keys as a file under a pass-phrase, to be kept apart from the backup."""
        return locked.lock(_to_plain(self.keys(now)), passphrase, PURPOSE)

    def import_(self, data: bytes, passphrase: str, now: datetime) -> Keys:
        """Replace this machine's keys by an export, keeping what this machine already sealed and signed.

        The exported keys become the ones in use. Refusals: those of `passphrase.unlock`,
        `key_file_of_another_portal`.
        """
        brought = _from_plain(locked.unlock(data, passphrase, PURPOSE))
        if brought.origin != self._origin:
            raise Refused("key_file_of_another_portal", origin=brought.origin)
        if self._path.exists():
            return self._change(now, lambda keys: _merged(keys, brought, now))
        with self._locked():
            self._write(brought)
        return self.keys(now)

    def _change(self, now: datetime, change: Callable[[Keys], Keys]) -> Keys:
        self.keys(now)
        with self._locked():
            self._write(change(self._read(self._path.stat().st_mode)))
        return self.keys(now)

    def _read(self, mode: int) -> Keys:
        if stat.S_IMODE(mode) & 0o007:
            raise Refused("key_file_open_to_others", path=str(self._path))
        try:
            keys = _from_plain(from_canonical(self._path.read_bytes()))
        except (ValueError, KeyError, TypeError):
            raise Refused("key_file_damaged", path=str(self._path)) from None
        if keys.origin != self._origin:
            raise Refused("key_file_of_another_portal", origin=keys.origin)
        return keys

    def _write(self, keys: Keys) -> None:
        """Whole or not at all, and on the disk before it counts."""
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=".keys-")  # created with mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(canonical(_to_plain(keys)))
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, self._path)
        except BaseException:
            os.unlink(name)
            raise
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One process changes the file at a time."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self._path.with_name(self._path.name + ".lock"), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _first(origin: str, now: datetime) -> Keys:
    seed = new_seed()
    return Keys(origin, seed, (_public(origin, seed, now),), (_new_sealing(),))


def _rotated(keys: Keys, now: datetime) -> Keys:
    seed = new_seed()
    signing = (*_retired(keys.signing, now), _public(keys.origin, seed, now))
    return Keys(keys.origin, seed, signing, (*keys.sealing, _new_sealing()))


def _merged(keys: Keys, brought: Keys, now: datetime) -> Keys:
    known = brought.verifying()
    signing = tuple(key for key in _retired(keys.signing, now) if key.id not in known)
    names = {name for name, _ in brought.sealing}
    sealing = tuple(pair for pair in keys.sealing if pair[0] not in names)
    return replace(brought, signing=(*signing, *brought.signing), sealing=(*sealing, *brought.sealing))


def _retired(signing: tuple[PublicKey, ...], now: datetime) -> tuple[PublicKey, ...]:
    return tuple(key if key.retired_at else replace(key, retired_at=moment_text(now)) for key in signing)


def _public(origin: str, seed: bytes, now: datetime) -> PublicKey:
    key = SigningKey(origin, seed)
    return PublicKey(key.key_id, key.public, moment_text(now))


def _new_sealing() -> tuple[str, bytes]:
    return utils.random(8).hex(), utils.random(secret.Aead.KEY_SIZE)


def _to_plain(keys: Keys) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "origin": keys.origin,
        "seed": keys.seed.hex(),
        "signing": [
            {"id": key.id, "public": key.public.hex(), "since": key.since, "retired_at": key.retired_at}
            for key in keys.signing
        ],
        "sealing": [{"id": name, "key": key.hex()} for name, key in keys.sealing],
    }


def _from_plain(plain: dict[str, Any]) -> Keys:
    """Raises ValueError, KeyError or TypeError when the parts do not fit each other."""
    keys = Keys(
        plain["origin"],
        bytes.fromhex(plain["seed"]),
        tuple(
            PublicKey(key["id"], bytes.fromhex(key["public"]), key["since"], key["retired_at"])
            for key in plain["signing"]
        ),
        tuple((key["id"], bytes.fromhex(key["key"])) for key in plain["sealing"]),
    )
    if plain["format"] != FORMAT or not keys.sealing or keys.signing[-1].public != keys.signer.public:
        raise ValueError("not a key file")
    if any(key.id != key_id(keys.origin, key.public) for key in keys.signing):
        raise ValueError("a key does not fit its id")
    return keys
