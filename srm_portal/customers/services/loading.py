"""Rows for the services of this room: authorised here, or not found. Suppliers know of no customer."""

from __future__ import annotations

from typing import TypeVar

from srm_portal.customers.models import CrmTask, Customer, CustomerContact, Interaction, Opportunity
from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor

Owned = TypeVar("Owned", Customer, Opportunity, Interaction, CrmTask)


def row_for(actor: Actor, model: type[Owned], row_id: str) -> Owned:
    row = db.session.get(model, row_id)
    if row is None or row.organisation_id != actor.organisation_id or actor.supplier_id is not None:
        raise NotFound
    return row


def customer_row_for(actor: Actor, customer_id: str) -> Customer:
    return row_for(actor, Customer, customer_id)


def contact_row_for(actor: Actor, contact_id: str) -> tuple[CustomerContact, Customer]:
    row = db.session.get(CustomerContact, contact_id)
    if row is None:
        raise NotFound
    return row, customer_row_for(actor, row.customer_id)


def opportunity_in(customer: Customer, opportunity_id: str | None) -> str | None:
    """The opportunity's id when it is this customer's; NotFound for another's."""
    if not opportunity_id:
        return None
    row = db.session.get(Opportunity, opportunity_id)
    if row is None or row.customer_id != customer.id:
        raise NotFound
    return row.id
