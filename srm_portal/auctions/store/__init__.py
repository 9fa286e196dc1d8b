"""What auctions keep: rows, the log, and the folded state in memory."""

from srm_portal.auctions.store.memory import (
    GENESIS,
    Live,
    Mark,
    auction_row,
    bidder,
    entries,
    entry_hash,
    first_broken,
    forget,
    live,
    participant_row,
    participants,
    remembered,
    take,
    told,
)
from srm_portal.auctions.store.seals import Seal, has_secret, new_seal

__all__ = [
    "GENESIS",
    "Live",
    "Mark",
    "Seal",
    "auction_row",
    "bidder",
    "entries",
    "entry_hash",
    "first_broken",
    "forget",
    "has_secret",
    "live",
    "new_seal",
    "participant_row",
    "participants",
    "remembered",
    "take",
    "told",
]
