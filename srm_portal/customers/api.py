"""Customers for programs: what a CRM reads and writes. The same services as pages."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from srm_portal.customers import queries, services
from srm_portal.customers.domain.pipeline import STAGES, LineInput
from srm_portal.customers.domain.record import CONSENTS, INTERACTION_KINDS, ROLES, TEXT_MAX, CustomerData
from srm_portal.customers.queries import (
    ContactView,
    CustomerCard,
    CustomerFilter,
    CustomerView,
    InteractionView,
    LinkView,
    OpportunityView,
    OrderLineView,
    TaskView,
)
from srm_portal.customers.services import ContractRow, OpportunityData, OrderRow, QuoteRow
from srm_portal.customers.services.facts import QUOTE_STATES
from srm_portal.kernel.canonical import moment_text
from srm_portal.kernel.measure import UNITS
from srm_portal.kernel.money import plain
from srm_portal.kernel.permissions import Actor
from srm_portal.web import api
from srm_portal.web import schemas as is_
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires
from srm_portal.web.paging import Page

bp = api.api_blueprint("customers")
Answer = Any

_PAGED = {"page": api.page_number, "size": api.page_size}
_ROLE = api.one_of(*ROLES)
CUSTOMER_FIELDS = {
    **{name: api.short(most) for name, most in TEXT_MAX.items()},
    "country": api.short(2),
    "roles": api.listed(_ROLE, most=len(ROLES)),
    "owner": api.short(20),
    "accept_duplicates": api.flag,
}
_CONTACT = {"name": api.short(200), "email": api.short(254), "phone": api.short(40), "role": api.short(100)}
_CONSENT = {"consent": api.one_of(*CONSENTS), "note": api.short(300)}
_TALK = {
    "kind": api.one_of(*INTERACTION_KINDS),
    "subject": api.short(300),
    "text": api.text,
    "at": api.moment,
    "opportunity": api.short(20),
    "project": api.short(20),
    "supplier": api.short(20),
}
_TASK = {"title": api.short(300), "due_on": api.day, "assignee": api.short(20), "opportunity": api.short(20)}
OPPORTUNITY_FIELDS = {
    "title": api.short(300),
    "description": api.text,
    "category": api.short(20),
    "amount": api.amount,
    "currency": api.short(3),
    "probability": api.whole,
    "expected_on": api.day,
    "target_margin": api.signed,
}
_LINE = {
    "title": api.short(300),
    "quantity": api.amount,
    "unit": api.one_of(*UNITS),
    "price": api.amount,
    "needed_on": api.day,
}
LINES = {"lines": api.listed(api.row(_LINE, ("title", "quantity"), "lines."), most=2000)}
_ORDER = {
    "customer": api.short(20),
    "number": api.short(60),
    "line": api.whole,
    "ordered_on": api.day,
    "product": api.short(200),
    "quantity": api.amount,
    "unit": api.one_of(*UNITS),
    "needed_on": api.day,
    "net": api.signed,
    "currency": api.short(3),
}
ORDERS = {"orders": api.listed(api.row(_ORDER, ("customer", "number", "ordered_on", "net", "currency"), "orders."))}
_QUOTE = {
    "customer": api.short(20),
    "number": api.short(60),
    "title": api.short(300),
    "quoted_on": api.day,
    "valid_until_on": api.day,
    "net": api.amount,
    "currency": api.short(3),
    "state": api.one_of(*QUOTE_STATES),
}
_QUOTES = {"quotes": api.listed(api.row(_QUOTE, ("customer", "number", "quoted_on", "net", "currency"), "quotes."))}
_CONTRACT = {
    "customer": api.short(20),
    "number": api.short(60),
    "title": api.short(300),
    "starts_on": api.day,
    "ends_on": api.day,
    "notice_days": api.whole,
    "value": api.amount,
    "currency": api.short(3),
}
_CONTRACTS = {
    "contracts": api.listed(api.row(_CONTRACT, ("customer", "number", "title", "starts_on", "currency"), "contracts."))
}
_SATISFACTION = {"score": api.whole, "said_on": api.day, "comment": api.text, "by": api.short(200)}

_MEMBERS = {
    **dict.fromkeys(("id", "reference", "name", "legal_name", "country", "city", "vat", "segment"), is_.TEXT),
    **dict.fromkeys(("website", "note", "source"), is_.TEXT),
    "roles": is_.many(is_.TEXT),
    "owner": is_.maybe(is_.TEXT),
    "erased_at": is_.maybe(is_.MOMENT),
    "created_at": is_.MOMENT,
    "version": is_.WHOLE,
}
CUSTOMER = is_.record("Customer", **_MEMBERS)
CARD = is_.record(
    "CustomerCard",
    **dict.fromkeys(("id", "reference", "name", "country", "city", "segment"), is_.TEXT),
    roles=is_.many(is_.TEXT),
    owner=is_.maybe(is_.TEXT),
)
CONTACT = is_.record(
    "CustomerContact",
    **dict.fromkeys(("id", "customer", "name", "email", "phone", "role", "consent", "consent_note"), is_.TEXT),
    consent_at=is_.maybe(is_.MOMENT),
    version=is_.WHOLE,
)
TALK = is_.record(
    "Interaction",
    **dict.fromkeys(("id", "customer", "kind", "subject", "text", "by", "resolution"), is_.TEXT),
    **dict.fromkeys(("opportunity", "project", "supplier"), is_.maybe(is_.TEXT)),
    at=is_.MOMENT,
    resolved_at=is_.maybe(is_.MOMENT),
)
TASK = is_.record(
    "Task",
    **dict.fromkeys(("id", "customer", "title", "assignee"), is_.TEXT),
    opportunity=is_.maybe(is_.TEXT),
    due_on=is_.maybe(is_.DAY),
    done_at=is_.maybe(is_.MOMENT),
)
LINE = is_.record(
    "OpportunityLine",
    number=is_.WHOLE,
    title=is_.TEXT,
    quantity=is_.AMOUNT,
    unit=is_.TEXT,
    price=is_.maybe(is_.AMOUNT),
    needed_on=is_.maybe(is_.DAY),
)
LINK = is_.record("Link", kind=is_.TEXT, project=is_.TEXT, reference=is_.TEXT, title=is_.TEXT, at=is_.MOMENT)
_OPPORTUNITY_MEMBERS = {
    **dict.fromkeys(("id", "customer", "reference", "title", "description", "category"), is_.TEXT),
    **dict.fromkeys(("stage", "stage_reason", "currency", "owner"), is_.TEXT),
    "amount": is_.maybe(is_.AMOUNT),
    "probability": is_.WHOLE,
    "expected_on": is_.maybe(is_.DAY),
    "target_margin": is_.maybe(is_.AMOUNT),
    "closed_at": is_.maybe(is_.MOMENT),
    "version": is_.WHOLE,
}
OPPORTUNITY = is_.record("Opportunity", **_OPPORTUNITY_MEMBERS)
WITH_LINES = is_.record("OpportunityWithLines", **_OPPORTUNITY_MEMBERS, lines=is_.many(LINE), needs=is_.many(LINK))
ORDER = is_.record(
    "OrderLine",
    **dict.fromkeys(("customer", "number", "product", "unit", "currency"), is_.TEXT),
    line=is_.WHOLE,
    ordered_on=is_.DAY,
    needed_on=is_.maybe(is_.DAY),
    quantity=is_.maybe(is_.AMOUNT),
    net=is_.AMOUNT,
)
COUNTED = is_.record("Recorded", recorded=is_.WHOLE)


def _amount(value: Any) -> str | None:
    return None if value is None else plain(value)


def _day(value: Any) -> str | None:
    return value.isoformat() if value is not None else None


def _at(value: Any) -> str | None:
    return moment_text(value) if value is not None else None


def customer_shown(view: CustomerView) -> dict[str, Any]:
    names = ("id", "reference", "name", "legal_name", "country", "city", "vat", "segment", "website", "note", "source")
    return {name: getattr(view, name) for name in names} | {
        "roles": list(view.roles),
        "owner": view.owner_id,
        "erased_at": _at(view.erased_at),
        "created_at": moment_text(view.created_at),
        "version": view.version,
    }


def _card(card: CustomerCard) -> dict[str, Any]:
    names = ("id", "reference", "name", "country", "city", "segment")
    return {name: getattr(card, name) for name in names} | {"roles": list(card.roles), "owner": card.owner_id}


def contact_shown(view: ContactView) -> dict[str, Any]:
    names = ("id", "name", "email", "phone", "role", "consent", "consent_note", "version")
    return {name: getattr(view, name) for name in names} | {
        "customer": view.customer_id,
        "consent_at": _at(view.consent_at),
    }


def _talk(view: InteractionView) -> dict[str, Any]:
    return {name: getattr(view, name) for name in ("id", "kind", "subject", "text", "resolution")} | {
        "customer": view.customer_id,
        "by": view.by_name,
        "opportunity": view.opportunity_id,
        "project": view.project_id,
        "supplier": view.supplier_id,
        "at": moment_text(view.at),
        "resolved_at": _at(view.resolved_at),
    }


def _task(view: TaskView) -> dict[str, Any]:
    return {
        "id": view.id,
        "customer": view.customer_id,
        "title": view.title,
        "assignee": view.assignee_id,
        "opportunity": view.opportunity_id,
        "due_on": _day(view.due_on),
        "done_at": _at(view.done_at),
    }


def opportunity_shown(view: OpportunityView) -> dict[str, Any]:
    names = ("id", "reference", "title", "description", "category", "stage", "stage_reason", "currency")
    return {name: getattr(view, name) for name in names} | {
        "customer": view.customer_id,
        "owner": view.owner_id,
        "amount": _amount(view.amount),
        "probability": view.probability,
        "expected_on": _day(view.expected_on),
        "target_margin": _amount(view.target_margin),
        "closed_at": _at(view.closed_at),
        "version": view.version,
    }


def _link(view: LinkView) -> dict[str, Any]:
    shown = {"kind": view.kind, "project": view.object_id, "reference": view.reference, "title": view.title}
    return shown | {"at": moment_text(view.at)}


def _with_lines(view: OpportunityView) -> dict[str, Any]:
    lines = [
        {
            "number": one.number,
            "title": one.title,
            "quantity": plain(one.quantity),
            "unit": one.unit,
            "price": _amount(one.price),
            "needed_on": _day(one.needed_on),
        }
        for one in view.lines
    ]
    links = queries.links_of_opportunity(view.id)
    return opportunity_shown(view) | {"lines": lines, "needs": [_link(one) for one in links]}


def _order(view: OrderLineView) -> dict[str, Any]:
    return {
        "customer": view.customer_id,
        "number": view.number,
        "line": view.line,
        "ordered_on": view.ordered_on.isoformat(),
        "needed_on": _day(view.needed_on),
        "product": view.product,
        "quantity": _amount(view.quantity),
        "unit": view.unit,
        "net": plain(view.net),
        "currency": view.currency,
    }


def _page(given: api.Given) -> Page:
    return Page(given.pop("page", 1), given.pop("size", 50))


def _listed(name: str, rows: list[Any], total: int, page: Page) -> dict[str, Any]:
    return {"total": total, "page": page.number, "pages": page.of(total).pages, name: rows}


def _data(given: api.Given, start: CustomerData | None = None) -> CustomerData:
    values = {name: given[name] for name in (*TEXT_MAX, "country") if name in given}
    if "roles" in given:
        values["roles"] = tuple(given["roles"])
    if "owner" in given:
        values["owner_id"] = given["owner"] or None
    return replace(start, **values) if start else CustomerData(**values)


def add(actor: Actor, given: api.Given, source: str) -> CustomerView:
    accepted = given.pop("accept_duplicates", False)
    made = services.add_customer(actor, _data(given), now=request_now(), source=source, accept_duplicates=accepted)
    return queries.customer_for(actor, made)


def change(actor: Actor, customer_id: str, given: api.Given) -> CustomerView:
    """Change what is given, leave the rest."""
    accepted = given.pop("accept_duplicates", False)
    view = queries.customer_for(actor, customer_id)
    start = CustomerData(**{one.name: getattr(view, one.name) for one in fields(CustomerData)})
    services.edit_customer(
        actor, view.id, _data(given, start), version=view.version, now=request_now(), accept_duplicates=accepted
    )
    return queries.customer_for(actor, view.id)


def save_opportunity(
    actor: Actor, opportunity_id: str, customer_id: str, given: api.Given, lines: list[dict[str, Any]] | None
) -> OpportunityView:
    """Change the opportunity, or add one to the customer when there is no id; `lines` replace its lines."""
    now = request_now()
    if opportunity_id:
        view = queries.opportunity_for(actor, opportunity_id)
        start = {one.name: getattr(view, one.name) for one in fields(OpportunityData)}
        data = OpportunityData(**(start | given))
        services.edit_opportunity(actor, view.id, data, version=view.version, now=now)
    else:
        opportunity_id = services.add_opportunity(actor, customer_id, OpportunityData(**given), now=now)
    if lines is not None:
        sheet = [LineInput(**one) for one in lines]
        services.save_opportunity_lines(actor, opportunity_id, sheet, version=None, now=now)
    return queries.opportunity_for(actor, opportunity_id)


@bp.get("/customers")
@requires("customer:read")
@api.does(
    "Customers, by name",
    "customers",
    asks={
        **dict.fromkeys(("text", "segment", "country"), api.short(200)),
        "role": _ROLE,
        **_PAGED,
    },
    gives=is_.page_of("customers", CARD),
)
def customers(given: api.Given) -> Answer:
    page = _page(given)
    rows, total = queries.search(current_actor(), CustomerFilter(**given), page)
    return _listed("customers", [_card(row.customer) for row in rows], total, page)


@bp.post("/customers")
@requires("customer:edit")
@api.does(
    "Add a customer; a likely double is refused unless `accept_duplicates` says it is another",
    "customers",
    takes=CUSTOMER_FIELDS,
    needed=("name", "country"),
    gives=CUSTOMER,
    status=201,
)
def add_customer(given: api.Given) -> Answer:
    return customer_shown(add(current_actor(), given, "program")), 201


@bp.get("/customers/<customer_id>")
@requires("customer:read")
@api.does("One customer", "customers", gives=CUSTOMER)
def customer(customer_id: str) -> Answer:
    return customer_shown(queries.customer_for(current_actor(), customer_id))


@bp.patch("/customers/<customer_id>")
@requires("customer:edit")
@api.does("Change what is named, leave the rest", "customers", takes=CUSTOMER_FIELDS, gives=CUSTOMER, if_match=True)
def change_customer(customer_id: str, given: api.Given) -> Answer:
    actor = current_actor()
    api.unchanged(customer_shown(queries.customer_for(actor, customer_id)))
    return customer_shown(change(actor, customer_id, given))


@bp.post("/customers/<customer_id>/erasure")
@requires("customer:edit")
@api.does(
    "Take out the personal data for good", "customers", takes={"reason": api.short(2000)}, needed=("reason",),
    gives=CUSTOMER,
)  # fmt: skip
def erase_customer(customer_id: str, given: api.Given) -> Answer:
    actor = current_actor()
    services.erase_customer(actor, customer_id, reason=given["reason"], now=request_now())
    return customer_shown(queries.customer_for(actor, customer_id))


@bp.get("/customers/<customer_id>/contacts")
@requires("customer:read")
@api.does("People at a customer", "customers", gives=is_.record(contacts=is_.many(CONTACT)))
def contacts(customer_id: str) -> Answer:
    view = queries.customer_for(current_actor(), customer_id)
    return {"contacts": [contact_shown(one) for one in queries.contacts([view.id])[view.id]]}


@bp.post("/customers/<customer_id>/contacts")
@requires("customer:edit")
@api.does("Add a person at a customer", "customers", takes=_CONTACT, needed=("name",), gives=CONTACT, status=201)
def add_contact(customer_id: str, given: api.Given) -> Answer:
    actor = current_actor()
    made = services.add_contact(actor, customer_id, now=request_now(), **given)
    return contact_shown(queries.contact_for(actor, made)), 201


@bp.get("/contacts/<contact_id>")
@requires("customer:read")
@api.does("One person at a customer", "customers", gives=CONTACT)
def contact(contact_id: str) -> Answer:
    return contact_shown(queries.contact_for(current_actor(), contact_id))


@bp.patch("/contacts/<contact_id>")
@requires("customer:edit")
@api.does("Change what is named of a person", "customers", takes=_CONTACT, gives=CONTACT, if_match=True)
def change_contact(contact_id: str, given: api.Given) -> Answer:
    actor = current_actor()
    view = queries.contact_for(actor, contact_id)
    api.unchanged(contact_shown(view))
    values = {name: getattr(view, name) for name in _CONTACT} | given
    services.edit_contact(actor, view.id, version=view.version, now=request_now(), **values)
    return contact_shown(queries.contact_for(actor, view.id))


@bp.put("/contacts/<contact_id>/consent")
@requires("customer:edit")
@api.does(
    "Note whether this person lets us write to them, and how we know", "customers", takes=_CONSENT,
    needed=("consent", "note"), gives=CONTACT,
)  # fmt: skip
def set_consent(contact_id: str, given: api.Given) -> Answer:
    actor = current_actor()
    services.set_consent(actor, contact_id, given["consent"], note=given["note"], now=request_now())
    return contact_shown(queries.contact_for(actor, contact_id))


@bp.delete("/contacts/<contact_id>")
@requires("customer:edit")
@api.does("Remove a person", "customers", status=204)
def remove_contact(contact_id: str) -> Answer:
    services.remove_contact(current_actor(), contact_id, now=request_now())
    return "", 204


@bp.get("/customers/<customer_id>/interactions")
@requires("customer:read")
@api.does(
    "What was said and done, newest first; at most 200", "customers", gives=is_.record(interactions=is_.many(TALK))
)
def interactions(customer_id: str) -> Answer:
    view = queries.customer_for(current_actor(), customer_id)
    return {"interactions": [_talk(one) for one in queries.interactions(view.id, 200)]}


@bp.post("/customers/<customer_id>/interactions")
@requires("customer:edit")
@api.does(
    "Log a call, mail, meeting, visit or complaint", "customers", takes=_TALK, needed=("kind", "subject"), gives=TALK,
    status=201,
)  # fmt: skip
def log_interaction(customer_id: str, given: api.Given) -> Answer:
    actor = current_actor()
    about = {f"{name}_id": given.pop(name) for name in ("opportunity", "project", "supplier") if name in given}
    made = services.log_interaction(actor, customer_id, now=request_now(), **given, **about)
    return _talk(queries.interaction_for(actor, made)), 201


@bp.post("/interactions/<interaction_id>/resolution")
@requires("customer:edit")
@api.does("Say how a complaint ended", "customers", takes={"resolution": api.text}, needed=("resolution",), gives=TALK)
def resolve_complaint(interaction_id: str, given: api.Given) -> Answer:
    actor = current_actor()
    services.resolve_complaint(actor, interaction_id, resolution=given["resolution"], now=request_now())
    return _talk(queries.interaction_for(actor, interaction_id))


@bp.get("/customers/<customer_id>/tasks")
@requires("customer:read")
@api.does("Tasks for a customer, open ones first; at most 200", "customers", gives=is_.record(tasks=is_.many(TASK)))
def tasks(customer_id: str) -> Answer:
    view = queries.customer_for(current_actor(), customer_id)
    return {"tasks": [_task(one) for one in queries.tasks(view.id, 200)]}


@bp.post("/customers/<customer_id>/tasks")
@requires("customer:edit")
@api.does("Add a task", "customers", takes=_TASK, needed=("title",), gives=TASK, status=201)
def add_task(customer_id: str, given: api.Given) -> Answer:
    actor = current_actor()
    names = {"assignee": "assignee_id", "opportunity": "opportunity_id"}
    values = {names.get(name, name): value for name, value in given.items()}
    made = services.add_task(actor, customer_id, now=request_now(), **values)
    return _task(queries.task_for(actor, made)), 201


@bp.post("/tasks/<task_id>/done")
@requires("customer:edit")
@api.does("Tick a task off", "customers", gives=TASK)
def finish_task(task_id: str) -> Answer:
    actor = current_actor()
    services.finish_task(actor, task_id, now=request_now())
    return _task(queries.task_for(actor, task_id))


@bp.get("/opportunities")
@requires("customer:read")
@api.does(
    "Opportunities; without a stage the open ones",
    "opportunities",
    asks={"text": api.short(200), "stage": api.one_of(*STAGES), **_PAGED},
    gives=is_.page_of("opportunities", OPPORTUNITY),
)
def opportunities(given: api.Given) -> Answer:
    page = _page(given)
    rows, total = queries.opportunities(current_actor(), page=page, **given)
    return _listed("opportunities", [opportunity_shown(row.opportunity) for row in rows], total, page)


@bp.get("/customers/<customer_id>/opportunities")
@requires("customer:read")
@api.does("Opportunities of one customer", "opportunities", gives=is_.record(opportunities=is_.many(OPPORTUNITY)))
def opportunities_of(customer_id: str) -> Answer:
    view = queries.customer_for(current_actor(), customer_id)
    return {"opportunities": [opportunity_shown(one) for one in queries.opportunities_of(view.id)]}


@bp.post("/customers/<customer_id>/opportunities")
@requires("customer:edit")
@api.does("Add a lead", "opportunities", takes=OPPORTUNITY_FIELDS, needed=("title",), gives=WITH_LINES, status=201)
def add_opportunity(customer_id: str, given: api.Given) -> Answer:
    actor = current_actor()
    made = services.add_opportunity(actor, customer_id, OpportunityData(**given), now=request_now())
    return _with_lines(queries.opportunity_for(actor, made)), 201


@bp.get("/opportunities/<opportunity_id>")
@requires("customer:read")
@api.does("One opportunity with its lines and the needs and awards made for it", "opportunities", gives=WITH_LINES)
def opportunity(opportunity_id: str) -> Answer:
    return _with_lines(queries.opportunity_for(current_actor(), opportunity_id))


@bp.patch("/opportunities/<opportunity_id>")
@requires("customer:edit")
@api.does(
    "Change what is named, leave the rest", "opportunities", takes=OPPORTUNITY_FIELDS, gives=WITH_LINES, if_match=True
)
def change_opportunity(opportunity_id: str, given: api.Given) -> Answer:
    actor = current_actor()
    view = queries.opportunity_for(actor, opportunity_id)
    api.unchanged(_with_lines(view))
    return _with_lines(save_opportunity(actor, view.id, "", given, None))


@bp.put("/opportunities/<opportunity_id>/lines")
@requires("customer:edit")
@api.does("Replace what is asked for", "opportunities", takes=LINES, needed=("lines",), gives=WITH_LINES, if_match=True)
def save_lines(opportunity_id: str, given: api.Given) -> Answer:
    actor = current_actor()
    view = queries.opportunity_for(actor, opportunity_id)
    api.unchanged(_with_lines(view))
    lines = [LineInput(**one) for one in given["lines"]]
    services.save_opportunity_lines(actor, view.id, lines, version=view.version, now=request_now())
    return _with_lines(queries.opportunity_for(actor, view.id))


@bp.post("/opportunities/<opportunity_id>/stage")
@requires("customer:edit")
@api.does(
    "Move to another stage; losing and reopening need a reason",
    "opportunities",
    takes={"stage": api.one_of(*STAGES), "reason": api.short(2000)},
    needed=("stage",),
    gives=WITH_LINES,
)
def move_opportunity(opportunity_id: str, given: api.Given) -> Answer:
    actor = current_actor()
    services.move_opportunity(actor, opportunity_id, given["stage"], reason=given.get("reason", ""), now=request_now())
    return _with_lines(queries.opportunity_for(actor, opportunity_id))


@bp.get("/customers/<customer_id>/orders")
@requires("customer:read")
@api.does("Order lines of a customer, newest first", "sales", asks=_PAGED, gives=is_.page_of("orders", ORDER))
def orders(customer_id: str, given: api.Given) -> Answer:
    page = _page(given)
    rows, total = queries.order_lines(queries.customer_for(current_actor(), customer_id).id, page)
    return _listed("orders", [_order(row) for row in rows], total, page)


@bp.get("/orders/<number>")
@requires("customer:read")
@api.does("The lines of one order", "sales", gives=is_.record(orders=is_.many(ORDER)))
def order(number: str) -> Answer:
    return {"orders": [_order(row) for row in queries.order_for(current_actor(), number)]}


@bp.post("/orders")
@requires("customer:edit")
@api.does(
    "Record order lines; one known by number and line is replaced", "sales", takes=ORDERS, needed=("orders",),
    gives=COUNTED,
)  # fmt: skip
def record_orders(given: api.Given) -> Answer:
    rows = [OrderRow(customer_id=one.pop("customer"), **one) for one in given["orders"]]
    return {"recorded": services.record_orders(current_actor(), rows, now=request_now(), source="program")}


@bp.post("/quotes")
@requires("customer:edit")
@api.does(
    "Record quotations; one known by its number is replaced", "sales", takes=_QUOTES, needed=("quotes",), gives=COUNTED
)
def record_quotes(given: api.Given) -> Answer:
    rows = [QuoteRow(customer_id=one.pop("customer"), **one) for one in given["quotes"]]
    return {"recorded": services.record_quotes(current_actor(), rows, now=request_now(), source="program")}


@bp.post("/sale-contracts")
@requires("customer:edit")
@api.does(
    "Record contracts of sale; one known by its number is replaced",
    "sales",
    takes=_CONTRACTS,
    needed=("contracts",),
    gives=COUNTED,
)
def record_contracts(given: api.Given) -> Answer:
    rows = [ContractRow(customer_id=one.pop("customer"), **one) for one in given["contracts"]]
    return {"recorded": services.record_contracts(current_actor(), rows, now=request_now(), source="program")}


@bp.get("/customers/<customer_id>/facts")
@requires("customer:read")
@api.does(
    "Quotations, contracts of sale with their dates, satisfaction",
    "sales",
    gives=is_.record(
        quotes=is_.many(
            is_.record(
                "Quote",
                **dict.fromkeys(("number", "title", "currency", "state"), is_.TEXT),
                quoted_on=is_.DAY,
                valid_until_on=is_.maybe(is_.DAY),
                net=is_.AMOUNT,
            )
        ),
        contracts=is_.many(
            is_.record(
                "SaleContract",
                **dict.fromkeys(("number", "title", "currency"), is_.TEXT),
                starts_on=is_.DAY,
                ends_on=is_.maybe(is_.DAY),
                notice_on=is_.maybe(is_.DAY),
                value=is_.maybe(is_.AMOUNT),
            )
        ),
        satisfaction=is_.many(
            is_.record("Satisfaction", said_on=is_.DAY, score=is_.WHOLE, comment=is_.TEXT, by=is_.TEXT)
        ),
    ),
)
def facts(customer_id: str) -> Answer:
    view = queries.customer_for(current_actor(), customer_id)
    return {
        "quotes": [
            {
                **{name: getattr(one, name) for name in ("number", "title", "currency", "state")},
                "quoted_on": one.quoted_on.isoformat(),
                "valid_until_on": _day(one.valid_until_on),
                "net": plain(one.net),
            }
            for one in queries.quotes_of(view.id)
        ],
        "contracts": [
            {
                **{name: getattr(one, name) for name in ("number", "title", "currency")},
                "starts_on": one.starts_on.isoformat(),
                "ends_on": _day(one.ends_on),
                "notice_on": _day(one.notice_on),
                "value": _amount(one.value),
            }
            for one in queries.sale_contracts_of(view.id)
        ],
        "satisfaction": [
            {"said_on": one.said_on.isoformat(), "score": one.score, "comment": one.comment, "by": one.by_name}
            for one in queries.satisfaction_of(view.id)
        ],
    }


@bp.post("/customers/<customer_id>/satisfaction")
@requires("customer:edit")
@api.does(
    "Record what a customer answered to “would you recommend us?”, 0 to 10",
    "sales",
    takes=_SATISFACTION,
    needed=("score", "said_on"),
    gives=is_.record(id=is_.TEXT),
    status=201,
)
def record_satisfaction(customer_id: str, given: api.Given) -> Answer:
    by_name = given.pop("by", "")
    made = services.record_satisfaction(
        current_actor(), customer_id, by_name=by_name, source="program", now=request_now(), **given
    )
    return {"id": made}, 201
