"""Scenarios: asked by a buyer, solved in a process of its own, checked again before they are shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import delete, func, select

from srm_portal.audit.services import record
from srm_portal.awards import queries
from srm_portal.awards.domain.aim import Outcome
from srm_portal.awards.domain.asking import KINDS, document_of
from srm_portal.awards.domain.award_file import answer_of
from srm_portal.awards.domain.desk import allocation_of
from srm_portal.awards.domain.problem import Allocation, Problem
from srm_portal.awards.domain.reading import read
from srm_portal.awards.domain.scenarios import by_hand, judge
from srm_portal.awards.models import Award, AwardScenario, SolverRun
from srm_portal.awards.services.terms import check_input
from srm_portal.infra import jobs
from srm_portal.infra.db import db, is_sqlite
from srm_portal.infra.transaction import command, housekeeping
from srm_portal.kernel.canonical import sha256_hex
from srm_portal.kernel.errors import FieldProblem, InputError, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor, system_actor
from srm_portal.notifications.services import notify
from srm_portal.sourcing import queries as sourcing

SECONDS, SECONDS_MAX = 30, 600
SCENARIOS_MAX = 30
LONG_S = 10
SMALLEST = Fraction(1, 1_000_000)
Document = dict[str, Any]


def _project(actor: Actor, project_id: str) -> sourcing.ProjectView:
    project = sourcing.project_for(actor, project_id)
    if not actor.may("award:propose"):
        raise NotFound
    if project.stage != "contract":
        raise Refused("not_current_step", current=project.stage)
    return project


def row_for(actor: Actor, scenario_id: str) -> AwardScenario:
    """The scenario as a row to change."""
    query = select(AwardScenario).where(
        AwardScenario.id == scenario_id, AwardScenario.organisation_id == actor.organisation_id
    )
    query = query.execution_options(populate_existing=True)
    row = db.session.scalar(query if is_sqlite() else query.with_for_update())
    if row is None:
        raise NotFound
    _project(actor, row.project_id)
    return row


def _add(
    actor: Actor, project: sourcing.ProjectView, name: str, asked: Document, document: Document, now: datetime
) -> AwardScenario:
    held = db.session.scalar(select(func.max(AwardScenario.number)).where(AwardScenario.project_id == project.id)) or 0
    count = db.session.scalar(select(func.count()).where(AwardScenario.project_id == project.id)) or 0
    if count >= SCENARIOS_MAX:
        raise Refused("too_many_scenarios", count=SCENARIOS_MAX)
    text = json.dumps(document, ensure_ascii=False, indent=1)
    ground = queries.ground(project.id)
    row = AwardScenario(
        organisation_id=project.organisation_id,
        project_id=project.id,
        number=held + 1,
        name=name.strip()[:120],
        asked=asked,
        names={"suppliers": ground.names, "lots": ground.lot_titles},
        document=text,
        sha256=sha256_hex(text.encode()),
        result={},
        by_id=actor.user_id,
        by_name=actor.name,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(
        actor,
        "award.scenario_made",
        "award_scenario",
        row.id,
        now=now,
        label=row.name,
        stream=project.stream,
        sha256=row.sha256,
        asked=asked,
    )
    return row


@command
def create_scenario(actor: Actor, project_id: str, name: str, asked: Mapping[str, Any], *, now: datetime) -> str:
    """Ask for an award: the solver starts after the commit. Returns the scenario's id.

    `asked` as in `domain/asking.document_of`. Refusals: `not_current_step`, `nothing_to_award`,
    `too_many_scenarios`; Invalid: `name` missing, `award_input` with the wrong field.
    """
    project = _project(actor, project_id)
    if not name.strip():
        raise Invalid([FieldProblem("name", "required")])
    if asked["kind"] not in KINDS:
        raise Invalid([FieldProblem("kind", "required")])
    ground = queries.ground(project_id)
    if not ground.document["offers"] and not ground.document["packages"]:
        raise Refused("nothing_to_award")
    document = document_of(ground.document, asked, ground.ranked)
    check_input(document)
    row = _add(actor, project, name, dict(asked), document, now)
    jobs.enqueue("award.solve", {"scenario": row.id}, now=now)
    return row.id


@command
def create_promised(actor: Actor, project_id: str, name: str, *, now: datetime) -> str:
    """The award that the published rule gives. Refusal: `nothing_promised`."""
    promise = queries.promise_of(project_id)
    if not promise:
        raise Refused("nothing_promised")
    rules = [{"kind": "max_suppliers", "value": promise["suppliers"]}] if promise.get("suppliers") else []
    asked = {key: promise[key] for key in ("kind", "price_weight", "quality_weight", "split") if promise.get(key)}
    asked |= {"constraints": rules, "seconds": SECONDS, "promised": True}
    return create_scenario(actor, project_id, name, asked, now=now)


@command
def place_by_hand(
    actor: Actor,
    scenario_id: str,
    shares: Mapping[tuple[str, str], Fraction],
    packages: tuple[str, ...],
    name: str,
    *,
    now: datetime,
) -> str:
    """A copy of a scenario with winners chosen by a person, judged at once by the scenario's own rules.

    `shares`: (lot, supplier) -> share. What breaks a rule is kept and shown, not refused. Returns the new id.
    """
    base = row_for(actor, scenario_id)
    if not name.strip():
        raise Invalid([FieldProblem("name", "required")])
    problem = read(json.loads(base.document))
    try:
        allocation = by_hand(problem, {key: share for key, share in shares.items() if share}, packages)
    except InputError as wrong:
        raise Invalid(
            [FieldProblem("form", "award_input", facts=(("field", wrong.field), ("remedy", wrong.remedy)))]
        ) from None
    asked = {"kind": "by_hand", "based_on": base.id, "seconds": base.asked.get("seconds", SECONDS)}
    row = _add(actor, sourcing.project(base.project_id), name, asked, json.loads(base.document), now)
    row.result = _judged(problem, allocation) | {"shares": [[at, str(share)] for at, share in allocation.shares]}
    row.result |= {"packages": list(allocation.packages)}
    row.state, row.solved_at = "solved", now
    return row.id


def _judged(problem: Problem, allocation: Allocation) -> Document:
    """The exact cost, quality and broken rules of an allocation, as kept values."""
    verdict = judge(problem, allocation)
    lots, suppliers = problem.lots, problem.suppliers
    answer = answer_of(problem, Outcome("feasible", allocation, verdict.cost, None))
    return {
        "answer": answer | {"status": "by_hand", "bound": None, "gap": None},
        "quality": None if verdict.quality is None else str(verdict.quality),
        "violations": [
            {
                "code": one.code,
                "index": one.index,
                "lot": None if one.lot is None else lots[one.lot].id,
                "supplier": None if one.supplier is None else suppliers[one.supplier].id,
            }
            for one in verdict.violations
        ],
    }


@command
def go_on(actor: Actor, scenario_id: str, *, now: datetime) -> None:
    """Search on for four times as long; what was found stays unless something better comes."""
    row = row_for(actor, scenario_id)
    if row.state != "solved" or row.result.get("answer", {}).get("status") not in ("feasible", "unknown"):
        raise Refused("wrong_state", current=row.state)
    seconds = min(SECONDS_MAX, 4 * int(row.asked.get("seconds", SECONDS)))
    row.asked = row.asked | {"seconds": seconds}
    row.state = "solving"
    row.touch()
    record(actor, "award.scenario_continued", "award_scenario", row.id, now=now, label=row.name, seconds=seconds)
    jobs.enqueue("award.solve", {"scenario": row.id}, now=now)


@command
def stop_solving(actor: Actor, scenario_id: str, *, now: datetime) -> None:
    """Take the best award found so far."""
    row = row_for(actor, scenario_id)
    if row.state != "solving":
        raise Refused("wrong_state", current=row.state)
    row.state = "stopping"
    row.touch()
    record(actor, "award.scenario_stopped", "award_scenario", row.id, now=now, label=row.name)
    jobs.enqueue("award.solve", {"scenario": row.id}, now=now)


@command
def remove_scenario(actor: Actor, scenario_id: str, *, now: datetime) -> str:
    """Take a scenario away, unless an award was proposed from it. Returns the project's id."""
    row = row_for(actor, scenario_id)
    if db.session.scalar(select(Award.id).where(Award.scenario_id == row.id)):
        raise Refused("scenario_in_use")
    record(
        actor,
        "award.scenario_removed",
        "award_scenario",
        row.id,
        now=now,
        label=row.name,
        stream=f"project:{row.project_id}",
        sha256=row.sha256,
    )
    db.session.execute(delete(SolverRun).where(SolverRun.scenario_id == row.id))
    db.session.delete(row)
    return row.project_id


