"""The server's keys at hand: what they seal is safe in a stolen database."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import urlsplit

from flask import Flask, current_app

from srm_portal.infra.keyring import KeyRing, Keys
from srm_portal.infra.moment import app_now

_KEY = "srm_keyring"
_SECOND_FACTOR = "second factor"


def origin_of(public_url: str) -> str:
    """The portal's name in receipts and checkpoints: its host."""
    return urlsplit(public_url).netloc


def bind_keyring(app: Flask) -> None:
    ring = KeyRing(app.config["KEYRING_FILE"], origin_of(app.config["PUBLIC_URL"]))
    app.extensions[_KEY] = ring
    if not app.config["SECRET_KEY"]:
        seed = ring.keys(app_now(app)).seed
        app.config["SECRET_KEY"] = hashlib.blake2b(seed, person=b"web forms").hexdigest()


def keyring() -> KeyRing:
    ring: KeyRing = current_app.extensions[_KEY]
    return ring


def server_keys() -> Keys:
    """The keys in use now."""
    return keyring().keys(app_now())


def seal_secret(text: str) -> str:
    """A small secret (a second factor) as text that only this server's keys open."""
    return base64.b64encode(server_keys().wrap(text.encode(), _SECOND_FACTOR)).decode()


def open_secret(sealed: str) -> str:
    return server_keys().unwrap(base64.b64decode(sealed), _SECOND_FACTOR).decode()
