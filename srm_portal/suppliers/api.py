"""The registry for programs: companies and their people. The same services as pages."""

from __future__ import annotations

from typing import Any

from srm_portal.suppliers import queries, services
from srm_portal.suppliers.domain.record import SupplierData
from srm_portal.suppliers.queries import ContactView, SupplierCard, SupplierFilter, SupplierView
from srm_portal.web import api
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires
from srm_portal.web.paging import Page
from srm_portal.web.schemas import TEXT, WHOLE, many, page_of, record

bp = api.api_blueprint("suppliers")
Answer = Any

_CODES = api.listed(api.text, most=200)
_SUPPLIER = {
    **dict.fromkeys(("name", "country", "legal_name", "region", "city", "postcode", "street"), api.text),
    **dict.fromkeys(("vat", "lei", "registration_number", "iban", "website", "phone", "note"), api.text),
    "categories": _CODES,
    "regions": _CODES,
    "accept_duplicates": api.flag,
}
_CONTACT = dict.fromkeys(("name", "email", "phone", "role", "language"), api.text)
_CARD = record(
    "SupplierCard",
    **dict.fromkeys(("id", "reference", "name", "country", "city", "state"), TEXT),
    categories=many(TEXT),
    approved=WHOLE,
)
_PERSON = record("SupplierContact", **dict.fromkeys(("id", "name", "email", "role", "language"), TEXT))
_MEMBERS = {
    **dict.fromkeys(("id", "reference", "name", "legal_name", "country", "region", "city", "postcode", "street"), TEXT),
    **dict.fromkeys(("vat", "lei", "registration_number", "iban", "website", "phone", "state"), TEXT),
    "categories": many(TEXT),
    "regions": many(TEXT),
    "version": WHOLE,
}
_COMPANY = record("Supplier", **_MEMBERS)
_WITH_PEOPLE = record("SupplierWithContacts", **_MEMBERS, contacts=many(_PERSON))
_WANTED = dict.fromkeys(("text", "category", "region", "country", "state"), api.text) | {"page": api.page_number}


def _card(card: SupplierCard) -> dict[str, Any]:
    return {
        "id": card.id,
        "reference": card.reference,
        "name": card.name,
        "country": card.country,
        "city": card.city,
        "state": card.state,
    }


def _shown(view: SupplierView) -> dict[str, Any]:
    """The bank account is shown masked, as on the page."""
    return {
        "id": view.id,
        "reference": view.reference,
        "name": view.name,
        "legal_name": view.legal_name,
        "country": view.country,
        "region": view.region,
        "city": view.city,
        "postcode": view.postcode,
        "street": view.street,
        "vat": view.vat,
        "lei": view.lei,
        "registration_number": view.registration_number,
        "iban": view.iban_masked,
        "website": view.website,
        "phone": view.phone,
        "state": view.state,
        "categories": list(view.categories),
        "regions": list(view.regions),
        "version": view.version,
    }


def _person(view: ContactView) -> dict[str, Any]:
    return {"id": view.id, "name": view.name, "email": view.email, "role": view.role, "language": view.language}


@bp.get("/suppliers")
@requires("supplier:read")
@api.does("Companies, by name", "suppliers", asks=_WANTED, gives=page_of("suppliers", _CARD))
def suppliers(given: api.Given) -> Answer:
    """Fifty a page, by name; narrowed by text, category, region, country and state."""
    page = Page(given.pop("page", 1))
    rows, total = queries.search(current_actor(), SupplierFilter(on=request_now().date(), **given), page)
    shown = [_card(row.supplier) | {"categories": list(row.categories), "approved": row.approved} for row in rows]
    return {"total": total, "page": page.number, "pages": page.of(total).pages, "suppliers": shown}


@bp.get("/suppliers/<supplier_id>")
@requires("supplier:read")
@api.does("One company with its people", "suppliers", gives=_WITH_PEOPLE)
def supplier(supplier_id: str) -> Answer:
    view = queries.supplier_for(current_actor(), supplier_id)
    people = queries.contacts([view.id])[view.id]
    return _shown(view) | {"contacts": [_person(one) for one in people]}


@bp.post("/suppliers")
@requires("supplier:edit")
@api.does("Add a prospect", "suppliers", takes=_SUPPLIER, needed=("name", "country"), gives=_COMPANY, status=201)
def add_supplier(given: api.Given) -> Answer:
    """A prospect. One that looks like a known company is refused unless `accept_duplicates` says it is another."""
    actor = current_actor()
    accepted = given.pop("accept_duplicates", False)
    lists = {name: tuple(given.pop(name, ())) for name in ("categories", "regions")}
    data = SupplierData(**given, **lists)
    supplier_id = services.add_prospect(actor, data, now=request_now(), source="program", accept_duplicates=accepted)
    return _shown(queries.supplier_for(actor, supplier_id)), 201


@bp.post("/suppliers/<supplier_id>/contacts")
@requires("supplier:edit")
@api.does("Add a person at a company", "suppliers", takes=_CONTACT, needed=("name", "email"), gives=_PERSON, status=201)
def add_contact(supplier_id: str, given: api.Given) -> Answer:
    actor = current_actor()
    contact_id = services.add_contact(actor, supplier_id, now=request_now(), **given)
    return _person(queries.contact_for(actor, contact_id)), 201
