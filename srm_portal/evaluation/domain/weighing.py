"""From answers about importance to weights in the sheet: questions about the children of one group of the tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from typing import Any

from srm_portal.evaluation.domain.figures import printed
from srm_portal.evaluation.domain.sheet import HUNDRED, CriterionValue, Node, leaf_order, tree
from srm_portal.evaluation.domain.weights import rank_order_centroid

METHODS = ("swing", "ranks", "ahp", "bwm")
STEP = Decimal("0.01")


def node_at(criteria: Sequence[CriterionValue], path: str) -> tuple[Node, ...] | None:
    """The children of a group ("" for the top of the tree); None where there is no such group."""
    nodes = tree(criteria)
    for part in filter(None, (one.strip() for one in path.split("/"))):
        found = next((node for node in nodes if node.name == part and node.at is None), None)
        if found is None:
            return None
        nodes = found.children
    return nodes


def question(method: str, names: Sequence[str], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The scoring file that works the weights out.

    `answers`: swing {"points": [...]}, ranks {"order": [places from 1]}, ahp {"matrix": [[...]], "derivation"},
    bwm {"best", "worst", "best_to_others", "others_to_worst"}; numbers as texts.
    """
    match method:
        case "swing":
            held = [{"name": name, "weight": point} for name, point in zip(names, answers["points"], strict=True)]
            return {"method": "swing_weights", "criteria": held}
        case "ranks":
            return {"method": "swing_weights", "criteria": _by_rank(names, answers["order"])}
        case "ahp":
            parameters = {"derivation": answers.get("derivation", "eigenvector")}
            criteria = [{"name": name} for name in names]
            return {
                "method": "ahp_weights",
                "criteria": criteria,
                "matrix": answers["matrix"],
                "parameters": parameters,
            }
        case _:
            parameters = {name: answers[name] for name in ("best", "worst", "best_to_others", "others_to_worst")}
            return {"method": "bwm_weights", "criteria": [{"name": name} for name in names], "parameters": parameters}


def _by_rank(names: Sequence[str], order: Sequence[int]) -> list[dict[str, str]]:
    """Rank order centroid weights; criteria of equal place share the mean of theirs."""
    centroid = rank_order_centroid(len(names))
    placed = sorted(range(len(names)), key=lambda at: order[at])
    share = dict(zip(placed, centroid, strict=True))
    held = []
    for at, name in enumerate(names):
        level = [share[other] for other in range(len(names)) if order[other] == order[at]]
        held.append({"name": name, "weight": printed(sum(level) / len(level))})
    return held


def apportioned(total: Decimal, shares: Sequence[Decimal]) -> list[Decimal]:
    """`total` in parts of a hundredth of a percent that add up exactly; the largest remainders are rounded up."""
    whole = sum(shares, Decimal(0))
    if whole == 0:
        shares, whole = [Decimal(1)] * len(shares), Decimal(len(shares))
    wished = [total * share / whole for share in shares]
    parts = [wish.quantize(STEP, ROUND_DOWN) for wish in wished]
    left = int((total - sum(parts, Decimal(0))) / STEP)
    by_rest = sorted(range(len(parts)), key=lambda at: (parts[at] - wished[at], at))
    for at in by_rest[:left]:
        parts[at] += STEP
    parts[by_rest[0]] += total - sum(parts, Decimal(0))
    return parts


def reweighted_sheet(criteria: Sequence[CriterionValue], path: str, shares: Sequence[Decimal]) -> list[CriterionValue]:
    """The sheet with new weights for the children of a group; the group keeps its total, subgroups their proportions.

    Raises ValueError("no_such_group"), and ValueError("group_without_weight") for a subgroup that weighs nothing.
    """
    nodes = node_at(criteria, path)
    if not nodes:
        raise ValueError("no_such_group")
    total = HUNDRED if not path.strip() else sum((node.weight for node in nodes), Decimal(0))
    if total == 0:
        raise ValueError("group_without_weight")
    found = list(criteria)
    for node, share in zip(nodes, apportioned(total, shares), strict=True):
        places = [node.at] if node.at is not None else leaf_order(node.children)
        for at, weight in zip(places, apportioned(share, [criteria[at].weight for at in places]), strict=True):
            found[at] = replace(found[at], weight=weight)
    return found
