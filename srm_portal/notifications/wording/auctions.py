"""Notices about auctions."""

from flask_babel import lazy_gettext as _l

NOTICES = {
    "auction_invited": _l("You are invited to the live auction “%(title)s”. Please read and accept its rules."),
    "auction_paused": _l("The auction “%(title)s” is paused: %(reason)s"),
    "auction_resumed": _l("The auction “%(title)s” goes on."),
    "auction_extended": _l("The auction “%(title)s” was extended: %(reason)s"),
    "auction_reopened": _l("The auction “%(title)s” was opened again for all bidders: %(reason)s"),
    "auction_cancelled": _l("The auction “%(title)s” was called off: %(reason)s"),
    "auction_closed_early": _l("The auction “%(title)s” was closed early: %(reason)s"),
    "auction_bid_removed": _l("A bid of yours in “%(title)s” was removed: %(reason)s"),
    "auction_seals_opened": _l("The sealed bids of “%(title)s” were opened."),
    "auction_outage": _l("The auction “%(title)s” is paused: the portal was away. The buyer resumes it."),
    "auction_minutes": _l("The minutes of the auction “%(title)s” are there, without names."),
    "auction_closed": _l("The auction “%(title)s” is over. The results are there."),
}