# what the solver's process tells ---------------------------------------------------------------------------------
def to_solve(scenario_id: str) -> tuple[str, Document] | None:
    """State and award file of a scenario that waits for its answer; None if it does not (any more)."""
    row = db.session.get(AwardScenario, scenario_id, populate_existing=True)
    if row is None or row.state not in ("solving", "stopping"):
        return None
    document = json.loads(row.document) | {"limits": {"seconds": int(row.asked.get("seconds", SECONDS))}}
    return row.state, document


@housekeeping
def note_progress(scenario_id: str, messages: list[Document], *, now: datetime, again_at: datetime) -> datetime:
    """Keep how far it is, look again later; returns when the search began."""
    run = db.session.scalar(select(SolverRun).where(SolverRun.scenario_id == scenario_id))
    if run is None:
        run = SolverRun(scenario_id=scenario_id, started_at=now, said={})
        db.session.add(run)
    if messages:
        run.done, run.total = messages[-1]["done"], messages[-1]["total"]
        said = [one for one in messages if one["step"] in ("first", "best") and one["answer"]["cost"] is not None]
        run.said = said[-1] if said else {}
    db.session.flush()
    jobs.enqueue("award.solve", {"scenario": scenario_id}, now=now, due_at=again_at)
    return run.started_at


@command
def finish(scenario_id: str, messages: list[Document], error: str, *, now: datetime) -> None:
    """Keep the answer, checked again in exact numbers; an award that fails the check is never shown."""
    row = db.session.get_one(AwardScenario, scenario_id, populate_existing=True)
    run = db.session.scalar(select(SolverRun).where(SolverRun.scenario_id == scenario_id))
    problem = read(json.loads(row.document))
    result, wrong = answered(problem, messages, error)
    row.result = _kept(row.result, result)
    row.state = "failed" if wrong and not row.result.get("answer") else "solved"
    row.solved_at = now
    row.touch()
    project = sourcing.project(row.project_id)
    answer = row.result.get("answer", {})
    record(
        system_actor(row.organisation_id, "solver"),
        "award.scenario_solved",
        "award_scenario",
        row.id,
        now=now,
        label=row.name,
        stream=project.stream,
        status=answer.get("status", "failed"),
        cost=answer.get("cost"),
        bound=answer.get("bound"),
        solver=row.result.get("solver", ""),
        error=wrong,
        sha256=row.sha256,
    )
    if run is not None:
        if (now - run.started_at).total_seconds() > LONG_S:
            path = f"/award-scenarios/{row.id}"
            notify([row.by_id], "award_scenario_ready", path=path, now=now, mail=False, name=row.name)
        db.session.execute(delete(SolverRun).where(SolverRun.scenario_id == scenario_id))


