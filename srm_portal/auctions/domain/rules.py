"""The frozen rules of an auction (R2), its lots and its bidders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

Format = Literal["english", "dutch", "japanese", "sealed", "rounds"]
Direction = Literal["reverse", "forward"]
Ties = Literal["timestamp", "equal_best", "equal_worst", "forbid", "forbid_first"]
MetricKind = Literal["price", "transformed", "weighted", "reduced_price", "life_cycle"]
Trigger = Literal["any", "new_leader", "beats_other"] | int
"""What extends an auction; an integer n means "a bid that lands in rank n or better" (R24)."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A decrement that holds for bases from `floor` up to and including `top` (R10)."""

    amount: Decimal
    floor: Decimal | None = None
    top: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Decrement:
    """By how much a bid must be better (R9, R10). `tiers` replace amount and percent."""

    amount: Decimal = Decimal(1)
    percent: Decimal | None = None
    tiers: tuple[Tier, ...] | None = None
    combine: Literal["larger", "smaller"] = "larger"
    base: Literal["own", "leader", "next_rank"] = "own"


@dataclass(frozen=True, slots=True)
class Extension:
    """Overtime (R22-R25). Times in seconds."""

    mode: Literal["reset", "add", "receipt"] = "reset"
    window_s: int = 120
    length_s: int = 120
    trigger: Trigger = 3
    scope: Literal["lot", "all"] = "lot"
    max_count: int | None = None
    hard_stop_s: int = 3600


@dataclass(frozen=True, slots=True)
class LotsTiming:
    """Parallel, serial or staggered lots (R25, R57). Times in seconds."""

    kind: Literal["parallel", "serial", "staggered"] = "parallel"
    gap_s: int = 0
    spacing_s: int = 0
    min_gap_s: int = 0
    increment_s: int = 0


@dataclass(frozen=True, slots=True)
class Visibility:
    """What a bidder's screen is sent (R14)."""

    rank: bool = True
    lead_price: bool = False
    lead_after_own_bid: bool = True
    bidder_count: bool = False
    history: bool = False
    distance: bool = False
    colour: bool = False
    to_beat: bool = False
    reserve_met: bool = False
    competitors: bool = False


@dataclass(frozen=True, slots=True)
class DutchClock:
    """The price climbs (reverse) or falls (forward) to the cap (R31-R36)."""

    start: Decimal = Decimal(60000)
    step: Decimal = Decimal(4000)
    tick_s: int = 60
    cap: Decimal = Decimal(90000)
    winners: int = 1
    partial: bool = False


@dataclass(frozen=True, slots=True)
class JapaneseClock:
    """The price falls (reverse) or climbs (forward) and bidders stay in (R37-R45). One of the three steps is set."""

    start: Decimal = Decimal(100000)
    step_amount: Decimal | None = None
    step_percent_of_start: Decimal | None = Decimal(1)
    step_percent_of_latest: Decimal | None = None
    tick_s: int = 60
    min_active: int = 1
    target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Turns:
    """Rounds in which bidders act in turn (R50). Times in seconds."""

    count: int = 3
    turn_s: int = 120
    first_pause_s: int = 300
    pause_s: int = 120
    announce_s: int = 120


@dataclass(frozen=True, slots=True)
class Limits:
    """Absolute limits of any amount typed (R4, check 6)."""

    min: Decimal | None = None
    max: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """Lots whose sum is ranked as one more line (R58)."""

    id: str
    lots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that decides an auction besides lots, bidders and commands. Shown before the start, then frozen."""

    format: Format = "english"
    direction: Direction = "reverse"
    currency: str = "EUR"
    tick: Decimal = Decimal("0.01")
    decrement: Decrement = Decrement()
    max_change_percent: Decimal | None = None
    lead_buffer: Decimal | None = None
    leader_may_improve: bool = True
    ties: Ties = "timestamp"
    tie_chain: tuple[str, ...] = ("metric", "seq")
    metric: MetricKind = "price"
    extension: Extension | None = None
    lots_timing: LotsTiming = LotsTiming()
    resume_min_s: int = 60
    visibility: Visibility = Visibility()
    dutch: DutchClock | None = None
    japanese: JapaneseClock | None = None
    rounds: Turns | None = None
    qualification_price: Decimal | None = None
    limits: Limits = Limits()
    packages: tuple[Package, ...] = ()
    closed_then_open_percent: Decimal | None = None
    outage_grace_s: int = 10
    review_s: int = 0
    prebid_s: int = 0
    without_tax: bool = True
    practice: bool = False
    terms_first: bool = False

    @property
    def sign(self) -> int:
        """1 where lower is better, -1 in a forward auction."""
        return 1 if self.direction == "reverse" else -1

    @property
    def has_clock(self) -> bool:
        """Dutch and Japanese: the price is the clock's, bidders only accept."""
        return self.format in ("dutch", "japanese")

    @property
    def turns(self) -> Turns:
        """The turns of a `rounds` auction, R50's own numbers where none are given."""
        return self.rounds or Turns()


@dataclass(frozen=True, slots=True)
class Weighted:
    """Published ceiling and floor of the price score and the price's weight in percent (R20)."""

    ceiling: Decimal = Decimal(120)
    floor: Decimal = Decimal(60)
    price_weight: Decimal = Decimal(60)


@dataclass(frozen=True, slots=True)
class Lot:
    """One thing to be decided, with its scheduled times."""

    id: str = "L1"
    open: datetime = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    close: datetime = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
    ceiling: Decimal | None = None
    reserve: Decimal | None = None
    quantity: Decimal = Decimal(1)
    weighted: Weighted | None = None


@dataclass(frozen=True, slots=True)
class Bidder:
    """A participant with what was frozen about them before the start (R19-R21)."""

    id: str = "A"
    factor: Decimal = Decimal(0)
    addition: Decimal = Decimal(0)
    quality: Decimal = Decimal(0)
    features: tuple[Decimal, ...] = field(default=())
    feature_maxima: tuple[Decimal, ...] = field(default=())
    costs: Decimal = Decimal(0)
    start_price: Decimal | None = None
