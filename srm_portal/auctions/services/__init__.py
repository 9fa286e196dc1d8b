"""What people and the clock do to auctions."""

from srm_portal.auctions.services.bidding import (
    BidReceipt,
    accept_price,
    bid_status,
    cancel_proxy,
    place_bid,
    set_proxy,
    surrogate_bid,
)
from srm_portal.auctions.services.controls import (
    block,
    cancel,
    close,
    extend,
    open_seals,
    pause,
    remove_bid,
    reopen,
    resume,
    send_message,
)
from srm_portal.auctions.services.settings import Settings
from srm_portal.auctions.services.setup import (
    accept_terms,
    create_auction,
    discard_draft,
    publish_auction,
)
from srm_portal.auctions.services.simulation import simulate
from srm_portal.auctions.services.timekeeping import keep_time
from srm_portal.auctions.services.withdrawal import withdraw_participant

__all__ = [
    "BidReceipt",
    "Settings",
    "accept_price",
    "accept_terms",
    "bid_status",
    "block",
    "cancel",
    "cancel_proxy",
    "close",
    "create_auction",
    "discard_draft",
    "extend",
    "keep_time",
    "open_seals",
    "pause",
    "place_bid",
    "publish_auction",
    "remove_bid",
    "reopen",
    "resume",
    "send_message",
    "set_proxy",
    "simulate",
    "surrogate_bid",
    "withdraw_participant",
]