def answered(problem: Problem, messages: list[Document], error: str) -> tuple[Document, str]:
    """What the messages come to, and what is wrong with it ("" if nothing)."""
    said = {one["step"]: one for one in messages}
    found = said.get("best") or said.get("first")
    solver = said.get("started", {}).get("solver", "")
    if found is None:
        return {"solver": solver, "error": error or "stopped"}, error or "stopped"
    answer = dict(found["answer"])
    if "best" not in said and answer["status"] == "optimal":
        answer["status"] = "feasible"
    result: Document = {"answer": answer, "solver": solver, "seconds": found["seconds"], "error": error}
    if answer["cost"] is None:
        return result | {"loosened": said.get("loosened", {}).get("loosened", [])}, error
    allocation = allocation_of(found)
    judged = _judged(problem, allocation)
    if judged["violations"] or Fraction(judged["answer"]["cost"]) != Fraction(answer["cost"]):
        return {"solver": solver, "error": "award_fails_check"}, "award_fails_check"
    result |= {"quality": judged["quality"], "shares": found["shares"], "packages": found["packages"]}
    result["cheapest"] = found.get("cheapest")
    return result | {"prices": said.get("prices", {}).get("prices", [])}, error


def _kept(before: Document, result: Document) -> Document:
    """The better of the earlier answer and this one, with the better bound."""
    old, new = before.get("answer"), result.get("answer")
    if old is None or old["cost"] is None:
        return result
    if new is None or new["cost"] is None or Fraction(new["cost"]) > Fraction(old["cost"]):
        return before
    if new["status"] != "optimal" and old["bound"] and new["bound"] and Fraction(old["bound"]) > Fraction(new["bound"]):
        return result | {"answer": new | {"bound": old["bound"], "gap": old["gap"]}}
    return result
