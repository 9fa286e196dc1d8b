"""The server's keys at hand: what they seal is safe in a stolen database."""

from __future__ import annotations

from flask import Flask, current_app

from srm_portal.infra.keyring import Keyring

_KEY = "srm_keyring"


def bind_keyring(app: Flask, keyring: Keyring) -> None:
    app.extensions[_KEY] = keyring


def keyring() -> Keyring:
    bound: Keyring = current_app.extensions[_KEY]
    return bound


def seal_secret(text: str) -> str:
    """A small secret (a second factor) as text that only this server's keys open."""
    return keyring().seal_text(text)


def open_secret(sealed: str) -> str:
    return keyring().open_text(sealed)
