"""Ready-made rules to start from. Each is a whole `Rules`; a buyer changes what the case needs."""

from __future__ import annotations

from decimal import Decimal

from srm_portal.auctions.domain.rules import (
    Decrement,
    DutchClock,
    Extension,
    JapaneseClock,
    Rules,
    Turns,
    Visibility,
)

_CAREFUL = Decimal(20)
_HALF_PERCENT = Decimal("0.5")

RANK_ENGLISH = Rules(
    decrement=Decrement(amount=Decimal(1), percent=_HALF_PERCENT),
    max_change_percent=_CAREFUL,
    extension=Extension(),
)
"""Bidders see their own rank, never a rival's price."""

OPEN_LEAD = Rules(
    decrement=Decrement(amount=Decimal(1), percent=_HALF_PERCENT, base="leader"),
    max_change_percent=_CAREFUL,
    extension=Extension(trigger="new_leader"),
    visibility=Visibility(lead_price=True, colour=True, to_beat=True),
)
"""The lead price is open to whoever has bid; every bid must beat it."""

WEIGHTED_LIVE = Rules(
    metric="weighted",
    tie_chain=("metric", "quality", "seq"),
    max_change_percent=_CAREFUL,
    extension=Extension(),
    visibility=Visibility(colour=True),
)
"""Price and frozen quality in one absolute score (R20)."""

BONUS_MALUS = Rules(
    metric="transformed",
    max_change_percent=_CAREFUL,
    extension=Extension(),
    visibility=Visibility(colour=True, to_beat=True),
)
"""Prices ranked with each bidder's bonus or malus (R19)."""

DUTCH_FAST = Rules(format="dutch", dutch=DutchClock(tick_s=20), visibility=Visibility(rank=False))
"""The price climbs every twenty seconds; the first to accept wins."""

JAPANESE = Rules(format="japanese", japanese=JapaneseClock(), visibility=Visibility(rank=False))
"""The price falls and bidders stay in or leave; rivals are hidden."""

FAIR_ROUNDS = Rules(format="rounds", rounds=Turns(), max_change_percent=_CAREFUL)
"""Three rounds in turns after opening offers (R50)."""

SEALED_THEN_LIVE = Rules(
    format="sealed",
    closed_then_open_percent=Decimal(10),
    max_change_percent=_CAREFUL,
    extension=Extension(),
)
"""Sealed bids first; the best, at least three, go live after the opening (R52)."""

FACE_TO_FACE = Rules(
    max_change_percent=_CAREFUL,
    extension=Extension(trigger="any", window_s=300, length_s=300),
    visibility=Visibility(rank=False, colour=True),
    review_s=600,
)
"""Two or three bidders at one table: leading or not is all they see, with long overtime and time to review."""

PROFILES: dict[str, Rules] = {
    "rank_english": RANK_ENGLISH,
    "open_lead": OPEN_LEAD,
    "weighted_live": WEIGHTED_LIVE,
    "bonus_malus": BONUS_MALUS,
    "dutch_fast": DUTCH_FAST,
    "japanese": JAPANESE,
    "fair_rounds": FAIR_ROUNDS,
    "sealed_then_live": SEALED_THEN_LIVE,
    "face_to_face": FACE_TO_FACE,
}
