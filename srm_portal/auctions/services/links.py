"""What bidders' pages tell about their line: kept in memory, shown to the buyer, never used to decide anything."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from srm_portal.auctions import store
from srm_portal.auctions.queries import LINKS
from srm_portal.kernel.permissions import Actor

KEPT_MAX = 20_000


def note_link(actor: Actor, auction_id: str, round_trip_ms: int, *, now: datetime) -> None:
    """The newest round trip of the actor's company. Raises NotFound where the auction is not theirs."""
    _row, person = store.participant_row(actor, auction_id)
    told: dict[tuple[str, str], tuple[int, datetime]] = current_app.extensions.setdefault(LINKS, {})
    told.pop((auction_id, person.supplier_id), None)
    told[(auction_id, person.supplier_id)] = (round_trip_ms, now)
    while len(told) > KEPT_MAX:
        told.pop(next(iter(told)))
