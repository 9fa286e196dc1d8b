"""Secrets under a pass-phrase: Argon2id and SecretBox, as one small JSON file.

The same form serves the export of the server's keys and the key files of opening officers; a browser
with libsodium opens it too.
"""

from __future__ import annotations

import base64
import binascii
import unicodedata
from typing import Any

from nacl import exceptions, secret, utils
from nacl.pwhash import argon2id

from srm_portal.kernel.canonical import canonical, from_canonical
from srm_portal.kernel.errors import Refused

FORMAT = "srm-portal/locked/1"
PASSPHRASE_MIN = 10
OPERATIONS = 3
MEMORY_BYTES = 64 * 2**20
"""The second recommended choice of RFC 9106, section 4."""
OPERATIONS_MAX = 10
MEMORY_BYTES_MAX = 2**30
_FIELDS = {"format", "operations", "memory_bytes", "salt", "box"}


def lock(content: dict[str, Any], passphrase: str, purpose: str) -> bytes:
    """A file that holds `content` (canonical values). Refuses a short pass-phrase: `passphrase_too_short`."""
    phrase = _normal(passphrase)
    if len(phrase) < PASSPHRASE_MIN:
        raise Refused("passphrase_too_short", length_min=PASSPHRASE_MIN)
    salt = utils.random(argon2id.SALTBYTES)
    key = argon2id.kdf(32, phrase.encode(), salt, opslimit=OPERATIONS, memlimit=MEMORY_BYTES)
    box = secret.SecretBox(key).encrypt(canonical({"purpose": purpose, "content": content}))
    return canonical(
        {
            "format": FORMAT,
            "operations": OPERATIONS,
            "memory_bytes": MEMORY_BYTES,
            "salt": base64.b64encode(salt).decode(),
            "box": base64.b64encode(box).decode(),
        }
    )


def unlock(data: bytes, passphrase: str, purpose: str) -> dict[str, Any]:
    """The content of a locked file.

    Refusals: `not_a_key_file` for another form or another purpose, `wrong_passphrase` for a wrong
    pass-phrase or a changed file (the two cannot be told apart).
    """
    header = _header(data)
    phrase = _normal(passphrase).encode()
    key = argon2id.kdf(32, phrase, header["salt"], opslimit=header["operations"], memlimit=header["memory_bytes"])
    try:
        opened = from_canonical(secret.SecretBox(key).decrypt(header["box"]))
    except exceptions.CryptoError:
        raise Refused("wrong_passphrase") from None
    if opened["purpose"] != purpose:
        raise Refused("not_a_key_file")
    content: dict[str, Any] = opened["content"]
    return content


def _header(data: bytes) -> dict[str, Any]:
    try:
        header = from_canonical(data.strip())
        if not isinstance(header, dict) or set(header) != _FIELDS or header["format"] != FORMAT:
            raise ValueError("fields")
        operations, memory = header["operations"], header["memory_bytes"]
        if type(operations) is not int or not 1 <= operations <= OPERATIONS_MAX:
            raise ValueError("operations")
        if type(memory) is not int or not argon2id.MEMLIMIT_MIN <= memory <= MEMORY_BYTES_MAX:
            raise ValueError("memory_bytes")
        salt, box = (base64.b64decode(header[name], validate=True) for name in ("salt", "box"))
        if len(salt) != argon2id.SALTBYTES or len(box) < secret.SecretBox.NONCE_SIZE + secret.SecretBox.MACBYTES:
            raise ValueError("length")
    except (ValueError, TypeError, binascii.Error):
        raise Refused("not_a_key_file") from None
    return {"operations": operations, "memory_bytes": memory, "salt": salt, "box": box}


def _normal(passphrase: str) -> str:
    """Keyboards spell the same letter differently; NFKC makes them agree."""
    return unicodedata.normalize("NFKC", passphrase)
