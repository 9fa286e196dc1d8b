"""Scenarios side by side, and the facts they start from."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from srm_portal.awards.domain.amounts import amounts_of
from srm_portal.awards.domain.desk import allocation_of
from srm_portal.awards.domain.facts import Bid, LotFact, SupplierFact, assemble
from srm_portal.awards.domain.problem import Allocation, Problem
from srm_portal.awards.domain.reading import read
from srm_portal.awards.models import AwardScenario, SolverRun
from srm_portal.awards.queries.awarding import options
from srm_portal.awards.queries.terms import terms
from srm_portal.evaluation import queries as evaluation
from srm_portal.infra.db import db
from srm_portal.infra.once import once
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing

PRICE_KINDS = ("price", "life_cycle")


@dataclass(frozen=True, slots=True)
class Ground:
    """What every scenario of a project starts from: an award file without constraints, names, and the ranking."""

    document: dict[str, Any]
    names: dict[str, str]
    lot_ids: dict[str, str]
    lot_titles: dict[str, str]
    ranked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Winner:
    """A supplier's part of a lot."""

    lot: str
    supplier_id: str
    supplier_name: str
    share: Decimal
    amount: Decimal
    package: str


@dataclass(frozen=True, slots=True)
class RulePrice:
    """What a constraint costs beside the others, and alone; None where it was not known in time."""

    rule: dict[str, Any]
    in_context: Decimal | None
    alone: Decimal | None


@dataclass(frozen=True, slots=True)
class ScenarioView:
    """A scenario with its answer. `status`: optimal, feasible, infeasible, unknown, or by_hand."""

    id: str
    project_id: str
    number: int
    name: str
    kind: str
    promised: bool
    state: str
    status: str
    cost: Decimal | None
    bound: Decimal | None
    gap: Decimal | None
    savings: Decimal | None
    quality: Decimal | None
    winners: tuple[Winner, ...]
    rules: tuple[dict[str, Any], ...]
    violations: tuple[dict[str, Any], ...]
    prices: tuple[RulePrice, ...]
    conflict: tuple[dict[str, Any], ...]
    loosened: tuple[tuple[dict[str, Any], Decimal | None], ...]
    reason: str
    lots_at_fault: tuple[str, ...]
    seconds: Decimal
    limit_seconds: int
    solver: str
    error: str
    document: str
    sha256: str
    by_name: str
    created_at: datetime
    solved_at: datetime | None
    version: int
    names: dict[str, str]
    lot_titles: dict[str, str]

    @property
    def suppliers(self) -> dict[str, str]:
        return {one.supplier_id: one.supplier_name for one in self.winners}

    @property
    def spend(self) -> dict[str, Decimal]:
        """What each winner is paid, dearest first."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for one in self.winners:
            found[one.supplier_name] += one.amount
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    @property
    def value(self) -> Decimal:
        return sum((one.amount for one in self.winners), Decimal(0))

    @property
    def can_be_awarded(self) -> bool:
        return self.state == "solved" and bool(self.winners)


@once
def ground(project_id: str) -> Ground:
    project = sourcing.project(project_id)
    lots = sourcing.lots(project_id)
    number = {lot.id: str(lot.number) for lot in lots}
    found = options(project_id)
    names = {one.supplier_id: one.supplier_name for one in found}
    ranking = evaluation.ranking(project_id)
    rows = ranking.rows if ranking else ()
    quality = _quality(project_id, ranking)
    out = {row.supplier_id for row in rows if row.rank is None}
    suppliers = [one for one in sorted(names, key=lambda s: (names[s], s)) if one not in out]
    document = assemble(
        project.currency,
        _lots(project_id, number),
        [SupplierFact(one, quality.get(one, Decimal(0))) for one in suppliers],
        [Bid(number[o.lot_id], o.supplier_id, o.amount) for o in found if o.supplier_id not in out],
        terms(project_id).known,
    )
    titles = {str(lot.number): lot.title for lot in lots}
    ranked = tuple(row.supplier_id for row in rows if row.rank is not None)
    return Ground(document, names, {str(lot.number): lot.id for lot in lots}, titles, ranked)


def _lots(project_id: str, number: dict[str, str]) -> list[LotFact]:
    quantity: dict[str, Decimal] = defaultdict(Decimal)
    baseline: dict[str, Decimal | None] = dict.fromkeys(number, Decimal(0))
    for line in sourcing.lines(project_id):
        quantity[line.lot_id] += line.quantity
        before = baseline[line.lot_id]
        known = line.baseline_price is not None and before is not None
        baseline[line.lot_id] = before + line.quantity * line.baseline_price if known else None  # type: ignore[operator]
    return [LotFact(name, quantity[lot] or Decimal(1), baseline[lot] or None) for lot, name in number.items()]


def _quality(project_id: str, ranking: evaluation.RankingView | None) -> dict[str, Decimal]:
    """Each offer's points on everything but the price, of 100."""
    if ranking is None:
        return {}
    priced = {one.value.id for one in evaluation.criteria(project_id) if one.value.kind in PRICE_KINDS}
    places = [at for at, criterion in enumerate(ranking.criterion_ids) if criterion not in priced]
    weight = sum((ranking.weights[at] for at in places), Decimal(0))
    if not weight:
        return {}
    return {
        row.supplier_id: min(
            Decimal(100),
            (sum((row.contributions[at] for at in places), Decimal(0)) * 100 / weight).quantize(Decimal("0.01")),
        )
        for row in ranking.rows
        if len(row.contributions) == len(ranking.criteria)
    }


