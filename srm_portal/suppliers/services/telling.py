"""Whom to tell: the buyers' side, and the people of a supplier."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from srm_portal.identity import queries as identity
from srm_portal.notifications.services import notify
from srm_portal.suppliers.models import Supplier


def buying_people(organisation_id: str, *roles: str) -> set[str]:
    """Everybody with one of the roles; managers and buyers without any."""
    wanted = roles or ("purchasing_manager", "buyer")
    return {one.id for role in wanted for one in identity.staff(organisation_id, role)}


def supplier_users(supplier: Supplier) -> set[str]:
    people = identity.supplier_people(supplier.organisation_id, [supplier.id])[supplier.id]
    return {one.id for one in people if one.state != "disabled"}


def tell_supplier(supplier: Supplier, kind: str, /, *, path: str, now: datetime, about: str, **facts: Any) -> None:
    """A notice and a mail to everybody at the supplier who may sign in."""
    buyer = identity.organisation(supplier.organisation_id).name
    notify(supplier_users(supplier), kind, path=path, now=now, about=about, buyer=buyer, **facts)


def tell_buyers(
    organisation_id: str, kind: str, /, *, but: str, path: str, now: datetime, about: str, **facts: Any
) -> None:
    """A notice and a mail to buyers and managers, not to who did it."""
    notify(buying_people(organisation_id) - {but}, kind, path=path, now=now, about=about, **facts)
