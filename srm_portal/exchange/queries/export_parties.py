"""Suppliers as parties: the company, never its people."""

from __future__ import annotations

import re
from collections.abc import Iterable

from srm_portal.exchange.domain.ocds_write import ExportParty
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import queries as suppliers
from srm_portal.web.formats import country

_REGISTER = re.compile(r"([A-Z]{2}-[A-Z0-9]+)-(.+)", re.ASCII)


def supplier_parties(actor: Actor, supplier_ids: Iterable[str]) -> tuple[ExportParty, ...]:
    return tuple(_party(suppliers.supplier_for(actor, supplier_id)) for supplier_id in supplier_ids)


def _party(supplier: suppliers.SupplierView) -> ExportParty:
    match = _REGISTER.fullmatch(supplier.registration_number)
    return ExportParty(
        key=supplier.id,
        name=supplier.name,
        legal_name=supplier.legal_name,
        scheme=match[1] if match else "",
        identifier=match[2] if match else "",
        street=supplier.street,
        locality=supplier.city,
        region=supplier.region,
        postal_code=supplier.postcode,
        country_name=country(supplier.country, "en"),
        url=supplier.website or None,
    )
