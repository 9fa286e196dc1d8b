"""Approved awards, one for each winner, and the contracts that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from srm_portal.awards import queries as awards
from srm_portal.contracts import queries as contracts
from srm_portal.exchange.domain.ocds_write import ExportAward, ExportContract
from srm_portal.kernel.money import Money, zero

_STATUS: dict[str, Any] = {"approved": "pending", "active": "active", "terminated": "terminated"}
Decided = tuple[tuple[ExportAward, ...], tuple[ExportContract, ...]]


def decided(project_id: str, bid_of: Mapping[str, str]) -> Decided:
    """Awards name lots by the portal's own ids until `with_lots`; `bid_of`: supplier id -> id of its bid."""
    found = awards.award(project_id)
    if found is None or found.state != "approved":
        return (), ()
    by_supplier = {
        supplier_id: _award(found, number, supplier_id, name, bid_of.get(supplier_id))
        for number, (supplier_id, name) in enumerate(sorted(found.suppliers.items()), start=1)
    }
    return tuple(by_supplier.values()), tuple(
        _contract(one, by_supplier[one.supplier_id])
        for one in contracts.for_project(project_id)
        if one.state in _STATUS and one.supplier_id in by_supplier
    )


def with_lots(found: tuple[ExportAward, ...], numbers: Mapping[str, str]) -> tuple[ExportAward, ...]:
    return tuple(
        replace(one, lot_ids=tuple(numbers[lot_id] for lot_id in one.lot_ids if lot_id in numbers)) for one in found
    )


def _award(found: awards.AwardView, number: int, supplier_id: str, name: str, bid_id: str | None) -> ExportAward:
    lines = [line for line in found.lines if line.supplier_id == supplier_id]
    value = zero(found.currency)
    for line in lines:
        value = value + Money(line.amount, found.currency)
    return ExportAward(
        id=f"{found.reference}-{number}",
        title=name,
        status="active",
        supplier_keys=(supplier_id,),
        decided_at=found.decided_at,
        value=value,
        lot_ids=tuple(dict.fromkeys(line.lot_id for line in lines)),
        bid_id=bid_id,
    )


def _contract(found: contracts.ContractView, award: ExportAward) -> ExportContract:
    return ExportContract(
        id=found.reference,
        award_id=award.id,
        title=found.title,
        status=_STATUS[found.state],
        supplier_keys=(found.supplier_id,),
        value=Money(found.value, found.currency),
        starts_at=_midnight(found.starts_on),
        ends_at=_midnight(found.ends_on),
        signed_at=_midnight(found.signed_on) if found.signed_on else None,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
