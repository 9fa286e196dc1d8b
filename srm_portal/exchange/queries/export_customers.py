"""Customers and their people as files."""

from __future__ import annotations

from srm_portal.customers import queries as registry
from srm_portal.exchange.domain.headings import SUPPLIER_COLUMNS
from srm_portal.exchange.domain.vcards import Card, write_cards
from srm_portal.infra.sheets import csv_bytes
from srm_portal.kernel.permissions import Actor

_COLUMNS = ("name", "legal_name", "country", "vat_number", "website", "city", "email", "phone", "contact_name")


def customers_csv(actor: Actor, language: str) -> bytes:
    """One row a person, or one for a customer without any; the headings are those of the import. No cell is a formula."""
    titles = {column.name: column.title(language) for column in SUPPLIER_COLUMNS}
    people = registry.contacts([one.id for one in registry.all_customers(actor)])
    rows = []
    for one in registry.all_customers(actor):
        for person in people[one.id] or [None]:
            values = (one.name, one.legal_name, one.country, one.vat, one.website, one.city)
            said = (person.email, person.phone, person.name) if person else ("", "", "")
            rows.append((*values, *said))
    return csv_bytes([titles[name] for name in _COLUMNS], rows)


def customer_cards(actor: Actor, customer_id: str) -> bytes:
    """The people at one customer as business cards."""
    one = registry.customer_for(actor, customer_id)
    return write_cards(
        Card(0, person.name, one.name, person.email, person.phone, person.role, one.city, one.country)
        for person in registry.contacts([one.id])[one.id]
    )
