"""The description of the interface, what is bought for customers, and the door for messages of other systems."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import current_app, request

from srm_portal.customers import api as customers_api
from srm_portal.customers import queries as customers
from srm_portal.customers import services as customer_services
from srm_portal.integrations.domain import signing
from srm_portal.integrations.domain.events import INBOUND
from srm_portal.integrations.queries import business
from srm_portal.integrations.services import crm, inbox
from srm_portal.kernel.canonical import moment_text
from srm_portal.kernel.errors import FieldProblem, Invalid
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing import services as sourcing_services
from srm_portal.web import api, openapi
from srm_portal.web import schemas as is_
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import sentence
from srm_portal.web.guard import public, requires

bp = api.api_blueprint("integrations")
Answer = Any
DOCUMENT = "srm_openapi"

BUSINESS = is_.record(
    "Business",
    **dict.fromkeys(("project", "reference", "title", "step"), is_.TEXT),
    **dict.fromkeys(("customer", "opportunity"), is_.maybe(is_.TEXT)),
    needed_on=is_.maybe(is_.DAY),
    awarded_at=is_.maybe(is_.MOMENT),
    suppliers=is_.many(is_.TEXT),
    contracts=is_.many(
        is_.record(
            "ContractDates",
            **dict.fromkeys(("id", "reference", "supplier", "state"), is_.TEXT),
            starts_on=is_.DAY,
            ends_on=is_.DAY,
            signed_on=is_.maybe(is_.DAY),
        )
    ),
)
_ALL = is_.record(business=is_.many(BUSINESS))


def _shown(one: business.Business) -> dict[str, Any]:
    return {
        "project": one.project_id,
        "reference": one.reference,
        "title": one.title,
        "step": one.step,
        "customer": one.customer_id,
        "opportunity": one.opportunity_id,
        "needed_on": one.needed_on.isoformat() if one.needed_on else None,
        "awarded_at": moment_text(one.awarded_at) if one.awarded_at else None,
        "suppliers": list(one.suppliers),
        "contracts": [
            {
                "id": contract.id,
                "reference": contract.reference,
                "supplier": contract.supplier,
                "state": contract.state,
                "starts_on": contract.starts_on.isoformat(),
                "ends_on": contract.ends_on.isoformat(),
                "signed_on": contract.signed_on.isoformat() if contract.signed_on else None,
            }
            for contract in one.contracts
        ],
    }


@bp.get("/openapi.json")
@public
def description() -> Answer:
    """OpenAPI 3.1, made once: the routes do not change while the portal runs."""
    extensions = current_app.extensions
    if DOCUMENT not in extensions:
        extensions[DOCUMENT] = openapi.document(current_app)
    return extensions[DOCUMENT]


@bp.get("/customers/<customer_id>/business")
@requires("customer:read")
@api.does("Needs, awards and contracts that serve a customer, with their dates", "customers", gives=_ALL)
def of_customer(customer_id: str) -> Answer:
    actor = current_actor()
    view = customers.customer_for(actor, customer_id)
    return {"business": [_shown(one) for one in business.of_customer(actor, view.id)]}


@bp.get("/opportunities/<opportunity_id>/business")
@requires("customer:read")
@api.does("Needs, awards and contracts that serve an opportunity, with their dates", "opportunities", gives=_ALL)
def of_opportunity(opportunity_id: str) -> Answer:
    actor = current_actor()
    view = customers.opportunity_for(actor, opportunity_id)
    return {"business": [_shown(one) for one in business.of_opportunity(actor, view.id)]}


_STARTED = is_.record("Started", project=is_.TEXT, reference=is_.TEXT)


@bp.post("/opportunities/<opportunity_id>/need")
@requires("need:edit")
@api.does("Start a need with the lines and dates of an opportunity", "opportunities", gives=_STARTED, status=201)
def start_need(opportunity_id: str) -> Answer:
    project_id = sourcing_services.start_need(current_actor(), opportunity_id, now=request_now())
    return {"project": project_id, "reference": sourcing.project(project_id).reference}, 201


@bp.post("/orders/<number>/need")
@requires("need:edit")
@api.does("Start a need with the lines and dates of an order", "sales", gives=_STARTED, status=201)
def start_need_of_order(number: str) -> Answer:
    project_id = sourcing_services.start_need_of_order(current_actor(), number, now=request_now())
    return {"project": project_id, "reference": sourcing.project(project_id).reference}, 201


@bp.post("/hooks/<source_id>")
@public
def hook(source_id: str) -> Answer:
    """A signed message of another system. Each id is done once; sent again it gets the same answer."""
    body, secret = request.get_data(), inbox.secret_of(source_id)
    try:
        if secret is None:
            raise signing.BadSignature("signature_wrong")
        message = signing.verify(secret, {name.lower(): value for name, value in request.headers}, body, request_now())
    except signing.BadSignature as wrong:
        return {"code": wrong.code, "text": sentence(wrong.code), "facts": {}}, 401
    kind, data = _message(body)
    content = hashlib.sha256(body).hexdigest()
    answer, again = inbox.receive(
        source_id, message, kind, content, lambda actor: _acts(kind, data, actor), now=request_now()
    )
    return answer | {"replayed": again}


def _message(body: bytes) -> tuple[str, dict[str, Any]]:
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError):
        raise Invalid([FieldProblem("body", "not_an_object")]) from None
    readers = {"type": api.one_of(*INBOUND), "timestamp": api.moment, "data": lambda value: value}
    given = api.fields(whole, readers, ("type", "data"))
    return given["type"], given["data"]


def _acts(kind: str, data: Any, actor: Actor) -> dict[str, Any]:
    now = request_now()
    if kind == "customer.upsert":
        return _upsert_customer(data, actor)
    if kind == "opportunity.upsert":
        return _upsert_opportunity(data, actor)
    if kind == "orders.recorded":
        rows = api.fields(data, customers_api.ORDERS, ("orders",), "data.")["orders"]
        orders = [customer_services.OrderRow(customer_id=one.pop("customer"), **one) for one in rows]
        return {"recorded": customer_services.record_orders(actor, orders, now=now, source="webhook")}
    api.fields(data, {}, (), "data.")
    return {"run": crm.ask_run(actor, dry=False, now=now)}


def _upsert_customer(data: Any, actor: Actor) -> dict[str, Any]:
    """With our `id` or `reference` the customer is changed, without them added."""
    readers = customers_api.CUSTOMER_FIELDS | {"id": api.short(20), "reference": api.short(20)}
    given = api.fields(data, readers, (), "data.")
    known, reference = given.pop("id", ""), given.pop("reference", "")
    if reference and not known:
        known = customers.customer_ids_by_reference(actor, {reference}).get(reference, "")
        if not known:
            raise Invalid([FieldProblem("data.reference", "customer_unknown", value=reference)])
    if known:
        view = customers_api.change(actor, known, given)
    else:
        missing = [FieldProblem(f"data.{name}", "required") for name in ("name", "country") if not given.get(name)]
        if missing:
            raise Invalid(missing)
        view = customers_api.add(actor, given, "webhook")
    return {"customer": view.id, "reference": view.reference}


def _upsert_opportunity(data: Any, actor: Actor) -> dict[str, Any]:
    """With our `id` the opportunity is changed, else added to `customer`; `lines` replace what is asked for."""
    readers = customers_api.OPPORTUNITY_FIELDS | customers_api.LINES
    given = api.fields(data, readers | {"id": api.short(20), "customer": api.short(20)}, (), "data.")
    known, customer, lines = given.pop("id", ""), given.pop("customer", ""), given.pop("lines", None)
    if not known and not (customer and given.get("title")):
        names = [name for name, value in (("customer", customer), ("title", given.get("title"))) if not value]
        raise Invalid([FieldProblem(f"data.{name}", "required") for name in names])
    view = customers_api.save_opportunity(actor, known, customer, given, lines)
    return {"opportunity": view.id, "reference": view.reference}
