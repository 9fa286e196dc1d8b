"""Rows for the services of this room: authorised here, or not found."""

from __future__ import annotations

from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.models import Qualification, Supplier, SupplierContact


def supplier_row_for(actor: Actor, supplier_id: str) -> Supplier:
    """The organisation's people reach its suppliers, a supplier's people their own."""
    row = db.session.get(Supplier, supplier_id)
    if row is None or row.organisation_id != actor.organisation_id or actor.supplier_id not in (None, row.id):
        raise NotFound
    return row


def contact_row_for(actor: Actor, contact_id: str) -> tuple[SupplierContact, Supplier]:
    row = db.session.get(SupplierContact, contact_id)
    if row is None:
        raise NotFound
    return row, supplier_row_for(actor, row.supplier_id)


def qualification_row_for(actor: Actor, qualification_id: str) -> tuple[Qualification, Supplier]:
    row = db.session.get(Qualification, qualification_id)
    if row is None or actor.supplier_id is not None:
        raise NotFound
    return row, supplier_row_for(actor, row.supplier_id)


def only_staff(actor: Actor) -> None:
    """Acts that are never the supplier's: as absent for them as a wrong address."""
    if actor.supplier_id is not None:
        raise NotFound
