"""What people and the clock do to auctions."""

from srm_portal.auctions.services.bidding import (
    BidReceipt,
    accept_price,
    bid_status,
    cancel_proxy,
    place_bid,
    set_proxy,
    surrogate_bid,
    withdraw_bid,
)
from srm_portal.auctions.services.controls import (
    block,
    cancel,
    close,
    extend,
    open_seals,
    pause,
    release_minutes,
    remove_bid,
    reopen,
    resume,
    send_message,
)
from srm_portal.auctions.services.links import note_link
from srm_portal.auctions.services.planning import Planned, advice, plan_auction
from srm_portal.auctions.services.settings import Settings, directions
from srm_portal.auctions.services.setup import (
    accept_terms,
    create_auction,
    discard_draft,
    practice_run,
    publish_auction,
)
from srm_portal.auctions.services.simulation import simulate
from srm_portal.auctions.services.timekeeping import keep_time
from srm_portal.auctions.services.withdrawal import withdraw_participant

__all__ = [
    "BidReceipt",
    "Planned",
    "Settings",
    "accept_price",
    "accept_terms",
    "advice",
    "bid_status",
    "block",
    "cancel",
    "cancel_proxy",
    "close",
    "create_auction",
    "directions",
    "discard_draft",
    "extend",
    "keep_time",
    "note_link",
    "open_seals",
    "pause",
    "place_bid",
    "plan_auction",
    "practice_run",
    "publish_auction",
    "release_minutes",
    "remove_bid",
    "reopen",
    "resume",
    "send_message",
    "set_proxy",
    "simulate",
    "surrogate_bid",
    "withdraw_bid",
    "withdraw_participant",
]
