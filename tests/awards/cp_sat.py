"""The second solver's answer to an award file: run as a process of its own, which never loads the first solver.

Reads {"documents": [...]} on standard input and prints the list of lowest costs (decimal texts; null: no award).
Whole lots, prices with at most two decimals, no discounts.
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from typing import Any

from ortools.sat.python import cp_model

UNIT = 10**6


def units(value: str) -> int:
    scaled = Fraction(value) * UNIT
    assert scaled.denominator == 1
    return int(scaled)


def lowest_cost(document: dict[str, Any]) -> str | None:
    model = cp_model.CpModel()
    lots = {lot["id"]: lot for lot in document["lots"]}
    bids = [(o["supplier"], (o["lot"],), o["price"], o.get("capacity_use")) for o in document["offers"]]
    bids += [(p["supplier"], tuple(p["lots"]), p["price"], None) for p in document.get("packages", [])]
    x = [model.new_bool_var(f"x{i}") for i in range(len(bids))]
    used = {s["id"]: model.new_bool_var(s["id"]) for s in document["suppliers"]}
    own = {s: [i for i, bid in enumerate(bids) if bid[0] == s] for s in used}
    for lot in lots:
        covering = [x[i] for i, bid in enumerate(bids) if lot in bid[1]]
        if document.get("coverage") == "at_least":
            model.add(sum(covering) >= 1)
        else:
            model.add(sum(covering) == 1)
    for s, mine in own.items():
        for i in mine:
            model.add_implication(x[i], used[s])
        model.add(sum(x[i] for i in mine) >= used[s])
    _standing(model, document, bids, x)
    for rule in document["constraints"]:
        _rule(model, document, rule, bids, x, used, own)
    rate = Fraction(document.get("switching_cost_rate", "0"))
    cost = sum(units(s.get("fixed_cost", "0")) * used[s["id"]] for s in document["suppliers"])
    for i, (s, covered, price, _) in enumerate(bids):
        switching = sum(
            (rate * Fraction(lots[lot]["baseline"]) for lot in covered if lots[lot].get("incumbent") not in (None, s)),
            Fraction(0),
        )
        cost += (units(price) + int(switching * UNIT)) * x[i]
    model.minimize(cost)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 8
    solver.parameters.max_time_in_seconds = 120
    status = solver.solve(model)
    assert status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
    return None if status == cp_model.INFEASIBLE else str(Fraction(round(solver.objective_value), UNIT))


def _standing(model: Any, document: dict[str, Any], bids: list[Any], x: list[Any]) -> None:
    quantity = {lot["id"]: lot.get("quantity", "1") for lot in document["lots"]}
    for supplier in document["suppliers"]:
        if supplier.get("capacity") is not None:
            use = sum(
                (units(use) if use is not None else sum(units(quantity[lot]) for lot in covered)) * x[i]
                for i, (s, covered, _, use) in enumerate(bids)
                if s == supplier["id"]
            )
            model.add(use <= units(supplier["capacity"]))
    first = len(document["offers"])
    groups: dict[tuple[str, str], list[Any]] = {}
    for i, package in enumerate(document.get("packages", [])):
        if package.get("xor_group") is not None:
            groups.setdefault((package["supplier"], package["xor_group"]), []).append(x[first + i])
    for members in groups.values():
        model.add_at_most_one(members)


def _rule(
    model: Any, document: dict[str, Any], rule: dict[str, Any], bids: list[Any], x: list[Any], used: Any, own: Any
) -> None:
    kind, value = rule["kind"], Fraction(rule.get("value", "0"))
    lots = {lot["id"]: lot for lot in document["lots"]}
    spend = {s: sum(units(bids[i][2]) * x[i] for i in mine) for s, mine in own.items()}
    total = sum(spend.values())
    if kind == "max_suppliers":
        model.add(sum(used.values()) <= int(value))
    elif kind == "min_suppliers":
        model.add(sum(used.values()) >= int(value))
    elif kind in ("max_suppliers_per_lot", "min_suppliers_per_lot"):
        for lot in lots:
            winners = []
            for mine in own.values():
                wins = model.new_bool_var("")
                model.add_max_equality(wins, [x[i] for i in mine if lot in bids[i][1]] or [0])
                winners.append(wins)
            if kind.startswith("max"):
                model.add(sum(winners) <= int(value))
            else:
                model.add(sum(winners) >= int(value))
    elif kind == "fix":
        model.add(sum(x[i] for i in own[rule["supplier"]] if rule["lot"] in bids[i][1]) >= 1)
    elif kind == "exclude":
        for i in own[rule["supplier"]]:
            if rule.get("lot") is None or rule["lot"] in bids[i][1]:
                model.add(x[i] == 0)
    elif kind == "min_quality":
        quality = {s["id"]: Fraction(s["quality"]) for s in document["suppliers"]}
        points = sum(
            int(100 * sum(Fraction(lots[lot]["baseline"]) for lot in covered) * (quality[s] - value)) * x[i]
            for i, (s, covered, _, _) in enumerate(bids)
        )
        model.add(points >= 0)
    elif kind == "min_share_if_used":
        for s, mine in own.items():
            enough = model.add(value.denominator * spend[s] >= value.numerator * total)
            enough.only_enforce_if(used[s])
            assert mine is not None
    else:
        everyone = rule.get("supplier") is None and rule.get("group") is None
        chosen = [
            s["id"]
            for s in document["suppliers"]
            if s["id"] == rule.get("supplier") or (rule.get("group") in s["groups"])
        ]
        for members in [[s] for s in own] if everyone else [chosen]:
            part = value.denominator * sum(spend[s] for s in members)
            if kind == "max_share":
                model.add(part <= value.numerator * total)
            else:
                model.add(part >= value.numerator * total)


if __name__ == "__main__":
    print(json.dumps([lowest_cost(document) for document in json.load(sys.stdin)["documents"]]))
