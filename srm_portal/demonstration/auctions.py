"""One auction that ended and can be replayed, and one that is live from the moment of the start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from decimal import Decimal

from flask import current_app

from srm_portal.auctions import queries, services
from srm_portal.auctions.services.settings import Settings
from srm_portal.demonstration import projects
from srm_portal.demonstration.people import Team
from srm_portal.demonstration.projects import Story
from srm_portal.infra.moment import bind_clock
from srm_portal.infra.transaction import command
from srm_portal.kernel.clock import FixedClock
from srm_portal.kernel.errors import Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing

LIVE_MINUTES = 45


@contextmanager
def _clock_at(moment: datetime) -> Iterator[FixedClock]:
    """While the past is told, the portal's clock shows it: bids are stamped by the clock, whoever asks."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    real, told = app.extensions["srm_clock"], FixedClock(moment)
    bind_clock(app, told)
    try:
        yield told
    finally:
        bind_clock(app, real)


def _rest(clock: FixedClock, seconds: int) -> None:
    """Time passes with the timekeeper awake."""
    while seconds > 0:
        clock.advance(seconds=min(seconds, 8))
        services.keep_time(clock.now())
        seconds -= 8


def finished_auction(story: Story) -> None:
    """A rank English auction of ten minutes, weeks ago; the award and a running contract followed."""
    command(projects.carry)(story, "contract")
    buyer, opens = story.team["buyer"], story.day(22)
    with _clock_at(opens - timedelta(hours=3)) as clock:
        given = Settings(
            title="Gearbox housings, price round",
            profile="open_lead",
            opens_at=opens,
            minutes=10,
            override_reason="Every bidder is invited from the approved panel.",
        )
        auction_id = services.create_auction(buyer, story.project_id, given, now=clock.now())
        services.publish_auction(buyer, auction_id, now=clock.now())
        bidders = _accept(story, auction_id, clock.now())
        clock.set(opens - timedelta(seconds=5))
        _rest(clock, 20)
        _play(story, auction_id, bidders, clock)
        _rest(clock, 900)
        services.release_minutes(buyer, auction_id, now=clock.now())
    command(projects.award)(story, at=24)
    command(projects.contract)(story, at=28)


def _accept(story: Story, auction_id: str, now: datetime) -> list[Actor]:
    sha256, supplier_ids = queries.agreed_on(auction_id)
    bidders = [story.registry.users[supplier_id] for supplier_id in supplier_ids]
    for bidder in bidders:
        services.accept_terms(bidder, auction_id, sha256=sha256, now=now)
    return bidders


def _play(story: Story, auction_id: str, bidders: list[Actor], clock: FixedClock) -> None:
    """Each bidder steps down towards a limit of their own, faster near the end."""
    lots = sourcing.lots(story.project_id)
    lines = sourcing.lines(story.project_id)
    today = {
        lot.number: sum((one.quantity * (one.baseline_price or 0) for one in lines if one.lot_id == lot.id), Decimal(0))
        for lot in lots
    }
    limits = {bidder.user_id: Decimal(str(round(story.chance.uniform(0.80, 0.92), 3))) for bidder in bidders}
    for turn in range(36):
        bidder = bidders[(turn * 2 + turn // 5) % len(bidders)]
        for number, lot in enumerate(lots, start=1):
            level = max(limits[bidder.user_id], Decimal("1.02") - Decimal("0.006") * turn)
            amount = (today[lot.number] * level).quantize(Decimal("1")) + Decimal(turn % 3)
            with suppress(Refused):  # a bid that is no improvement is refused, as it would be for anybody
                key = f"demo-{turn}-{number}-{bidder.user_id}"
                services.place_bid(
                    bidder, auction_id, f"L{number}", str(amount), key=key, confirm=True, now=clock.now()
                )
        _rest(clock, 15)


def live_auction(story: Story, customer: tuple[str, str], now: datetime) -> None:
    """A project whose bidders meet now; `ensure_live` opens its auction at every start."""
    command(projects.carry)(story, "contract", customer=customer)


def ensure_live(team: Team, now: datetime) -> None:
    """Open an auction that is clearly marked as simulated, unless one runs already."""
    buyer = team["buyer"]
    if any(one.state == "running" for one in queries.auctions(buyer, now)[0]):
        return
    project = next(
        (one for one in sourcing.projects(buyer, stage="contract", text="Machined brackets", limit=5)[0]), None
    )
    if project is None:
        return
    given = Settings(
        title=f"{project.title}: live now",
        profile="open_lead",
        opens_at=now + timedelta(seconds=1),
        minutes=LIVE_MINUTES,
        simulated=True,
        outage_grace_s=600,  # the portal is still starting while this auction opens
        override_reason="Demonstration.",
    )
    auction_id = services.create_auction(buyer, project.id, given, now=now)
    services.publish_auction(buyer, auction_id, now=now)
