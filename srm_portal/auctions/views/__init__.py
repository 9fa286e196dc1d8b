"""Pages of auctions: the buyer's and the bidder's."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("auctions", __name__)

from srm_portal.auctions.views import bidder, cockpit, record, setup  # noqa: E402

__all__ = ["bidder", "bp", "cockpit", "record", "setup"]