def _decimal(value: object) -> Decimal | None:
    """A kept exact text ("12", "12.5", "1/3") as a number of at most six digits."""
    if value is None:
        return None
    exact = Fraction(str(value))
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.000001")).normalize() + 0


def _money(value: object) -> Decimal | None:
    found = _decimal(value)
    return found.quantize(Decimal("0.01")) if found is not None else None


def _winners(problem: Problem, allocation: Allocation, names: dict[str, str]) -> tuple[Winner, ...]:
    def share(exact: Fraction) -> Decimal:
        return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.000001"))

    return tuple(
        Winner(
            problem.lots[won.lot].id,
            (supplier := problem.suppliers[won.supplier].id),
            names.get(supplier, supplier),
            share(won.share),
            won.amount,
            "" if won.package is None else problem.packages[won.package].id,
        )
        for won in amounts_of(problem, allocation)
    )


def _view(row: AwardScenario) -> ScenarioView:
    document, result, names = json.loads(row.document), row.result, row.names["suppliers"]
    rules = tuple(document["constraints"])
    answer = result.get("answer", {})
    winners: tuple[Winner, ...] = ()
    if result.get("shares") or result.get("packages"):
        winners = _winners(read(document), allocation_of(result), names)
    return ScenarioView(
        row.id,
        row.project_id,
        row.number,
        row.name,
        row.asked["kind"],
        bool(row.asked.get("promised")),
        row.state,
        answer.get("status", "unknown"),
        _money(answer.get("cost")),
        _money(answer.get("bound")),
        _decimal(answer.get("gap")),
        _money(answer.get("savings")),
        _decimal(result.get("quality")),
        winners,
        rules,
        tuple(result.get("violations", [])),
        tuple(
            RulePrice(rules[one["constraint"]], _money(one["in_context"]), _money(one["alone"]))
            for one in result.get("prices", [])
        ),
        tuple(rules[index] for index in answer.get("conflict", [])),
        tuple((rules[one["constraint"]], _decimal(one["value"])) for one in result.get("loosened", [])),
        answer.get("reason", ""),
        tuple(answer.get("lots", [])),
        Decimal(str(result.get("seconds", 0))),
        int(row.asked.get("seconds", 30)),
        result.get("solver", ""),
        result.get("error", ""),
        row.document,
        row.sha256,
        row.by_name,
        row.created_at,
        row.solved_at,
        row.version,
        row.names["suppliers"],
        dict(sorted(row.names["lots"].items(), key=lambda pair: (len(pair[0]), pair[0]))),
    )


def scenarios(project_id: str) -> list[ScenarioView]:
    """All of a project, in the order they were made; the caller has authorised the actor."""
    query = select(AwardScenario).where(AwardScenario.project_id == project_id).order_by(AwardScenario.number)
    return [_view(row) for row in db.session.scalars(query)]


def scenario_for(actor: Actor, scenario_id: str) -> ScenarioView:
    query = select(AwardScenario).where(
        AwardScenario.id == scenario_id, AwardScenario.organisation_id == actor.organisation_id
    )
    row = db.session.scalar(query) if actor.is_staff else None
    if row is None:
        raise NotFound
    sourcing.project_for(actor, row.project_id)
    return _view(row)


FACTS = ("lots", "suppliers", "offers", "packages", "discounts", "switching_cost_rate")


def is_current(scenario: ScenarioView) -> bool:
    """Whether the amounts and facts it was computed from still stand."""
    then, now = json.loads(scenario.document), ground(scenario.project_id).document
    return all(then[key] == now[key] for key in FACTS)


def promised_scenario(project_id: str) -> ScenarioView | None:
    """The newest solved scenario of the promised rule."""
    found = [one for one in scenarios(project_id) if one.promised and one.state == "solved"]
    return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the solver is; `best` is the cost of the best award so far, `gap` how far from the best it can be."""

    state: str
    done: int
    total: int
    best: Decimal | None
    gap: Decimal | None


def progress(scenario_id: str) -> Progress:
    query = select(AwardScenario.state, SolverRun).outerjoin(SolverRun, SolverRun.scenario_id == AwardScenario.id)
    found = db.session.execute(query.where(AwardScenario.id == scenario_id)).one()
    run = found[1]
    answer = (run.said if run else {}).get("answer", {})
    return Progress(
        found[0],
        run.done if run else 0,
        run.total if run else 0,
        _money(answer.get("cost")),
        _decimal(answer.get("gap")),
    )
