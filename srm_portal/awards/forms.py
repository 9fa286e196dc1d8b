"""Forms of the award: rule, facts, scenarios, proposal, questions; and the sheets beside them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectField
from wtforms.validators import Length, NumberRange, Optional

from srm_portal.awards.services.wording import KINDS, RULES
from srm_portal.kernel.errors import FieldProblem, Invalid
from srm_portal.kernel.money import plain
from srm_portal.web import formats
from srm_portal.web.forms import AmountField, BooleanField, PortalForm, StringField, TextAreaField, required

COUNTS = ("max_suppliers", "min_suppliers", "max_suppliers_per_lot", "min_suppliers_per_lot")
SHARES = ("max_share", "min_share", "min_share_if_used")
Known = dict[str, Any]


class AwardForm(PortalForm):
    scenario = HiddenField()
    justification = TextAreaField(
        _l("Justification"),
        [required(), Length(max=8000)],
        description=_l("Why these suppliers: read by the manager, kept for auditors."),
    )
    departure = TextAreaField(
        _l("Why not the promised rule"),
        [Length(max=4000)],
        description=_l("Owed only where the award is not what the published rule gives."),
    )
    standstill_days = IntegerField(
        _l("Standstill (days)"),
        [required(), NumberRange(min=0, max=60)],
        default=10,
        description=_l("Losing bidders may object before the contract is signed."),
    )
    tell_winner = BooleanField(_l("Name the winner in the letters"), default=True)
    tell_price = BooleanField(_l("Name the winning price in the letters"), default=False)
    tell_scores = BooleanField(_l("Tell each bidder their own points"), default=True)

    @property
    def telling(self) -> dict[str, bool]:
        return {
            "winner": bool(self.tell_winner.data),
            "price": bool(self.tell_price.data),
            "scores": bool(self.tell_scores.data),
        }


class DecideForm(PortalForm):
    sha256 = HiddenField()


class QuestionForm(PortalForm):
    text = TextAreaField(_l("Your question"), [required(), Length(max=4000)])


class PromiseForm(PortalForm):
    kind = SelectField(
        _l("Award rule"),
        choices=[
            ("", _l("No rule is promised")),
            ("ranking", KINDS["ranking"]),
            ("cheapest", _l("Lowest total cost")),
            ("best_score", KINDS["best_score"]),
        ],
        validators=[Optional()],
    )
    suppliers = IntegerField(_l("At most so many suppliers"), [Optional(), NumberRange(min=1, max=100)])
    price_weight = AmountField(_l("Points for price"), digits=2)
    quality_weight = AmountField(_l("Points for quality"), digits=2)
    split = BooleanField(_l("A lot may be split between suppliers"))
    share_min = AmountField(_l("Smallest share of a lot (%)"), digits=2)
    share_max = AmountField(_l("Largest share of a lot (%)"), digits=2)

    @property
    def promise(self) -> Known:
        if not self.kind.data:
            return {}
        found: Known = {"kind": self.kind.data}
        if self.suppliers.data:
            found["suppliers"] = self.suppliers.data
        if self.kind.data == "best_score":
            found |= weights_of(self)
        if self.split.data:
            found["split"] = split_of(self)
        return found


class ScenarioForm(PortalForm):
    name = StringField(_l("Name of the scenario"), [required(), Length(max=120)])
    kind = SelectField(
        _l("What is looked for"), choices=[(key, text) for key, text in KINDS.items() if key != "by_hand"]
    )
    suppliers = IntegerField(_l("At most so many suppliers"), [Optional(), NumberRange(min=1, max=100)])
    price_weight = AmountField(_l("Points for price"), digits=2, default=Decimal(60))
    quality_weight = AmountField(_l("Points for quality"), digits=2, default=Decimal(40))
    split = BooleanField(_l("A lot may be split between suppliers"))
    share_min = AmountField(_l("Smallest share of a lot (%)"), digits=2, default=Decimal(20))
    share_max = AmountField(_l("Largest share of a lot (%)"), digits=2, default=Decimal(80))
    overlap = BooleanField(
        _l("Packages may overlap"), description=_l("A lot may be bought twice where that makes the whole cheaper.")
    )
    seconds = IntegerField(_l("Time to search (seconds)"), [required(), NumberRange(min=1, max=600)], default=30)

    def asked(self, constraints: list[Known]) -> Known:
        """What the buyer asks, in the words of `domain/asking`. Invalid where a number is missing."""
        kind = self.kind.data
        found: Known = {"kind": kind, "constraints": constraints, "seconds": self.seconds.data or 30}
        if kind == "best_of":
            if not self.suppliers.data:
                raise Invalid([FieldProblem("suppliers", "required")])
            found["suppliers"] = self.suppliers.data
        elif self.suppliers.data:
            constraints.insert(0, {"kind": "max_suppliers", "value": self.suppliers.data})
        if kind == "best_score":
            found |= weights_of(self)
        if self.split.data:
            found["split"] = split_of(self)
        if self.overlap.data:
            found["coverage"] = "at_least"
        return found


def weights_of(form: Any) -> Known:
    price, quality = form.price_weight.data or Decimal(0), form.quality_weight.data or Decimal(0)
    if not price and not quality:
        raise Invalid([FieldProblem("price_weight", "promise_weights_needed")])
    return {"price_weight": plain(price), "quality_weight": plain(quality)}


def split_of(form: Any) -> Known:
    low = form.share_min.data or Decimal(0)
    high = Decimal(100) if form.share_max.data is None else form.share_max.data
    if not 0 <= low <= high <= 100 or not high:
        raise Invalid([FieldProblem("share_max", "share_unreadable", value=f"{low}–{high}")])
    return {"share_min": plain(low / 100), "share_max": plain(high / 100)}


# sheets -----------------------------------------------------------------------------------------------------------
def rows_of(typed: Mapping[str, str], sheet: str) -> list[dict[str, str]]:
    """The rows `sheet-0-name` ... as typed, in order; rows without anything but choices are left out."""
    rows: dict[int, dict[str, str]] = {}
    for name, value in typed.items():
        parts = name.split("-", 2)
        if len(parts) == 3 and parts[0] == sheet and parts[1].isdigit():
            rows.setdefault(int(parts[1]), {})[parts[2]] = value.strip()
    return [rows[at] for at in sorted(rows)]


def read_rules(rows: list[dict[str, str]], language: str) -> tuple[list[Known], list[FieldProblem]]:
    """Constraints as an award file has them, and the cells that cannot be read."""
    found: list[Known] = []
    problems: list[FieldProblem] = []
    for number, row in enumerate(rows, start=1):
        kind = row.get("kind", "")
        if kind not in RULES:
            continue
        try:
            found.append(_rule(kind, row, language))
        except (ValueError, KeyError):
            problems.append(FieldProblem(str(RULES[kind]), "rule_unreadable", row=number, value=row.get("value", "")))
    return found, problems


def _rule(kind: str, row: dict[str, str], language: str) -> Known:
    supplier, lot, group = row.get("supplier") or None, row.get("lot") or None, row.get("group") or None
    if kind == "fix":
        if not supplier or not lot:
            raise ValueError
        return {"kind": kind, "lot": lot, "supplier": supplier}
    if kind == "exclude":
        if not supplier:
            raise ValueError
        return {"kind": kind, "supplier": supplier, "lot": lot}
    value = formats.parse_number(row.get("value", "").rstrip("% "), language)
    if value < 0:
        raise ValueError
    if kind in COUNTS:
        if value != value.to_integral_value():
            raise ValueError
        return {"kind": kind, "value": int(value)}
    if kind == "min_quality":
        return {"kind": kind, "value": plain(value)}
    if value > 100 or (supplier and group) or (kind == "min_share" and not supplier and not group):
        raise ValueError
    rule: Known = {"kind": kind, "value": plain(value / 100)}
    if kind != "min_share_if_used":
        rule |= {"supplier": supplier} if supplier else {"group": group} if group else {}
    return rule


def read_known(
    typed: Mapping[str, str], language: str, suppliers: list[str], lots: list[str]
) -> tuple[Known, list[FieldProblem]]:
    """The sheets of the facts page as `domain/facts` knows them, and the cells that cannot be read."""
    problems: list[FieldProblem] = []

    def amount(name: str, field: str, row: int | None = None) -> str | None:
        text = typed.get(name, "").strip()
        if not text:
            return None
        try:
            value = formats.parse_number(text, language)
        except ValueError:
            value = Decimal(-1)
        if value < 0:
            problems.append(FieldProblem(field, "amount_unreadable", row=row, value=text))
            return None
        return plain(value)

    known: Known = {"suppliers": {}, "lots": {}, "packages": [], "discounts": []}
    for supplier in suppliers:
        facts: Known = {key: amount(f"supplier-{supplier}-{key}", key) for key in ("fixed_cost", "capacity", "quality")}
        groups = [one.strip() for one in typed.get(f"supplier-{supplier}-groups", "").split(",") if one.strip()]
        known["suppliers"][supplier] = {key: value for key, value in facts.items() if value} | (
            {"groups": groups} if groups else {}
        )
    for lot in lots:
        facts = {"baseline": amount(f"lot-{lot}-baseline", "baseline"), "incumbent": typed.get(f"lot-{lot}-incumbent")}
        known["lots"][lot] = {key: value for key, value in facts.items() if value}
    rate = amount("switching_cost_rate", "switching_cost_rate")
    known["switching_cost_rate"] = plain(Decimal(rate) / 100) if rate else "0"
    for number, row in enumerate(rows_of(typed, "packages"), start=1):
        if not row.get("lots") and not row.get("price"):
            continue
        named = [one.strip() for one in row.get("lots", "").split(",") if one.strip()]
        if not named or set(named) - set(lots) or len(set(named)) < len(named):
            problems.append(FieldProblem("lots", "lots_unreadable", row=number, value=row.get("lots", "")))
        price = amount(f"packages-{_at(typed, 'packages', number)}-price", "price", number)
        known["packages"].append(
            {
                "id": row.get("id") or f"P{number}",
                "supplier": row.get("supplier", ""),
                "lots": named,
                "price": price or "0",
                "xor_group": row.get("xor_group") or None,
            }
        )
        if price is None:
            problems.append(FieldProblem("price", "amount_unreadable", row=number, value=row.get("price", "")))
    for number, row in enumerate(rows_of(typed, "discounts"), start=1):
        if not row.get("tiers"):
            continue
        tiers = _tiers(row["tiers"], language)
        if tiers is None:
            problems.append(FieldProblem("tiers", "tiers_unreadable", row=number, value=row["tiers"]))
        known["discounts"].append(
            {"supplier": row.get("supplier", ""), "kind": row.get("kind", "all_units"), "tiers": tiers or []}
        )
    return known, problems


def _at(typed: Mapping[str, str], sheet: str, number: int) -> int:
    """The place in the field names of a sheet's so-manieth row."""
    places = sorted(
        {int(name.split("-")[1]) for name in typed if name.startswith(f"{sheet}-") and name.split("-")[1].isdigit()}
    )
    return places[number - 1]


