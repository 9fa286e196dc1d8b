"""Ed25519 with libsodium. What is signed, and in which form, is decided in the pure packages."""

from __future__ import annotations

from dataclasses import dataclass, field

from nacl import exceptions
from nacl import signing as sodium

from srm_portal.kernel.signed_note import check_name, key_id


def new_seed() -> bytes:
    """The 32 secret bytes of a new key, from the system's randomness."""
    return bytes(sodium.SigningKey.generate())


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the key of `public` signed exactly this message. Malformed keys and signatures verify nothing."""
    if len(public) != 32 or len(signature) != 64:
        return False
    try:
        sodium.VerifyKey(public).verify(message, signature)
    except exceptions.BadSignatureError:
        return False
    return True


@dataclass(frozen=True)
class SigningKey:
    """A named Ed25519 key. Its secret appears neither in `repr` nor in a log."""

    origin: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_name(self.origin)

    @property
    def public(self) -> bytes:
        return bytes(sodium.SigningKey(self.seed).verify_key)

    @property
    def key_id(self) -> str:
        return key_id(self.origin, self.public)

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return sodium.SigningKey(self.seed).sign(message).signature
