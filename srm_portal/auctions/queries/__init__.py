"""The only reads of auctions."""

from srm_portal.auctions.queries.board import Board, BoardLot, board, chart
from srm_portal.auctions.queries.listing import (
    FORMAT_NAMES,
    PHASES,
    AuctionResult,
    AuctionView,
    agreed_on,
    auctions,
    connected,
    of_project,
    of_supplier,
    results,
    watching,
)
from srm_portal.auctions.queries.minutes import (
    export,
    export_by_reference,
    frames,
    minutes,
    outcomes_as_lived,
    screen,
)
from srm_portal.auctions.queries.room import Seat, messages, pushed, seat, shared_view, short, snapshot

__all__ = [
    "FORMAT_NAMES",
    "PHASES",
    "AuctionResult",
    "AuctionView",
    "Board",
    "BoardLot",
    "Seat",
    "agreed_on",
    "auctions",
    "board",
    "chart",
    "connected",
    "export",
    "export_by_reference",
    "frames",
    "messages",
    "minutes",
    "of_project",
    "of_supplier",
    "outcomes_as_lived",
    "pushed",
    "results",
    "screen",
    "seat",
    "shared_view",
    "short",
    "snapshot",
    "watching",
]
