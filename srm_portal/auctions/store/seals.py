"""Amounts that nobody may read before their time lie sealed in the log: sealed bids and the limits of automatic bidding.

Every auction has a key pair. The public part seals; the private part is wrapped by the server's key, which is kept
outside the database: a stolen database or backup shows neither sealed bids nor limits.
"""

from __future__ import annotations

import base64

from srm_portal.auctions.domain.commands import Command
from srm_portal.auctions.domain.public import is_hidden
from srm_portal.auctions.domain.state import State
from srm_portal.infra import sealing
from srm_portal.infra.keys import server_keys

MARK = "sealed:"
PADDED_TO = 256
"""Sealed texts are padded to multiples of this, so that their length tells no digits."""


def has_secret(state: State, asked: Command) -> bool:
    """Whether what was asked, or what came of it, must not be read before its time."""
    if asked.do == "proxy":
        return True
    lot = state.lots.get(asked.lot or "")
    return asked.do == "bid" and lot is not None and is_hidden(state, lot)


def new_seal(auction_id: str) -> tuple[str, str]:
    """(public, wrapped private) of a new auction, as text."""
    private, public = sealing.new_pair()
    wrapped = server_keys().wrap(private, _context(auction_id))
    return public.hex(), base64.b64encode(wrapped).decode()


def _context(auction_id: str) -> str:
    return f"auction {auction_id}"


class Seal:
    """One auction's seal. The private part is unwrapped when the first sealed text is read."""

    def __init__(self, auction_id: str, public: str, private: str) -> None:
        self._auction_id, self._public, self._wrapped = auction_id, public, private
        self._private: bytes | None = None

    def closed(self, text: str) -> str:
        """The text as it is stored where it holds a secret."""
        plain = text.encode()
        padded = plain + b" " * (-len(plain) % PADDED_TO)
        return MARK + base64.b64encode(sealing.seal(bytes.fromhex(self._public), padded)).decode()

    def opened(self, stored: str) -> str:
        """The text again, whether it was sealed or not. Raises Refused("sealing_key_missing") without the key."""
        if not stored.startswith(MARK):
            return stored
        if self._private is None:
            self._private = server_keys().unwrap(base64.b64decode(self._wrapped), _context(self._auction_id))
        box = base64.b64decode(stored.removeprefix(MARK))
        return sealing.unseal(self._private, box).decode().rstrip(" ")
