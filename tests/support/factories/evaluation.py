"""Criteria of a project as far as a test wants them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from srm_portal.evaluation import services
from srm_portal.evaluation.domain.assembly import CriterionValue
from srm_portal.evaluation.domain.plan import PlanValue
from srm_portal.kernel.permissions import Actor
from tests.support.world import World

D = Decimal
PRICE = CriterionValue("", "Price", "price", D(60), worst=D(1_000_000), best=D(1))
LEAD_TIME = CriterionValue("", "Lead time", "lead_time", D(40), worst=D(100), best=D(1))
AUTOMATIC = (PRICE, LEAD_TIME)
WITH_MARKS = (
    CriterionValue("", "Price", "price", D(60), worst=D(1_000_000), best=D(1)),
    CriterionValue("", "Quality", "points", D(30)),
    CriterionValue("", "Service", "points", D(10)),
)


def the_criteria(
    world: World,
    project_id: str,
    criteria: Sequence[CriterionValue] = AUTOMATIC,
    *,
    evaluators: Sequence[Actor] = (),
    plan: Mapping[str, Any] | None = None,
) -> None:
    """Complete criteria, by default such that nobody has to mark anything."""
    services.save_criteria(world.buyer, project_id, criteria, {}, complete=True, now=world.now)
    if plan:
        services.save_plan(world.buyer, project_id, PlanValue(**plan), now=world.now)
    if evaluators:
        services.assign_evaluators(world.buyer, project_id, [one.user_id for one in evaluators], now=world.now)
