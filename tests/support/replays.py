"""At the end of a test: every auction it played is exported, and replaying the file gives what was lived."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from srm_portal.auctions import queries, store
from srm_portal.auctions.domain.replay import replay
from srm_portal.auctions.models import Auction
from srm_portal.infra.db import db


def every_auction_replays() -> int:
    """Check all auctions with a log; returns how many there were."""
    ids = list(db.session.scalars(select(Auction.id).where(Auction.seq > 0)))
    for auction_id in ids:
        the_auction_replays(auction_id)
    return len(ids)


def the_auction_replays(auction_id: str) -> dict[str, Any]:
    """The exported document, after its outcomes were found equal to those lived and its log unbroken."""
    assert store.first_broken(auction_id) is None
    store.forget(auction_id)
    document = queries.export(auction_id)
    again = replay(document)
    lived = queries.outcomes_as_lived(auction_id)
    told = [(one["accepted"], one.get("code", ""), one.get("seq")) for one in again["outcomes"]]
    assert told == [(one["accepted"], one["code"], one["seq"]) for one in lived]
    assert (again["outcomes"], again["log_sha256"]) == (document["outcomes"], document["log_sha256"])
    return document
