"""Offers as far along as a test wants them: written, handed in, opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from srm_portal.bidding_lists import services as bidding
from srm_portal.evaluation.domain.assembly import CriterionValue
from srm_portal.kernel.permissions import Actor
from srm_portal.offers import queries, services
from srm_portal.offers.domain.answer import Answer, LineAnswer, Terms
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing import services as sourcing_services
from tests.support.factories.evaluation import AUTOMATIC, the_criteria
from tests.support.factories.sourcing import an_approved_need, an_event
from tests.support.factories.suppliers import MACHINE_TOOLS, a_contact, a_qualified_supplier
from tests.support.world import World

PAYMENT_DAYS = 30
COMPETITION_MIN = 3


@dataclass
class Tender:
    """A published event with its bidders: `tender.users[supplier_id]` may hand in."""

    project_id: str
    event_id: str
    users: dict[str, Actor] = field(default_factory=dict)
    suppliers: list[str] = field(default_factory=list)

    @property
    def first(self) -> Actor:
        return self.users[self.suppliers[0]]

    @property
    def second(self) -> Actor:
        return self.users[self.suppliers[1]]

    @property
    def stream(self) -> str:
        return f"project:{self.project_id}"


PRICE = CriterionValue("", "Total cost", "price", Decimal(100), "Commercial", worst=Decimal(10**6), best=Decimal(1))
ISO = CriterionValue("", "ISO 9001 certified", "yes_no", Decimal(0), "Technical", must=True)


def a_tender(
    world: World,
    *,
    suppliers: int = 2,
    lines: int = 2,
    lots: int = 1,
    days: float = 7,
    criteria: Sequence[CriterionValue] = AUTOMATIC,
    before_publication: Callable[[str], None] = lambda _event_id: None,
    need: Mapping[str, Any] | None = None,
    **event: Any,
) -> Tender:
    """An open event: `suppliers` of the panel have accepted; at least three (the minimum competition) are invited.

    `prepare(project_id)` is called before the event is published.
    """
    project_id = an_approved_need(world, lines=lines, lots=lots, category=MACHINE_TOOLS, **(need or {}))
    users = [_a_bidder(world, project_id, number + 1) for number in range(max(suppliers, COMPETITION_MIN))]
    for stage in ("potential", "bidding_list"):
        sourcing_services.pass_stage(world.buyer, project_id, stage, now=world.now)
    event.setdefault("payment_days", PAYMENT_DAYS)
    the_criteria(world, project_id, criteria, evaluators=event.pop("evaluators", ()), plan=event.pop("plan", None))
    event.pop("prepare", lambda _project_id: None)(project_id)
    event_id = an_event(world, project_id, days=days, **event)
    before_publication(event_id)
    bidding.publish_event(world.buyer, event_id, now=world.now)
    for user in users[:suppliers]:
        bidding.accept_invitation(user, event_id, now=world.now)
    taking_part = {str(user.supplier_id): user for user in users[:suppliers]}
    return Tender(project_id, event_id, taking_part, list(taking_part))


def _a_bidder(world: World, project_id: str, number: int) -> Actor:
    supplier_id = a_qualified_supplier(world, f"Bidder {number:02d}", category=MACHINE_TOOLS)
    a_contact(world, supplier_id)
    bidding.add_candidate(world.buyer, project_id, supplier_id, now=world.now)
    bidding.shortlist(world.buyer, project_id, supplier_id, now=world.now)
    return world.supplier_user(supplier_id)


def an_answer(
    world: World,
    event_id: str,
    prices: Mapping[int, str | Decimal | None] | None = None,
    *,
    deviations: Mapping[int, str] | None = None,
    questions: Mapping[str, str] | None = None,
    payment_days: int = PAYMENT_DAYS,
    validity_on: date | None = None,
    lead_days: int = 20,
) -> Answer:
    """A complete answer. `prices` by line number (None: not quoted); 10.00 each by default."""
    event = sourcing.event(event_id)
    assert event.publication is not None
    lines = []
    for line in event.publication["lines"]:
        price = (prices or {}).get(line["number"], None if prices else "10.00")
        lines.append(
            LineAnswer(
                line["id"],
                None if price is None else Decimal(price),
                None if price is None else lead_days,
                deviation=(deviations or {}).get(line["number"], ""),
                not_quoted=price is None,
            )
        )
    until = validity_on or (world.now + timedelta(days=365)).date()
    return Answer(tuple(lines), Terms(payment_days, until, "DAP"), questions or {})


def a_draft(world: World, user: Actor, event_id: str, prices: Mapping[int, Any] | None = None, **said: Any) -> None:
    services.save_draft(user, event_id, an_answer(world, event_id, prices, **said), version=None, now=world.now)


def a_submitted_offer(
    world: World, user: Actor, event_id: str, prices: Mapping[int, Any] | None = None, **said: Any
) -> str:
    """Hand in a complete offer of this supplier's user; returns the offer's id."""
    a_draft(world, user, event_id, prices, **said)
    return services.submit_offer(user, event_id, now=world.now)


def opened_event(
    world: World, *, prices: list[Mapping[int, Any]] | None = None, lines: int = 2, **values: Any
) -> Tender:
    """A tender whose offers are opened: one supplier for each mapping of prices."""
    offers = prices if prices is not None else [{1: "10", 2: "20"}, {1: "8", 2: "25"}]
    tender = a_tender(world, suppliers=len(offers), lines=lines, **values)
    for supplier_id, one in zip(tender.suppliers, offers, strict=True):
        a_submitted_offer(world, tender.users[supplier_id], tender.event_id, one)
    after_deadline(world, tender)
    services.open_offers(world.buyer, tender.event_id, now=world.now)
    return tender


def after_deadline(world: World, tender: Tender) -> None:
    deadline = sourcing.event(tender.event_id).deadline_at
    assert deadline is not None
    world.clock.set(max(world.now, deadline))


def proof(user: Actor, event_id: str, version: int = 1) -> tuple[bytes, bytes, str]:
    return queries.own_proof(user, event_id, version)
