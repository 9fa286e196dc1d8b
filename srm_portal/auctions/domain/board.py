"""The buyer's board: everything but proxy limits and sealed values (R62)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from srm_portal.auctions.domain import results
from srm_portal.auctions.domain.commands import BUYER
from srm_portal.auctions.domain.figures import amount_text, metric_text
from srm_portal.auctions.domain.public import heard, is_hidden, lot_head, maybe_amount
from srm_portal.auctions.domain.reader import moment_text
from srm_portal.auctions.domain.rules import Rules
from srm_portal.auctions.domain.rules_writing import rules_sha256
from srm_portal.auctions.domain.state import LotState, State


def buyer_view(state: State, moment: datetime) -> dict[str, Any]:
    """The buyer's board: everything but proxy limits and sealed values (R62)."""
    rules = state.rules
    return {
        "viewer": BUYER,
        "state_seq": heard(state, BUYER),
        "version": state.version,
        "rules_sha256": rules_sha256(rules),
        "format": rules.format,
        "direction": rules.direction,
        "currency": rules.currency,
        "without_tax": rules.without_tax,
        "practice": rules.practice,
        "bidders": [
            {"id": name, "blocked": each.blocked, "confirmed": each.accepted_version >= state.required_version}
            for name, each in state.bidders.items()
        ],
        "lots": [buyer_lot(state, lot, moment) for lot in state.lots.values()],
        "packages": [
            {
                "id": package.id,
                "lots": list(package.lots),
                "ranking": [
                    {"bidder": row.bidder, "rank": row.rank, "amount": amount_text(rules, row.amount)}
                    for row in results.package_ranking(state, package)
                ],
            }
            for package in rules.packages
        ],
    }


def buyer_lot(state: State, lot: LotState, moment: datetime) -> dict[str, Any]:
    """One lot on the buyer's board, its bids struck through where removed (R60)."""
    rules = state.rules
    hidden = is_hidden(state, lot)
    return lot_head(state, lot, moment) | {
        "reserve": maybe_amount(rules, lot.lot.reserve),
        "reserve_met": None if hidden else results.reserve_met(state, lot),
        "ranking": [
            {
                "bidder": row.bidder,
                "rank": row.rank,
                "amount": amount_text(rules, row.amount),
                "metric": metric_text(rules, row.cost),
                "seq": row.seq,
            }
            for row in results.ranking(state, lot)
        ],
        "bids": [] if hidden else _all_bids(rules, lot),
        "winners": [] if hidden else results.winners(state, lot, moment),
    }


def _all_bids(rules: Rules, lot: LotState) -> list[dict[str, Any]]:
    bids = sorted((bid for bids in lot.bids.values() for bid in bids), key=lambda bid: bid.seq)
    return [
        {
            "bidder": bid.placed.bidder,
            "amount": amount_text(rules, bid.amount),
            "seq": bid.seq,
            "recv": moment_text(bid.placed.recv),
            "removed": bid.removed,
            "made": bid.placed.trigger is not None,
            "surrogate": bid.placed.author is not None,
        }
        for bid in bids
    ]
