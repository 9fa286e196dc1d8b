"""The database fails at the N-th write of a use case, for every N: all of it happened, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from srm_portal.audit.queries import stream_acts
from srm_portal.audit.services import verify_streams
from srm_portal.infra.db import db
from srm_portal.offers import queries, services
from srm_portal.sourcing import queries as sourcing
from tests.support.factories.offers import Tender, a_draft, a_submitted_offer, a_tender, after_deadline
from tests.support.world import World


class DiskFull(Exception):
    pass


@contextmanager
def failing_at(number: int) -> Iterator[list[str]]:
    """Writes up to the N-th go through; that one fails. Yields the writes seen."""
    seen: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            seen.append(statement)
            if len(seen) == number:
                raise DiskFull(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", count)


def writes_of(act: Callable[[], Any], unchanged: Callable[[], Any]) -> int:
    """Fail `act` at each of its writes in turn, check that nothing changed, then let it through; how many there were."""
    before, number = unchanged(), 0
    while True:
        number += 1
        with failing_at(number) as seen:
            try:
                act()
            except DiskFull:
                pass
            else:
                return len(seen)
        db.session.rollback()
        assert unchanged() == before, seen[-1]


def state(tender: Tender) -> tuple[Any, ...]:
    acts = ["offer.submitted", "offer.withdrawn", "offers.opened", "event.opened"]
    entries = [(line.action, line.hash) for line in stream_acts(tender.stream, acts)]
    db.session.rollback()
    return (
        entries,
        queries.counts(tender.event_id),
        sourcing.event(tender.event_id).state,
        queries.opening(tender.event_id),
        len(queries.opened(tender.event_id)),
        verify_streams()[1],
    )


def test_handing_in_and_replacing_happen_as_a_whole(world: World) -> None:
    tender = a_tender(world)
    a_draft(world, tender.first, tender.event_id)
    for price in ("10", "9"):
        a_draft(world, tender.first, tender.event_id, {1: price, 2: price})
        writes = writes_of(
            lambda: services.submit_offer(tender.first, tender.event_id, now=world.now), lambda: state(tender)
        )
        assert writes >= 5
    assert queries.counts(tender.event_id)["submitted"] == 1


def test_withdrawing_happens_as_a_whole(world: World) -> None:
    tender = a_tender(world)
    a_submitted_offer(world, tender.first, tender.event_id)
    assert writes_of(
        lambda: services.withdraw_offer(tender.first, tender.event_id, now=world.now), lambda: state(tender)
    )
    assert queries.counts(tender.event_id)["submitted"] == 0


@pytest.mark.parametrize("offers", [0, 2])
def test_opening_happens_as_a_whole(world: World, offers: int) -> None:
    tender = a_tender(world)
    for user in list(tender.users.values())[:offers]:
        a_submitted_offer(world, user, tender.event_id)
    after_deadline(world, tender)
    assert writes_of(lambda: services.open_offers(world.buyer, tender.event_id, now=world.now), lambda: state(tender))
    assert len(queries.opened(tender.event_id)) == offers
