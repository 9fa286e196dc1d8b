"""A second, slow opinion on award files: tries every single award, straight from the document."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from typing import Any

Document = dict[str, Any]
Shares = dict[tuple[str, str], Fraction]


class Opinion:
    """Rules and cost of an award file, read naively from the document."""

    def __init__(self, document: Document) -> None:
        self.d = document
        self.lots = {lot["id"]: lot for lot in document["lots"]}
        self.suppliers = {s["id"]: s for s in document["suppliers"]}
        self.offers = {(o["supplier"], o["lot"]): o for o in document["offers"]}
        self.packages = {p["id"]: p for p in document.get("packages", [])}
        self.overlap = document.get("coverage") == "at_least"

    def wins(self, shares: Shares, packages: tuple[str, ...]) -> Shares:
        won = dict(shares)
        for name in packages:
            for lot in self.packages[name]["lots"]:
                key = (self.packages[name]["supplier"], lot)
                won[key] = won.get(key, Fraction(0)) + 1
        return won

    def spend(self, shares: Shares, packages: tuple[str, ...]) -> dict[str, Fraction]:
        spend: dict[str, Fraction] = {}
        for key, share in shares.items():
            spend[key[0]] = spend.get(key[0], Fraction(0)) + share * Fraction(self.offers[key]["price"])
        for name in packages:
            package = self.packages[name]
            spend[package["supplier"]] = spend.get(package["supplier"], Fraction(0)) + Fraction(package["price"])
        return spend

    def cost(self, shares: Shares, packages: tuple[str, ...]) -> Fraction:
        spend = self.spend(shares, packages)
        total = sum(spend.values(), Fraction(0))
        total += sum((Fraction(self.suppliers[s].get("fixed_cost", "0")) for s in spend), Fraction(0))
        rate = Fraction(self.d.get("switching_cost_rate", "0"))
        for (supplier, lot), share in self.wins(shares, packages).items():
            incumbent = self.lots[lot].get("incumbent")
            if incumbent is not None and incumbent != supplier:
                total += rate * share * Fraction(self.lots[lot].get("baseline", "0"))
        for discount in self.d.get("discounts", []):
            bought = spend.get(discount["supplier"], Fraction(0))
            tiers = [(Fraction(t["from"]), Fraction(t["percent"])) for t in discount["tiers"]]
            if discount["kind"] == "all_units":
                reached = [percent for start, percent in tiers if start <= bought]
                total -= bought * (reached[-1] if reached else 0) / 100
            else:
                for (start, percent), (end, _) in zip(tiers, [*tiers[1:], (None, None)], strict=True):
                    band = max(min(bought, bought if end is None else end) - start, Fraction(0))
                    total -= band * percent / 100
        return total

    def stands(self, shares: Shares, packages: tuple[str, ...]) -> bool:
        """Coverage, capacity and exclusive packages: what holds without any listed constraint."""
        won = self.wins(shares, packages)
        for lot in self.lots:
            total = sum((share for (_, of), share in won.items() if of == lot), Fraction(0))
            if total < 1 or (total > 1 and not self.overlap):
                return False
        for name, supplier in self.suppliers.items():
            if supplier.get("capacity") is not None:
                used = sum((s * self.use(key) for key, s in shares.items() if key[0] == name), Fraction(0))
                lots = [
                    lot for p in packages if self.packages[p]["supplier"] == name for lot in self.packages[p]["lots"]
                ]
                used += sum((Fraction(self.lots[lot].get("quantity", "1")) for lot in lots), Fraction(0))
                if used > Fraction(supplier["capacity"]):
                    return False
        groups = [(self.packages[p]["supplier"], self.packages[p].get("xor_group")) for p in packages]
        groups = [group for group in groups if group[1] is not None]
        return len(groups) == len(set(groups))

    def use(self, key: tuple[str, str]) -> Fraction:
        return Fraction(self.offers[key].get("capacity_use", self.lots[key[1]].get("quantity", "1")))

    def quality(self, shares: Shares, packages: tuple[str, ...]) -> Fraction:
        points = weight = Fraction(0)
        for (supplier, lot), share in self.wins(shares, packages).items():
            base = share * Fraction(self.lots[lot].get("baseline", "0"))
            points += base * Fraction(self.suppliers[supplier].get("quality", "0"))
            weight += base
        return points / weight if weight else Fraction(0)

    def keeps(self, rule: Document, shares: Shares, packages: tuple[str, ...]) -> bool:
        won, spend, kind = self.wins(shares, packages), self.spend(shares, packages), rule["kind"]
        total = sum(spend.values(), Fraction(0))
        winners = {lot: sum(1 for _, of in won if of == lot) for lot in self.lots}
        if kind == "max_suppliers":
            return len(spend) <= rule["value"]
        if kind == "min_suppliers":
            return len(spend) >= rule["value"]
        if kind == "max_suppliers_per_lot":
            return all(count <= rule["value"] for count in winners.values())
        if kind == "min_suppliers_per_lot":
            return all(count >= rule["value"] for count in winners.values())
        if kind == "fix":
            return (rule["supplier"], rule["lot"]) in won
        if kind == "exclude":
            lots = [rule["lot"]] if rule.get("lot") else list(self.lots)
            return all((rule["supplier"], lot) not in won for lot in lots)
        value = Fraction(rule["value"])
        if kind == "min_quality":
            return self.quality(shares, packages) >= value
        if kind == "min_share_if_used":
            return all(amount >= value * total for amount in spend.values())
        if kind == "max_share" and not rule.get("supplier") and not rule.get("group"):
            return all(amount <= value * total for amount in spend.values())
        group = [n for n, s in self.suppliers.items() if n == rule.get("supplier") or rule.get("group") in s["groups"]]
        part = sum((spend.get(name, Fraction(0)) for name in group), Fraction(0))
        return part <= value * total if kind == "max_share" else part >= value * total

    def awards(self) -> list[tuple[Shares, tuple[str, ...]]]:
        """Every single award that stands without the listed constraints."""
        found = []
        names = list(self.packages)
        for size in range(len(names) + 1):
            for packages in itertools.combinations(names, size):
                covered = {lot for name in packages for lot in self.packages[name]["lots"]}
                for shares in self._choices(covered):
                    if self.stands(shares, packages):
                        found.append((shares, packages))
        return found

    def _choices(self, covered: set[str]) -> list[Shares]:
        if self.overlap:
            keys = list(self.offers)
            picks = itertools.product((False, True), repeat=len(keys))
            return [{k: Fraction(1) for k, on in zip(keys, pick, strict=True) if on} for pick in picks]
        options = [[key for key in self.offers if key[1] == lot] for lot in self.lots if lot not in covered]
        return [{key: Fraction(1) for key in pick} for pick in itertools.product(*options)]

    def best(self, awards: list[Any] | None = None) -> Fraction | None:
        """The lowest cost under all constraints; None if there is no award."""
        costs = [
            self.cost(*award)
            for award in (self.awards() if awards is None else awards)
            if all(self.keeps(rule, *award) for rule in self.d.get("constraints", []))
        ]
        return min(costs, default=None)

    def positions(self, shares: Shares, packages: tuple[str, ...]) -> int:
        """The tie-break: where the winners stand in the list of suppliers, summed over the lots won."""
        order = {name: i + 1 for i, name in enumerate(self.suppliers)}
        own = sum(order[self.packages[p]["supplier"]] * len(self.packages[p]["lots"]) for p in packages)
        return own + sum(order[supplier] for supplier, _ in shares)

    def smallest_conflict(self) -> list[int]:
        """The first smallest set of constraints that no award keeps together."""
        awards, rules = self.awards(), self.d["constraints"]
        kept = [{i for i, rule in enumerate(rules) if self.keeps(rule, *award)} for award in awards]
        for size in range(len(rules) + 1):
            for subset in itertools.combinations(range(len(rules)), size):
                if not any(set(subset) <= held for held in kept):
                    return list(subset)
        raise AssertionError("the problem has an award")


RULES = (
    "max_suppliers", "min_suppliers", "max_suppliers_per_lot", "min_suppliers_per_lot", "max_share", "min_share",
    "min_share_if_used", "min_quality", "fix", "exclude",
)  # fmt: skip


def random_rule(random: random.Random, document: Document, kind: str | None = None) -> Document:
    kind = kind or random.choice(RULES)
    names = [s["id"] for s in document["suppliers"]]
    lots = [lot["id"] for lot in document["lots"]]
    tenth = lambda low, high: f"0.{random.randint(low, high)}"  # noqa: E731
    return {
        "max_suppliers": lambda: {"value": random.randint(1, len(names))},
        "min_suppliers": lambda: {"value": random.randint(1, 3)},
        "max_suppliers_per_lot": lambda: {"value": random.randint(1, 2)},
        "min_suppliers_per_lot": lambda: {"value": random.choice([1, 1, 2])},
        "max_share": lambda: {
            "value": tenth(3, 8), **random.choice([{}, {"supplier": random.choice(names)}, {"group": "local"}])
        },
        "min_share": lambda: {
            "value": tenth(1, 5), **random.choice([{"supplier": random.choice(names)}, {"group": "local"}])
        },
        "min_share_if_used": lambda: {"value": tenth(1, 3)},
        "min_quality": lambda: {"value": str(random.randint(30, 75))},
        "fix": lambda: {"lot": random.choice(lots), "supplier": random.choice(names)},
        "exclude": lambda: {"supplier": random.choice(names), "lot": random.choice([None, *lots])},
    }[kind]() | {"kind": kind}  # fmt: skip


def random_document(
    seed: int, *, rules: int = 2, lots: int = 4, suppliers: int = 3, kind: str | None = None
) -> Document:
    """A small award file: every feature has its chance, few are all present at once."""
    r = random.Random(seed)
    overlap = r.random() < 0.15
    if overlap:
        lots, suppliers = min(lots, 3), min(suppliers, 3)
    names = [f"S{i}" for i in range(1, suppliers + 1)]
    digits = r.choice([0, 2])
    price = lambda low, high: f"{r.randint(low * 10**digits, high * 10**digits) / 10**digits:.{digits}f}"  # noqa: E731
    document: Document = {
        "currency": "EUR",
        "lots": [
            {
                "id": f"L{i}", "quantity": str(r.randint(1, 5)), "baseline": str(r.randint(50, 150)),
                "incumbent": r.choice([None, *names, "S99"]),
            }
            for i in range(1, lots + 1)
        ],
        "suppliers": [
            {
                "id": name, "fixed_cost": r.choice(["0", "0", str(r.randint(1, 30))]),
                "capacity": r.choice([None, None, None, str(r.randint(4, 14))]),
                "quality": str(r.randint(30, 90)), "groups": r.choice([[], ["local"]]),
            }
            for name in names
        ],
        "coverage": "at_least" if overlap else "exactly",
        "switching_cost_rate": r.choice(["0", "0.03"]),
    }  # fmt: skip
    document["offers"] = [
        {"supplier": s, "lot": lot["id"], "price": price(40, 160)}
        | r.choice([{}, {"capacity_use": str(r.randint(1, 6))}])
        for s in names
        for lot in document["lots"]
        if r.random() < 0.75
    ]
    ids = [lot["id"] for lot in document["lots"]]
    document["packages"] = [
        {
            "id": f"P{i}", "supplier": r.choice(names), "lots": (group := r.sample(ids, r.randint(1, min(3, lots)))),
            "price": price(40 * len(group), 130 * len(group)), "xor_group": r.choice([None, "x"]),
        }
        for i in range(r.choice([0, 0, 2, 3]))
    ]  # fmt: skip
    document["discounts"] = [
        {
            "supplier": name, "kind": r.choice(["all_units", "incremental"]),
            "tiers": [
                {"from": "0", "percent": "0"}, {"from": price(60, 150), "percent": str(r.randint(1, 9))},
                {"from": price(160, 300), "percent": str(r.choice([2, 5, 10, 15]))},
            ],
        }
        for name in names
        if r.random() < 0.2
    ]  # fmt: skip
    document["constraints"] = [random_rule(r, document, kind if i == 0 else None) for i in range(rules)]
    return document
