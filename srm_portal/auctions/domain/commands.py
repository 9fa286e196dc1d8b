"""What people ask of an auction. A command is data; `engine.decide` answers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

BUYER = "buyer"
"""The `by` of everything the buying side does."""

BidderAct = Literal["bid", "accept", "proxy", "cancel_proxy", "withdraw", "accept_terms"]
BuyerAct = Literal[
    "pause", "resume", "extend", "remove_bid", "cancel", "reopen", "close", "open",
    "block", "unblock", "change_rules", "outage",
]  # fmt: skip

BIDDER_ACTS = ("bid", "accept", "proxy", "cancel_proxy", "withdraw", "accept_terms")
BUYER_ACTS = (
    "pause", "resume", "extend", "remove_bid", "cancel", "reopen", "close", "open",
    "block", "unblock", "change_rules", "outage",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Command:
    """One request. Fields that its `do` does not use stay None.

    `amount`, `limit`, `step` and `quantity` are what was sent, unparsed: a wrong number is an answer of the
    engine (R4, check 6), not an error of its caller. `rules` (change_rules) is the parsed `Rules`.
    """

    do: BidderAct | BuyerAct
    by: str
    lot: str | None = None
    key: str | None = None
    amount: object = None
    confirm: bool = False
    tick: int | None = None
    quantity: object = None
    limit: object = None
    step: object = None
    seq: int | None = None
    seconds: int | None = None
    reason: str | None = None
    version: int | None = None
    rules: Any = None
    until: datetime | None = None
    surrogate_for: str | None = None
    bidder: str | None = None

    @property
    def participant(self) -> str | None:
        """Whose bid this is: the bidder's own, or the one a surrogate bid is placed for (R61)."""
        return self.surrogate_for if self.by == BUYER else self.by

    def payload(self) -> tuple[object, ...]:
        """What makes two commands with one key the same: everything but the key and the confirmation."""
        return (
            self.do, self.lot, self.amount, self.tick, self.quantity, self.limit, self.step, self.seq, self.seconds,
            self.reason, self.version, self.rules, self.until, self.surrogate_for, self.bidder,
        )  # fmt: skip
