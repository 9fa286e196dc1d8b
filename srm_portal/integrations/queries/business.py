"""What is bought for customers: needs with their award and contracts, dates included. Read by programs and by the CRM."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from srm_portal.awards import queries as awards
from srm_portal.contracts import queries as contracts
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing


@dataclass(frozen=True, slots=True)
class ContractDates:
    id: str
    reference: str
    supplier: str
    state: str
    starts_on: date
    ends_on: date
    signed_on: date | None


@dataclass(frozen=True, slots=True)
class Business:
    """One need that serves a customer. Award and contracts only for those who may read them."""

    project_id: str
    reference: str
    title: str
    step: str
    customer_id: str | None
    opportunity_id: str | None
    needed_on: date | None
    awarded_at: datetime | None
    suppliers: tuple[str, ...]
    contracts: tuple[ContractDates, ...]


def _dates(one: contracts.ContractView) -> ContractDates:
    return ContractDates(one.id, one.reference, one.supplier_name, one.state, one.starts_on, one.ends_on, one.signed_on)


def _business(actor: Actor, projects: Sequence[sourcing.ProjectView]) -> list[Business]:
    ids = [one.id for one in projects]
    reading = actor.may("contract:read")
    decided = {one.project_id: one for one in awards.of_projects(ids) if one.state == "approved"} if reading else {}
    agreed: dict[str | None, list[contracts.ContractView]] = defaultdict(list)
    for contract in contracts.of_projects(ids) if reading else ():
        agreed[contract.project_id].append(contract)
    return [
        Business(
            one.id,
            one.reference,
            one.title,
            one.stage,
            one.customer_id,
            one.opportunity_id,
            one.needed_on,
            decided[one.id].decided_at if one.id in decided else None,
            tuple(sorted(set(decided[one.id].suppliers.values()))) if one.id in decided else (),
            tuple(_dates(contract) for contract in agreed[one.id]),
        )
        for one in projects
    ]


def of_customer(actor: Actor, customer_id: str) -> list[Business]:
    return _business(actor, sourcing.projects_for(actor, customer_id=customer_id))


def of_opportunity(actor: Actor, opportunity_id: str) -> list[Business]:
    return _business(actor, sourcing.projects_for(actor, opportunity_id=opportunity_id))


def of_opportunities(actor: Actor) -> dict[str, str]:
    """Opportunity id -> what was bought for it, one line a need, with codes and dates that programs read."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in _business(actor, sourcing.projects_of_opportunities(actor)):
        if one.opportunity_id:
            found[one.opportunity_id].append(_line(one))
    return {opportunity: "\n".join(lines) for opportunity, lines in found.items()}


def _line(one: Business) -> str:
    parts = [f"{one.reference} {one.step}"]
    if one.awarded_at is not None:
        parts.append(f"award {one.awarded_at.date().isoformat()}")
    return "; ".join([*parts, *map(_contract, one.contracts)])


def _contract(one: ContractDates) -> str:
    signed = f" signed {one.signed_on.isoformat()}" if one.signed_on is not None else ""
    return f"contract {one.reference} {one.state}{signed} {one.starts_on.isoformat()}/{one.ends_on.isoformat()}"
