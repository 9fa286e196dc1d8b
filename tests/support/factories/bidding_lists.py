"""Candidates, lists and published events as a test wants them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from srm_portal.bidding_lists import services
from srm_portal.evaluation import services as evaluation
from srm_portal.evaluation.domain.assembly import CriterionValue
from srm_portal.identity import queries as identity
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import services as sourcing
from tests.support.factories.sourcing import an_approved_need, an_event
from tests.support.factories.suppliers import CASTINGS, a_contact, a_qualified_supplier, the_categories
from tests.support.world import World

PRICE = CriterionValue(
    "", "Price", "price", Decimal(100), envelope="commercial", worst=Decimal(9000), best=Decimal(1000)
)


def a_need_for_castings(world: World, **values: Any) -> str:
    """A project at step 2 whose category has a panel in these tests."""
    the_categories(world)
    return an_approved_need(world, **({"category": CASTINGS} | values))


def a_bidder(world: World, name: str = "", **values: Any) -> tuple[str, Actor]:
    """A qualified supplier with a contact who may sign in and bid: (supplier id, actor)."""
    supplier_id = a_qualified_supplier(world, name, category=CASTINGS, **values)
    actor = world.supplier_user(supplier_id)
    person = identity.person(actor.user_id)
    assert person is not None
    a_contact(world, supplier_id, name=person.name, email=person.email)
    return supplier_id, actor


def a_shortlist(world: World, project_id: str, suppliers: int = 3) -> dict[str, Actor]:
    """So many bidders of the panel on the shortlist."""
    found = dict(a_bidder(world, f"Bidder {number + 1}") for number in range(suppliers))
    for supplier_id in found:
        services.shortlist(world.buyer, project_id, supplier_id, now=world.now)
    return found


def an_event_to_publish(
    world: World, suppliers: int = 3, *, days: float = 7, **values: Any
) -> tuple[str, str, dict[str, Actor]]:
    """A project at step 4 with a draft event: (project id, event id, supplier id -> actor)."""
    need = {name: values.pop(name) for name in ("lines", "lots", "title") if name in values}
    project_id = a_need_for_castings(world, **need)
    found = a_shortlist(world, project_id, suppliers)
    sourcing.pass_stage(world.buyer, project_id, "potential", now=world.now)
    sourcing.pass_stage(world.buyer, project_id, "bidding_list", now=world.now)
    evaluation.save_criteria(world.buyer, project_id, (PRICE,), {}, complete=True, now=world.now)
    return project_id, an_event(world, project_id, days=days, **values), found


def a_published_event(
    world: World,
    suppliers: int = 3,
    *,
    accepted: bool = True,
    prepare: Callable[[str], None] | None = None,
    **values: Any,
) -> tuple[str, str, dict[str, Actor]]:
    """A published event whose suppliers take part: (project id, event id, supplier id -> actor).

    The price alone decides, unless `prepare(project_id)`, run before publication, says otherwise.
    """
    project_id, event_id, found = an_event_to_publish(world, suppliers, **values)
    if prepare is not None:
        prepare(project_id)
    services.publish_event(world.buyer, event_id, now=world.now)
    if accepted:
        for actor in found.values():
            services.accept_invitation(actor, event_id, now=world.now)
    return project_id, event_id, found
