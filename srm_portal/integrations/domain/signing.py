"""Standard Webhooks signatures: HMAC-SHA256 over `id.timestamp.body`, version v1.

Source: https://www.standardwebhooks.com, specification 1.0.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

PREFIX = "whsec_"
TOLERANCE_S = 300
SECRET_BYTES = 32
_ID_MAX = 200


class BadSignature(Exception):
    """`code`: headers_missing, timestamp_wrong, too_old, too_new, signature_wrong."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def secret_text(raw: bytes) -> str:
    """How a secret is handed over."""
    return PREFIX + base64.b64encode(raw).decode()


def secret_bytes(text: str) -> bytes:
    """Raises ValueError when it is no such secret, or shorter than 24 bytes."""
    try:
        raw = base64.b64decode(text.strip().removeprefix(PREFIX) + "==", validate=False)
    except binascii.Error as wrong:
        raise ValueError("no secret") from wrong
    if not 24 <= len(raw) <= 64:
        raise ValueError("no secret")
    return raw


def signature(secret: bytes, message: str, timestamp: int, body: bytes) -> str:
    signed = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def headers(secret: bytes, message: str, body: bytes, now: datetime) -> dict[str, str]:
    """The three headers of a message that is sent now."""
    timestamp = int(now.timestamp())
    return {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message, timestamp, body),
    }


def verify(secret: bytes, given: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The message's id when one of its signatures is right and it is at most five minutes old; else BadSignature."""
    message, moment = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    signatures = given.get("webhook-signature", "")
    if not (message and moment and signatures) or len(message) > _ID_MAX:
        raise BadSignature("headers_missing")
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 11):
        raise BadSignature("timestamp_wrong")
    age = now.timestamp() - int(moment)
    if age > TOLERANCE_S:
        raise BadSignature("too_old")
    if age < -TOLERANCE_S:
        raise BadSignature("too_new")
    right = signature(secret, message, int(moment), body).encode()
    if not any(hmac.compare_digest(right, one.encode()) for one in signatures.split(" ")[:20]):
        raise BadSignature("signature_wrong")
    return message
