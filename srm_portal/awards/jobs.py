"""The solver's keeper: starts one process for each scenario, looks at it now and then, ends it when told."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, current_app

from srm_portal.awards.services import scenarios
from srm_portal.infra import jobs
from srm_portal.infra.apart import Apart

AGAIN = timedelta(seconds=0.5)
WAIT_S = 0.4
GRACE_S = 90.0
"""Beyond the time allowed for the search: prices of constraints, the reason of a conflict."""


def _desks() -> dict[str, Apart]:
    desks: dict[str, Apart] = current_app.extensions.setdefault("srm_solver_desks", {})
    return desks


def attend(work: jobs.Work) -> None:
    """Job handler, run again and again until the answer is kept. After a restart the search begins anew."""
    scenario_id = work.args["scenario"]
    waiting = scenarios.to_solve(scenario_id)
    desk = _desks().get(scenario_id)
    if waiting is None:
        _leave(scenario_id)
        return
    state, document = waiting
    if desk is None and state == "solving":
        desk = _desks()[scenario_id] = Apart.start("srm_portal.awards.domain.desk", {"document": document})
    if desk is None or state == "stopping":
        scenarios.finish(scenario_id, desk.messages() if desk else [], "", now=work.now)
        _leave(scenario_id)
        return
    if desk.running(WAIT_S):
        started = scenarios.note_progress(scenario_id, desk.messages(), now=work.now, again_at=work.now + AGAIN)
        if (work.now - started).total_seconds() <= document["limits"]["seconds"] + GRACE_S:
            return
        desk.stop_search()
        scenarios.finish(scenario_id, desk.messages(), "", now=work.now)
    else:
        scenarios.finish(scenario_id, desk.messages(), desk.failed, now=work.now)
    _leave(scenario_id)


def _leave(scenario_id: str) -> None:
    desk = _desks().pop(scenario_id, None)
    if desk is not None:
        desk.stop()


def register(app: Flask) -> None:
    jobs.register(app, "award.solve", attend)
