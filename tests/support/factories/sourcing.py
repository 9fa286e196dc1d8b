"""Needs and projects as far along as a test wants them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import services
from srm_portal.sourcing.domain.need import LineInput
from tests.support.world import World

COMPLETE: dict[str, Any] = {
    "category": "44316000",
    "product": "Brackets",
    "market": "Many small machining firms",
    "strategic_aim": "A second source",
    "sector": "Machinery",
    "region": "FR",
    "budget": Decimal("120000"),
    "needed_on": date(2026, 9, 1),
}


def some_lines(count: int = 2, lots: int = 1) -> list[LineInput]:
    return [
        LineInput(
            lot=1 + (number % lots),
            title=f"Bracket B-{number + 1}",
            quantity=Decimal(100 * (number + 1)),
            unit="C62",
            baseline_price=Decimal("8.50"),
        )
        for number in range(count)
    ]


def a_need(world: World, *, by: Actor | None = None, lines: int = 2, lots: int = 1, **values: Any) -> str:
    """A complete need in draft; returns the project's id."""
    author = by or world.buyer
    title = values.pop("title", "Machined brackets 2027")
    project_id = services.create_project(author, title=title, now=world.now, **(COMPLETE | values))
    services.save_lines(author, project_id, some_lines(lines, lots), version=None, now=world.now)
    return project_id


def an_approved_need(world: World, **values: Any) -> str:
    """A project at step 2."""
    project_id = a_need(world, **values)
    services.submit_need(world.buyer, project_id, now=world.now)
    services.approve_need(world.manager, project_id, now=world.now)
    return project_id


def an_event(world: World, project_id: str, *, days: float = 7, kind: str = "rfq", **values: Any) -> str:
    """A draft event with a deadline `days` from now."""
    values.setdefault("deadline_at", world.now + timedelta(days=days))
    return services.create_event(world.buyer, project_id, kind, now=world.now, **values)