def _tiers(text: str, language: str) -> list[Known] | None:
    """`0 = 0; 100000 = 2` as tiers; None where it cannot be read."""
    found = []
    for part in filter(None, (one.strip() for one in text.split(";"))):
        start, sign, percent = part.partition("=")
        try:
            pair = [formats.parse_number(one.strip().rstrip("% "), language) for one in (start, percent)]
        except ValueError:
            return None
        if not sign or min(pair) < 0:
            return None
        found.append({"from": plain(pair[0]), "percent": plain(pair[1])})
    return found


def read_shares(typed: Mapping[str, str], language: str) -> tuple[dict[tuple[str, str], Fraction], tuple[str, ...]]:
    """`share|LOT|SUPPLIER` in percent and ticked `package` names. Invalid names the first that cannot be read."""
    shares: dict[tuple[str, str], Fraction] = {}
    for name, text in typed.items():
        parts = name.split("|")
        if len(parts) != 3 or parts[0] != "share" or not text.strip():
            continue
        try:
            value = Fraction(formats.parse_number(text.strip().rstrip("% "), language))
        except ValueError:
            value = Fraction(-1)
        if not 0 <= value <= 100:
            raise Invalid([FieldProblem("form", "share_unreadable", value=text)])
        if value:
            shares[(parts[1], parts[2])] = value / 100
    return shares, tuple(value for name, value in typed.items() if name.startswith("package|"))
