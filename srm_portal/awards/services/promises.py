"""Whether an award keeps the rule that was promised to suppliers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from srm_portal.awards import queries
from srm_portal.awards.domain.desk import allocation_of
from srm_portal.awards.domain.problem import Allocation, Problem
from srm_portal.awards.domain.promise import compare
from srm_portal.awards.domain.reading import read
from srm_portal.awards.domain.scenarios import by_hand
from srm_portal.awards.models import AwardScenario
from srm_portal.infra.db import db
from srm_portal.kernel.errors import FieldProblem, InputError, Invalid, Refused

DEPARTURE_MIN = 10
Won = Mapping[str, Sequence[tuple[str, Decimal, str]]]
"""lot id -> (supplier id, share, package)."""


def verdict(project_id: str, won: Won, scenario: queries.ScenarioView | None, departure: str) -> dict[str, Any]:
    """{} where nothing was promised, else {"rule", "kept", "difference", "broken", "departure", "scenario"}.

    Refusals: `promise_unchecked` (the promised rule's scenario is not solved). Invalid: `departure_needed`.
    """
    rule = queries.promise_of(project_id)
    if not rule:
        return {}
    promised = queries.promised_scenario(project_id)
    if promised is None or not promised.winners or not queries.is_current(promised):
        raise Refused("promise_unchecked")
    problem, best, cheapest = _award_of(promised.id)
    proposal = _award_of(scenario.id)[1] if scenario else _placed(problem, project_id, won)
    found = compare(problem, proposal, best, cheapest) if proposal is not None else None
    if (found is None or not found.kept) and len(departure.strip()) < DEPARTURE_MIN:
        raise Invalid([FieldProblem("departure", "departure_needed")])
    return {
        "rule": rule,
        "scenario": promised.id,
        "proved": promised.status == "optimal",
        "kept": bool(found and found.kept),
        "difference": str(found.difference) if found else None,
        "broken": [promised.rules[index] for index in found.broken] if found else [],
        "departure": departure.strip()[:4000] if found is None or not found.kept else "",
    }


def _award_of(scenario_id: str) -> tuple[Problem, Allocation, Fraction]:
    """A scenario's problem, its award, and the lowest cost there is where its objective needs that."""
    row = db.session.get_one(AwardScenario, scenario_id)
    cheapest = Fraction(row.result.get("cheapest") or row.result["answer"]["cost"])
    return read(json.loads(row.document)), allocation_of(row.result), cheapest


def _placed(problem: Problem, project_id: str, won: Won) -> Allocation | None:
    """The chosen winners in the promised scenario's terms; None where it knows no such offer (knocked out)."""
    number = {lot_id: name for name, lot_id in queries.ground(project_id).lot_ids.items()}
    shares = {
        (number[lot], supplier): Fraction(share)
        for lot, held in won.items()
        for supplier, share, package in held
        if not package
    }
    try:
        return by_hand(problem, shares)
    except InputError:
        return None
