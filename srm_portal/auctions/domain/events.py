"""What happened, as facts. The log of an auction is a list of these; `evolution.evolve` folds them (R1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from srm_portal.auctions.domain.rules import Rules


@dataclass(frozen=True, slots=True)
class BidPlaced:
    """A bid, an acceptance of a clock's price (`tick`), or a bid made by a proxy (`trigger` set, R54)."""

    seq: int
    lot: str
    bidder: str
    amount: Decimal
    recv: datetime
    trigger: int | None = None
    tick: int | None = None
    quantity: Decimal | None = None
    turn: int | None = None
    author: str | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class LotTimed:
    """New times of a lot. `grid` is where tick or turn zero begins. `cause` is a code."""

    lot: str
    open: datetime
    close: datetime
    scheduled: datetime
    grid: datetime
    cause: str
    extended_from: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class LotEnded:
    """A lot ended by an act, not by time: taken (Dutch), closed or cancelled by the buyer."""

    lot: str
    cause: str
    recv: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class LotPaused:
    lot: str
    recv: datetime
    cause: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class LotResumed:
    """The lot takes bids again. Acceptances of the broken Japanese tick are void (R45)."""

    lot: str
    recv: datetime
    void_tick: int | None = None


@dataclass(frozen=True, slots=True)
class LotReopened:
    lot: str
    recv: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class SealOpened:
    """The sealed values of a lot became known (R51). `qualified` may bid in a live stage (R52)."""

    lot: str
    recv: datetime
    by: str
    qualified: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class BidRemoved:
    lot: str
    bidder: str
    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class BidWithdrawn:
    lot: str
    bidder: str
    recv: datetime


@dataclass(frozen=True, slots=True)
class ProxySet:
    seq: int
    lot: str
    bidder: str
    limit: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True)
class ProxyCancelled:
    lot: str
    bidder: str


@dataclass(frozen=True, slots=True)
class BidderBlocked:
    bidder: str
    blocked: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class TermsAccepted:
    bidder: str
    version: int


@dataclass(frozen=True, slots=True)
class RulesChanged:
    """Version n+1 (R2). `material`: bidders confirm again before they bid."""

    version: int
    rules: Rules
    material: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class OutageNoted:
    """The service was away; short enough to carry on (R47)."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class MadeBid:
    """A proxy bid as a receipt lists it."""

    by: str
    amount: Decimal
    seq: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """The last event of every accepted command: its number, and the answer a retry with the same key gets again."""

    seq: int
    recv: datetime
    by: str
    do: str
    lot: str | None = None
    key: str | None = None
    fingerprint: str | None = None
    rank: int | None = None
    close: datetime | None = None
    made: tuple[MadeBid, ...] = ()


Event = (
    BidPlaced | LotTimed | LotEnded | LotPaused | LotResumed | LotReopened | SealOpened | BidRemoved | BidWithdrawn
    | ProxySet | ProxyCancelled | BidderBlocked | TermsAccepted | RulesChanged | OutageNoted | Receipt
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refusal:
    """A no. It changes nothing and uses up no key. `late_ms` and `amount_sha256` are kept as evidence (R5)."""

    code: str
    next_valid: Decimal | None = None
    late_ms: int | None = None
    amount_sha256: str | None = None
