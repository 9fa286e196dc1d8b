"""From an award file to a `Problem`: strict about fields, ids and numbers, exact about amounts."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

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
from srm_portal.kernel.money import parse_amount

Document = dict[str, Any]
Places = dict[str, int]

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
    top = _object(document, "document", needed=("currency", "lots", "suppliers", "offers"), allowed=_TOP)
    suppliers = [_supplier(row, f"suppliers[{i}]") for i, row in enumerate(_list(top, "suppliers"))]
    supplier_at = _places((s.id for s in suppliers), "suppliers")
    lots = [_lot(row, f"lots[{i}]", supplier_at) for i, row in enumerate(_list(top, "lots"))]
    lot_at = _places((lot.id for lot in lots), "lots")
    problem = Problem(
        currency=_currency(top["currency"]),
        lots=tuple(lots),
        suppliers=tuple(suppliers),
        offers=_offers(top, lot_at, supplier_at),
        packages=_packages(top, lot_at, supplier_at),
        split=_split(top) if _choice(top, "award", ("single", "split")) == "split" else None,
        overlap=_choice(top, "coverage", ("exactly", "at_least")) == "at_least",
        constraints=tuple(
            _constraint(row, f"constraints[{i}]", lot_at, supplier_at)
            for i, row in enumerate(_list(top, "constraints"))
        ),
        switching_rate=_fraction(top.get("switching_cost_rate", "0"), "switching_cost_rate"),
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
    fields = _object(row, at, needed=("id",), allowed=("id", "quantity", "baseline", "incumbent"))
    incumbent = fields.get("incumbent")
    baseline = fields.get("baseline")
    return Lot(
        id=_text(fields["id"], f"{at}.id"),
        quantity=_amount(fields.get("quantity", "1"), f"{at}.quantity"),
        baseline=None if baseline is None else _amount(baseline, f"{at}.baseline"),
        incumbent=None if incumbent is None else supplier_at.get(_text(incumbent, f"{at}.incumbent"), ABSENT),
    )


def _supplier(row: object, at: str) -> Supplier:
    fields = _object(row, at, needed=("id",), allowed=("id", "fixed_cost", "capacity", "quality", "groups"))
    groups = _list(fields, "groups", f"{at}.groups")
    capacity = fields.get("capacity")
    return Supplier(
        id=_text(fields["id"], f"{at}.id"),
        fixed_cost=_amount(fields.get("fixed_cost", "0"), f"{at}.fixed_cost"),
        capacity=None if capacity is None else _amount(capacity, f"{at}.capacity"),
        quality=_amount(fields.get("quality", "0"), f"{at}.quality"),
        groups=frozenset(_text(group, f"{at}.groups[{i}]") for i, group in enumerate(groups)),
    )


def _offers(top: Document, lot_at: Places, supplier_at: Places) -> tuple[Offer, ...]:
    offers = []
    seen: set[tuple[int, int]] = set()
    for i, row in enumerate(_list(top, "offers")):
        at = f"offers[{i}]"
        fields = _object(
            row, at, needed=("supplier", "lot", "price"), allowed=("supplier", "lot", "price", "capacity_use")
        )
        use = fields.get("capacity_use")
        offer = Offer(
            supplier=_known(fields["supplier"], f"{at}.supplier", supplier_at, "suppliers"),
            lot=_known(fields["lot"], f"{at}.lot", lot_at, "lots"),
            price=_amount(fields["price"], f"{at}.price"),
            capacity_use=None if use is None else _amount(use, f"{at}.capacity_use"),
        )
        if (offer.supplier, offer.lot) in seen:
            raise InputError(at, "give one offer per supplier and lot")
        seen.add((offer.supplier, offer.lot))
        offers.append(offer)
    return tuple(offers)


def _packages(top: Document, lot_at: Places, supplier_at: Places) -> tuple[Package, ...]:
    packages = []
    for i, row in enumerate(_list(top, "packages")):
        at = f"packages[{i}]"
        needed = ("id", "supplier", "lots", "price")
        fields = _object(row, at, needed=needed, allowed=(*needed, "xor_group"))
        lots = [
            _known(lot, f"{at}.lots[{k}]", lot_at, "lots") for k, lot in enumerate(_list(fields, "lots", f"{at}.lots"))
        ]
        if not lots or len(set(lots)) < len(lots):
            raise InputError(f"{at}.lots", "name at least one lot, each once")
        group = fields.get("xor_group")
        packages.append(
            Package(
                id=_text(fields["id"], f"{at}.id"),
                supplier=_known(fields["supplier"], f"{at}.supplier", supplier_at, "suppliers"),
                lots=tuple(sorted(lots)),
                price=_amount(fields["price"], f"{at}.price"),
                xor_group=None if group is None else _text(group, f"{at}.xor_group"),
            )
        )
    _places((package.id for package in packages), "packages")
    return tuple(packages)


def _split(top: Document) -> Split:
    fields = _object(top.get("split") or {}, "split", allowed=("share_min", "share_max"))
    low = _share(fields.get("share_min", "0"), "split.share_min")
    high = _share(fields.get("share_max", "1"), "split.share_max")
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
    fields = _object(row, at, needed=needed, allowed=("kind", *needed, *besides))
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
        supplier=None if supplier is None else _known(supplier, f"{at}.supplier", supplier_at, "suppliers"),
        group=None if group is None else _text(group, f"{at}.group"),
        lot=None if lot is None else _known(lot, f"{at}.lot", lot_at, "lots"),
    )


def _value(fields: Document, kind: str, at: str) -> Fraction:
    if "value" not in fields:
        return Fraction(0)
    value = fields["value"]
    if kind in COUNT_KINDS:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise InputError(at, "must be a whole number, 0 or more")
        return Fraction(value)
    return _fraction(value, at) if kind == "min_quality" else _share(value, at)


def _discounts(top: Document, supplier_at: Places) -> tuple[Discount, ...]:
    discounts = []
    for i, row in enumerate(_list(top, "discounts")):
        at = f"discounts[{i}]"
        needed = ("supplier", "kind", "tiers")
        fields = _object(row, at, needed=needed, allowed=needed)
        kind = _choice(fields, "kind", ("all_units", "incremental"), f"{at}.kind")
        tiers = [_tier(tier, f"{at}.tiers[{k}]") for k, tier in enumerate(_list(fields, "tiers", f"{at}.tiers"))]
        for k in range(1, len(tiers)):
            if tiers[k].start <= tiers[k - 1].start:
                raise InputError(f"{at}.tiers[{k}].from", "must be above the tier before")
        if not tiers or tiers[0].start > 0:
            tiers.insert(0, Tier(Fraction(0), Fraction(0)))
        discounts.append(
            Discount(
                supplier=_known(fields["supplier"], f"{at}.supplier", supplier_at, "suppliers"),
                kind="all_units" if kind == "all_units" else "incremental",
                tiers=tuple(tiers),
            )
        )
        if len({d.supplier for d in discounts}) < len(discounts):
            raise InputError(f"{at}.supplier", "has a discount already; give one per supplier")
    return tuple(discounts)


def _tier(row: object, at: str) -> Tier:
    fields = _object(row, at, needed=("from", "percent"), allowed=("from", "percent"))
    percent = _fraction(fields["percent"], f"{at}.percent")
    if percent > 100:
        raise InputError(f"{at}.percent", "must be between 0 and 100")
    return Tier(_fraction(fields["from"], f"{at}.from"), percent)


def _objective(value: object) -> Objective:
    fields = _object(value, "objective", needed=("kind",), allowed=("kind", "price_weight", "quality_weight"))
    if _choice(fields, "kind", ("cost", "weighted"), "objective.kind") == "cost":
        _object(value, "objective", needed=("kind",), allowed=("kind",))
        return Objective()
    _object(value, "objective", needed=("kind", "price_weight", "quality_weight"), allowed=fields)
    price = _fraction(fields["price_weight"], "objective.price_weight")
    quality = _fraction(fields["quality_weight"], "objective.quality_weight")
    if price + quality == 0:
        raise InputError("objective.price_weight", "one of the two weights must be above zero")
    return Objective("weighted", price, quality)


def _limits(value: object) -> Limits:
    fields = _object(value, "limits", allowed=("seconds", "gap"))
    seconds = fields.get("seconds", 30)
    if isinstance(seconds, str):
        seconds = float(_amount(seconds, "limits.seconds"))
    if isinstance(seconds, bool) or not isinstance(seconds, int | float | Decimal) or not 0 < seconds <= 86_400:
        raise InputError("limits.seconds", "must be a number of seconds above 0, at most 86400")
    return Limits(float(seconds), _share(fields.get("gap", "0"), "limits.gap"))


def _object(value: object, at: str, *, needed: Iterable[str] = (), allowed: Iterable[str] = ()) -> Document:
    if not isinstance(value, dict):
        raise InputError(at, "must be an object")
    prefix = "" if at == "document" else f"{at}."
    for name in needed:
        if name not in value:
            raise InputError(f"{prefix}{name}", "is missing")
    if unknown := [name for name in value if name not in allowed]:
        raise InputError(f"{prefix}{unknown[0]}", "is unknown; allowed are " + ", ".join(allowed))
    return value


def _list(fields: Document, name: str, at: str | None = None) -> list[Any]:
    value = fields.get(name, [])
    if not isinstance(value, list):
        raise InputError(at or name, "must be a list")
    return value


def _choice(fields: Document, name: str, choices: tuple[str, ...], at: str | None = None) -> str:
    value = fields.get(name, choices[0])
    if value not in choices:
        raise InputError(at or name, "must be " + " or ".join(choices))
    return str(value)


def _text(value: object, at: str) -> str:
    if not isinstance(value, str) or not value:
        raise InputError(at, "must be a text that is not empty")
    return value


def _currency(value: object) -> str:
    text = _text(value, "currency")
    if len(text) != 3 or not (text.isascii() and text.isalpha() and text.isupper()):
        raise InputError("currency", 'must be three capital letters, like "EUR"')
    return text


def _places(ids: Iterable[str], at: str) -> Places:
    places: Places = {}
    for i, name in enumerate(ids):
        if places.setdefault(name, i) != i:
            raise InputError(f"{at}[{i}].id", "is used twice; ids must differ")
    return places


def _known(value: object, at: str, places: Places, where: str) -> int:
    place = places.get(value) if isinstance(value, str) else None
    if place is None:
        raise InputError(at, f"must be the id of one of the {where}")
    return place


def _amount(value: object, at: str) -> Decimal:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    try:
        return parse_amount(value)
    except ValueError:
        raise InputError(at, 'must be a decimal text without sign, like "4800" or "12.50"') from None


def _fraction(value: object, at: str) -> Fraction:
    return Fraction(_amount(value, at))


def _share(value: object, at: str) -> Fraction:
    share = _fraction(value, at)
    if share > 1:
        raise InputError(at, 'must be between "0" and "1"')
    return share
