"""What a buyer asks of a scenario, and the award file it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from srm_portal.awards.domain import scenarios

Document = dict[str, Any]
KINDS = ("cheapest", "best_score", "best_of", "incumbents", "own", "ranking")
"""`ranking`: every lot to the best ranked supplier with an offer for it. `own`: only the buyer's own constraints."""


def document_of(facts: Document, asked: Mapping[str, Any], ranked: Sequence[str] = ()) -> Document:
    """The award file of a scenario: its idea, then shares, the buyer's own constraints, and the time allowed.

    `asked`: {"kind", "suppliers", "price_weight", "quality_weight", "split": {...} | None, "coverage",
    "constraints": [...], "seconds"}. `ranked`: supplier ids, best first (for `ranking`).
    Raises KeyError for a kind that is not one of KINDS.
    """
    document = _idea(facts, asked, ranked)
    if asked.get("split") is not None:
        document = {**document, "award": "split", "split": dict(asked["split"])}
    if asked.get("coverage"):
        document = {**document, "coverage": asked["coverage"]}
    document = scenarios.constrained(document, *asked.get("constraints", []))
    return {**document, "limits": {"seconds": asked.get("seconds", 30)}}


def _idea(facts: Document, asked: Mapping[str, Any], ranked: Sequence[str]) -> Document:
    kind = asked["kind"]
    if kind == "best_score":
        return scenarios.best_score(facts, asked["price_weight"], asked["quality_weight"])
    if kind == "best_of":
        return scenarios.best_of(facts, int(asked["suppliers"]))
    if kind == "incumbents":
        return scenarios.incumbents(facts)
    if kind == "ranking":
        return scenarios.own_choices(facts, first_ranked(facts, ranked))
    return {"cheapest": scenarios.cheapest, "own": scenarios.cheapest}[kind](facts)


def first_ranked(facts: Document, ranked: Sequence[str]) -> dict[str, str]:
    """For each lot the best ranked supplier with an offer for it; lots without one are left out."""
    bids = {(one["supplier"], one["lot"]) for one in facts["offers"]}
    found = {}
    for lot in facts["lots"]:
        first = next((supplier for supplier in ranked if (supplier, lot["id"]) in bids), None)
        if first is not None:
            found[lot["id"]] = first
    return found
