"""Opened offers as bids. Before the opening there are none to tell of."""

from __future__ import annotations

from decimal import Decimal

from srm_portal.exchange.domain.ocds_write import ExportBid, ExportStatistic
from srm_portal.kernel.money import Money
from srm_portal.offers import queries as offers
from srm_portal.sourcing.queries import EventView


def bids(published: EventView | None) -> tuple[ExportBid, ...]:
    if published is None:
        return ()
    return tuple(
        ExportBid(
            offer.id,
            offer.supplier_id,
            offer.submitted_at,
            "disqualified" if offer.knocked_out else "valid",
            Money(offer.total, offer.currency) if offer.total is not None else None,
        )
        for offer in offers.opened(published.id)
    )


def statistics(published: EventView | None, found: tuple[ExportBid, ...]) -> tuple[ExportStatistic, ...]:
    """How many, and the range of the valid amounts; nothing before the opening."""
    if published is None or published.state != "opened":
        return ()
    valid = [bid for bid in found if bid.status == "valid"]
    amounts = sorted(bid.value.amount for bid in valid if bid.value)
    counts = (
        ExportStatistic("bids", Decimal(len(found))),
        ExportStatistic("validBids", Decimal(len(valid))),
        ExportStatistic("disqualifiedBidders", Decimal(len(found) - len(valid))),
    )
    if not amounts:
        return counts
    return (
        *counts,
        ExportStatistic("lowestValidBidValue", Money(amounts[0], published.currency)),
        ExportStatistic("highestValidBidValue", Money(amounts[-1], published.currency)),
    )
