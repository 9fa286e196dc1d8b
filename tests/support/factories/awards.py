"""Scenarios: solved by the process as in service, or at once by the same function in this one."""

from __future__ import annotations

from typing import Any

from srm_portal.awards import queries, services
from srm_portal.awards.domain import desk
from srm_portal.awards.services import scenarios
from tests.support.world import World

TURNS = 400


def asked(kind: str = "cheapest", *rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": kind, "constraints": list(rules), "seconds": 10} | more


def solved(world: World, scenario_id: str) -> queries.ScenarioView:
    """Let the solver's process do its work; each turn waits for it a moment."""
    for _turn in range(TURNS):
        world.run_jobs()
        view = queries.scenario_for(world.buyer, scenario_id)
        if view.state in ("solved", "failed"):
            return view
        world.later(seconds=1)
    raise AssertionError("the solver did not answer")


def a_scenario(world: World, project_id: str, *rules: dict[str, Any], **more: Any) -> queries.ScenarioView:
    """Asked, and answered at once."""
    name, kind = more.pop("name", "A scenario"), more.pop("kind", "cheapest")
    made = services.create_scenario(world.buyer, project_id, name, asked(kind, *rules, **more), now=world.now)
    return answered(world, made)


def answered(world: World, scenario_id: str) -> queries.ScenarioView:
    """What the solver's process would say, without the process."""
    waiting = scenarios.to_solve(scenario_id)
    assert waiting is not None
    scenarios.finish(scenario_id, list(desk.work({"document": waiting[1]})), "", now=world.now)
    return queries.scenario_for(world.buyer, scenario_id)
