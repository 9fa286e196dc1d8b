"""What a release becomes in this house: the need of a project, with everything else it said kept beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from srm_portal.exchange.domain.ocds_read import ImportedItem, ImportedParty, ImportedRelease
from srm_portal.exchange.domain.plain import plain_values
from srm_portal.exchange.domain.units import read_unit
from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.measure import UNITS
from srm_portal.kernel.money import Money
from srm_portal.sourcing.domain.imported import TITLE_MAX, ImportedProject, LotInput
from srm_portal.sourcing.domain.need import LineInput

FORMAT = "ocds"
_SUPPLYING = frozenset({"supplier", "tenderer"})
_ELSEWHERE = frozenset({"row", "title", "description", "items", "warnings"})
_SCHEME = re.compile(r"([A-Z]{2})-[A-Z0-9]+", re.ASCII)
_REGION = re.compile(r"[A-Z]{2}[A-Z0-9]{0,3}", re.ASCII)
_CPV = re.compile(r"[0-9]{8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Taken:
    """The project, and what had to be cut or left out on the way."""

    project: ImportedProject
    warnings: tuple[FieldProblem, ...]


def supplying(release: ImportedRelease) -> tuple[ImportedParty, ...]:
    """The parties that supply or offered to; the buyer's side and reviewers are only listed."""
    winners = {key for award in release.awards for key in award.supplier_ids}
    winners |= {key for contract in release.contracts for key in contract.supplier_ids}
    return tuple(party for party in release.parties if party.id in winners or _SUPPLYING & set(party.roles))


def register_country(scheme: str) -> str:
    """The country a register belongs to: "GB-COH" -> "GB"; empty for registers of no one country."""
    match = _SCHEME.fullmatch(scheme)
    return match[1] if match and match[1] not in ("XI", "XM", "XR") else ""


def register_number(party: ImportedParty) -> str:
    """Scheme and number as one text ("GB-COH-01234567"), the number alone without a scheme."""
    return "-".join(part for part in (party.scheme, party.identifier) if part) if party.identifier else ""


def project_of(release: ImportedRelease, *, default_currency: str, suppliers: Mapping[str, str]) -> Taken:
    """The need (or the finished project) of a release; `suppliers`: party id -> supplier id in the registry."""
    warnings: list[FieldProblem] = []

    def warn(field: str, code: str, value: object = "", **facts: str) -> None:
        warnings.append(FieldProblem(field, code, release.row, str(value)[:80], tuple(sorted(facts.items()))))

    value, budget = release.value, release.budget or release.value
    currency = next((money.currency for money in (value, budget) if money), default_currency)
    if value and budget and budget.currency != currency:
        warn("planning.budget", "other_currency", f"{budget.amount} {budget.currency}", currency=currency)
        budget = value
    numbers = {lot.id: number for number, lot in enumerate(release.lots, start=1)}
    lots = tuple(LotInput(numbers[lot.id], _cut(lot.title), lot.description) for lot in release.lots)
    lines = [_line(item, numbers, release, currency, warn) for item in release.items] or _whole(release, lots)
    if len(release.title) > TITLE_MAX:
        warn("tender.title", "title_cut", release.title, max=str(TITLE_MAX))
    starts_at = release.contract_period.starts_at if release.contract_period else None
    product = release.classification.description if release.classification else ""
    project = ImportedProject(
        source_id=release.ocid,
        source=_source(release, suppliers, warnings),
        title=_cut(release.title),
        description=_with_full(release.title, release.description),
        category=_category(release),
        product=_cut(product),
        region=next((place for item in release.items for place in item.places if _REGION.fullmatch(place)), ""),
        currency=currency,
        budget=budget.amount if budget else None,
        baseline=value.amount if value else None,
        needed_on=starts_at.date() if starts_at else None,
        lots=lots,
        lines=tuple(lines),
        archived=release.kind == "archive",
    )
    return Taken(project, tuple(warnings))


def _cut(text: str) -> str:
    return text if len(text) <= TITLE_MAX else text[: TITLE_MAX - 1].rstrip() + "…"


def _with_full(title: str, text: str) -> str:
    return text if len(title) <= TITLE_MAX else f"{title}\n\n{text}".strip()


def _category(release: ImportedRelease) -> str:
    found = release.classification
    return found.code if found and found.scheme.upper() == "CPV" and _CPV.fullmatch(found.code) else ""


def _whole(release: ImportedRelease, lots: tuple[LotInput, ...]) -> list[LineInput]:
    """Without items, each lot (or the whole) is bought as one lump sum."""
    wanted = lots or (LotInput(1, _cut(release.title)),)
    return [LineInput(lot.number, lot.title or _cut(release.title), Decimal(1), "LS") for lot in wanted]


def _line(item: ImportedItem, lots: Mapping[str, int], release: ImportedRelease, currency: str, warn: Any) -> LineInput:
    named = item.classification.description if item.classification else ""
    text = item.description or named or release.title
    quantity, unit = (Decimal(1), "LS") if item.quantity is None else (item.quantity, _unit(item, warn))
    return LineInput(
        lot=lots.get(item.lot_id or "", 1),
        title=_cut(text.partition("\n")[0]),
        quantity=quantity,
        unit=unit,
        description=text if len(text) > TITLE_MAX or "\n" in text else "",
        target_price=_price(item.unit_price, item.id, currency, warn),
    )


def _unit(item: ImportedItem, warn: Any) -> str:
    if not item.unit_code and not item.unit_name:
        return "C62"
    code = item.unit_code if item.unit_code in UNITS else read_unit(item.unit_code) or read_unit(item.unit_name)
    if code is None:
        warn(f"tender.items.{item.id}.unit", "unit_unknown", item.unit_name or item.unit_code)
    return code or "C62"


def _price(price: Money | None, item_id: str, currency: str, warn: Any) -> Decimal | None:
    if price is None:
        return None
    if price.currency != currency:
        path = f"tender.items.{item_id}.unit.value"
        warn(path, "other_currency", f"{price.amount} {price.currency}", currency=currency)
        return None
    return price.amount


def _source(release: ImportedRelease, suppliers: Mapping[str, str], warnings: list[FieldProblem]) -> dict[str, Any]:
    said = {
        field.name: plain_values(getattr(release, field.name))
        for field in fields(release)
        if field.name not in _ELSEWHERE
    }
    return {
        "format": FORMAT,
        "release_id": release.id,
        "kind": release.kind,
        "release": {name: value for name, value in said.items() if value not in (None, "", [], {})},
        "suppliers": dict(suppliers),
        "warnings": [plain_values(warning) for warning in (*release.warnings, *warnings)],
    }
