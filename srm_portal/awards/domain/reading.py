"""From an award file to a `Problem`: strict about fields, ids and numbers, exact about amounts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import cast

from srm_portal.awards.domain.fields import (
    Document,
    Places,
    amount_of,
    choice_of,
    currency_of,
    fraction_of,
    known,
    list_of,
    object_of,
    places_of,
    share_of,
    text_of,
)
from srm_portal.awards.domain.problem import (
    ABSENT,
    COUNT_KINDS,
    Constraint,
    Discount,
    Kind,
    Limits,
    Lot,
    Objective,
    Offer,
    Package,
    Problem,
    Split,
    Supplier,
    Tier,
)
from srm_portal.kernel.errors import InputError

_TOP = (
    "currency", "lots", "suppliers", "offers", "packages", "award", "coverage", "split", "constraints",
    "switching_cost_rate", "discounts", "objective", "limits",
)  # fmt: skip
_RULE_FIELDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    # kind: (needed, allowed besides)
    "max_suppliers": (("value",), ()),
    "min_suppliers": (("value",), ()),
    "max_suppliers_per_lot": (("value",), ()),
    "min_suppliers_per_lot": (("value",), ()),
    "max_share": (("value",), ("supplier", "group")),
    "min_share": (("value",), ("supplier", "group")),
    "min_share_if_used": (("value",), ()),
    "min_quality": (("value",), ()),
    "fix": (("lot", "supplier"), ()),
    "exclude": (("supplier",), ("lot",)),
}


def read(document: object) -> Problem:
    """Parse an award file.

    Raises InputError naming the first wrong field and what would be right.
    """
    top = object_of(document, "document", needed=("currency", "lots", "suppliers", "offers"), allowed=_TOP)
    suppliers = [_supplier(row, f"suppliers[{i}]") for i, row in enumerate(list_of(top, "suppliers"))]
    supplier_at = places_of((s.id for s in suppliers), "suppliers")
    lots = [_lot(row, f"lots[{i}]", supplier_at) for i, row in enumerate(list_of(top, "lots"))]
    lot_at = places_of((lot.id for lot in lots), "lots")
    problem = Problem(
        currency=currency_of(top["currency"]),
        lots=tuple(lots),
        suppliers=tuple(suppliers),
        offers=_offers(top, lot_at, supplier_at),
        packages=_packages(top, lot_at, supplier_at),
        split=_split(top) if choice_of(top, "award", ("single", "split")) == "split" else None,
        overlap=choice_of(top, "coverage", ("exactly", "at_least")) == "at_least",
        constraints=tuple(
            _constraint(row, f"constraints[{i}]", lot_at, supplier_at)
            for i, row in enumerate(list_of(top, "constraints"))
        ),
        switching_rate=fraction_of(top.get("switching_cost_rate", "0"), "switching_cost_rate"),
        discounts=_discounts(top, supplier_at),
        objective=_objective(top.get("objective", {"kind": "cost"})),
        limits=_limits(top.get("limits", {})),
    )
    _weights_known(problem)
    return problem


def _weights_known(problem: Problem) -> None:
    weighed = problem.objective.kind == "weighted" or problem.rules("min_quality")
    if weighed and problem.lots and not any(lot.baseline for lot in problem.lots):
        raise InputError("lots[0].baseline", "quality is weighed by baselines; give at least one above zero")


def _lot(row: object, at: str, supplier_at: Places) -> Lot:
    fields = object_of(row, at, needed=("id",), allowed=("id", "quantity", "baseline", "incumbent"))
    incumbent = fields.get("incumbent")
    baseline = fields.get("baseline")
    return Lot(
        id=text_of(fields["id"], f"{at}.id"),
        quantity=amount_of(fields.get("quantity", "1"), f"{at}.quantity"),
        baseline=None if baseline is None else amount_of(baseline, f"{at}.baseline"),
        incumbent=None if incumbent is None else supplier_at.get(text_of(incumbent, f"{at}.incumbent"), ABSENT),
    )


def _supplier(row: object, at: str) -> Supplier:
    fields = object_of(row, at, needed=("id",), allowed=("id", "fixed_cost", "capacity", "quality", "groups"))
    groups = list_of(fields, "groups", f"{at}.groups")
    capacity = fields.get("capacity")
    return Supplier(
        id=text_of(fields["id"], f"{at}.id"),
        fixed_cost=amount_of(fields.get("fixed_cost", "0"), f"{at}.fixed_cost"),
        capacity=None if capacity is None else amount_of(capacity, f"{at}.capacity"),
        quality=amount_of(fields.get("quality", "0"), f"{at}.quality"),
        groups=frozenset(text_of(group, f"{at}.groups[{i}]") for i, group in enumerate(groups)),
    )


def _offers(top: Document, lot_at: Places, supplier_at: Places) -> tuple[Offer, ...]:
    offers = []
    seen: set[tuple[int, int]] = set()
    for i, row in enumerate(list_of(top, "offers")):
        at = f"offers[{i}]"
        fields = object_of(
            row, at, needed=("supplier", "lot", "price"), allowed=("supplier", "lot", "price", "capacity_use")
        )
        use = fields.get("capacity_use")
        offer = Offer(
            supplier=known(fields["supplier"], f"{at}.supplier", supplier_at, "suppliers"),
            lot=known(fields["lot"], f"{at}.lot", lot_at, "lots"),
            price=amount_of(fields["price"], f"{at}.price"),
            capacity_use=None if use is None else amount_of(use, f"{at}.capacity_use"),
        )
        if (offer.supplier, offer.lot) in seen:
            raise InputError(at, "give one offer per supplier and lot")
        seen.add((offer.supplier, offer.lot))
        offers.append(offer)
    return tuple(offers)


def _packages(top: Document, lot_at: Places, supplier_at: Places) -> tuple[Package, ...]:
    packages = []
    for i, row in enumerate(list_of(top, "packages")):
        at = f"packages[{i}]"
        needed = ("id", "supplier", "lots", "price")
        fields = object_of(row, at, needed=needed, allowed=(*needed, "xor_group"))
        lots = [
            known(lot, f"{at}.lots[{k}]", lot_at, "lots") for k, lot in enumerate(list_of(fields, "lots", f"{at}.lots"))
        ]
        if not lots or len(set(lots)) < len(lots):
            raise InputError(f"{at}.lots", "name at least one lot, each once")
        group = fields.get("xor_group")
        packages.append(
            Package(
                id=text_of(fields["id"], f"{at}.id"),
                supplier=known(fields["supplier"], f"{at}.supplier", supplier_at, "suppliers"),
                lots=tuple(sorted(lots)),
                price=amount_of(fields["price"], f"{at}.price"),
                xor_group=None if group is None else text_of(group, f"{at}.xor_group"),
            )
        )
    places_of((package.id for package in packages), "packages")
    return tuple(packages)


def _split(top: Document) -> Split:
    fields = object_of(top.get("split") or {}, "split", allowed=("share_min", "share_max"))
    low = share_of(fields.get("share_min", "0"), "split.share_min")
    high = share_of(fields.get("share_max", "1"), "split.share_max")
    if low > high or high == 0:
        raise InputError("split.share_max", "must be above 0 and not below share_min")
    return Split(low, high)


def _constraint(row: object, at: str, lot_at: Places, supplier_at: Places) -> Constraint:
    if not isinstance(row, dict):
        raise InputError(at, "must be an object")
    kind = row.get("kind")
    if not isinstance(kind, str) or kind not in _RULE_FIELDS:
        raise InputError(f"{at}.kind", "must be one of " + ", ".join(_RULE_FIELDS))
    needed, besides = _RULE_FIELDS[kind]
    fields = object_of(row, at, needed=needed, allowed=("kind", *needed, *besides))
    supplier, group, lot = fields.get("supplier"), fields.get("group"), fields.get("lot")
    if supplier is not None and group is not None:
        raise InputError(f"{at}.group", "name a supplier or a group, not both")
    if kind == "min_share" and supplier is None and group is None:
        raise InputError(f"{at}.supplier", "name the supplier or the group that gets this share")
    for name in ("lot", "supplier"):
        if name in needed and fields[name] is None:
            raise InputError(f"{at}.{name}", "must be the id of one of the " + name + "s")
    return Constraint(
        kind=cast(Kind, kind),
        value=_value(fields, kind, f"{at}.value"),
        supplier=None if supplier is None else known(supplier, f"{at}.supplier", supplier_at, "suppliers"),
        group=None if group is None else text_of(group, f"{at}.group"),
        lot=None if lot is None else known(lot, f"{at}.lot", lot_at, "lots"),
    )


def _value(fields: Document, kind: str, at: str) -> Fraction:
    if "value" not in fields:
        return Fraction(0)
    value = fields["value"]
    if kind in COUNT_KINDS:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise InputError(at, "must be a whole number, 0 or more")
        return Fraction(value)
    return fraction_of(value, at) if kind == "min_quality" else share_of(value, at)


def _discounts(top: Document, supplier_at: Places) -> tuple[Discount, ...]:
    discounts = []
    for i, row in enumerate(list_of(top, "discounts")):
        at = f"discounts[{i}]"
        needed = ("supplier", "kind", "tiers")
        fields = object_of(row, at, needed=needed, allowed=needed)
        kind = choice_of(fields, "kind", ("all_units", "incremental"), f"{at}.kind")
        tiers = [_tier(tier, f"{at}.tiers[{k}]") for k, tier in enumerate(list_of(fields, "tiers", f"{at}.tiers"))]
        for k in range(1, len(tiers)):
            if tiers[k].start <= tiers[k - 1].start:
                raise InputError(f"{at}.tiers[{k}].from", "must be above the tier before")
        if not tiers or tiers[0].start > 0:
            tiers.insert(0, Tier(Fraction(0), Fraction(0)))
        discounts.append(
            Discount(
                supplier=known(fields["supplier"], f"{at}.supplier", supplier_at, "suppliers"),
                kind="all_units" if kind == "all_units" else "incremental",
                tiers=tuple(tiers),
            )
        )
        if len({d.supplier for d in discounts}) < len(discounts):
            raise InputError(f"{at}.supplier", "has a discount already; give one per supplier")
    return tuple(discounts)


def _tier(row: object, at: str) -> Tier:
    fields = object_of(row, at, needed=("from", "percent"), allowed=("from", "percent"))
    percent = fraction_of(fields["percent"], f"{at}.percent")
    if percent > 100:
        raise InputError(f"{at}.percent", "must be between 0 and 100")
    return Tier(fraction_of(fields["from"], f"{at}.from"), percent)


def _objective(value: object) -> Objective:
    fields = object_of(value, "objective", needed=("kind",), allowed=("kind", "price_weight", "quality_weight"))
    if choice_of(fields, "kind", ("cost", "weighted"), "objective.kind") == "cost":
        object_of(value, "objective", needed=("kind",), allowed=("kind",))
        return Objective()
    object_of(value, "objective", needed=("kind", "price_weight", "quality_weight"), allowed=fields)
    price = fraction_of(fields["price_weight"], "objective.price_weight")
    quality = fraction_of(fields["quality_weight"], "objective.quality_weight")
    if price + quality == 0:
        raise InputError("objective.price_weight", "one of the two weights must be above zero")
    return Objective("weighted", price, quality)


def _limits(value: object) -> Limits:
    fields = object_of(value, "limits", allowed=("seconds", "gap"))
    seconds = fields.get("seconds", 30)
    if isinstance(seconds, str):
        seconds = float(amount_of(seconds, "limits.seconds"))
    if isinstance(seconds, bool) or not isinstance(seconds, int | float | Decimal) or not 0 < seconds <= 86_400:
        raise InputError("limits.seconds", "must be a number of seconds above 0, at most 86400")
    return Limits(float(seconds), share_of(fields.get("gap", "0"), "limits.gap"))
