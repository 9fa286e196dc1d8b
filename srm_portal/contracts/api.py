"""Contracts for programs: the list, one with its text, and the approval, under the same rules as the pages."""

from __future__ import annotations

from typing import Any

from srm_portal.contracts import queries, services
from srm_portal.kernel.money import plain
from srm_portal.web import api
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires
from srm_portal.web.paging import Page
from srm_portal.web.schemas import AMOUNT, ANY, DAY, FLAG, TEXT, WHOLE, many, maybe, page_of, record

bp = api.api_blueprint("contracts")
Answer = Any
_WANTED = {"text": api.text, "phase": api.text, "page": api.page_number}
_MEMBERS = {
    **dict.fromkeys(("id", "reference", "title", "kind", "state", "supplier", "currency"), TEXT),
    "project": maybe(TEXT),
    "value": AMOUNT,
    "starts_on": DAY,
    "ends_on": DAY,
    "signed_on": maybe(DAY),
}
_CLAUSE = record("Clause", key=TEXT, title=TEXT, text=TEXT, standard=FLAG)
_CARD = record("Contract", **_MEMBERS)
_WITH_TEXT = record("ContractWithText", **_MEMBERS, version=WHOLE, sha256=TEXT, clauses=many(_CLAUSE), prices=many(ANY))


def _card(view: queries.ContractView) -> dict[str, Any]:
    return {
        "id": view.id,
        "reference": view.reference,
        "title": view.title,
        "kind": view.kind,
        "state": view.state,
        "supplier": view.supplier_id,
        "project": view.project_id,
        "value": plain(view.value),
        "currency": view.currency,
        "starts_on": view.starts_on.isoformat(),
        "ends_on": view.ends_on.isoformat(),
        "signed_on": view.signed_on.isoformat() if view.signed_on else None,
    }


@bp.get("/contracts")
@requires("contract:read")
@api.does(
    "Fifty a page, the first to end first; narrowed by words of the text and by state",
    "contracts",
    asks=_WANTED,
    gives=page_of("contracts", _CARD),
)
def contracts(given: dict[str, Any]) -> Answer:
    page = Page(given.pop("page", 1))
    rows, total = queries.contracts(current_actor(), now=request_now(), limit=page.size, offset=page.offset, **given)
    shown = [_card(one) for one in rows]
    return {"total": total, "page": page.number, "pages": page.of(total).pages, "contracts": shown}


@bp.get("/contracts/<contract_id>")
@requires("contract:read")
@api.does(
    "With the current version: clauses, prices, and the hash that an approval names", "contracts", gives=_WITH_TEXT
)
def contract(contract_id: str) -> Answer:
    view = queries.contract_for(current_actor(), contract_id)
    text = queries.current_version(view.id)
    clauses = [{"key": one.key, "title": one.title, "text": one.text, "standard": one.standard} for one in text.clauses]
    return _card(view) | {
        "version": text.number,
        "sha256": text.sha256,
        "clauses": clauses,
        "prices": list(text.prices),
    }


@bp.post("/contracts/<contract_id>/approve")
@requires("contract:approve")
@api.does(
    "Take the step that waits for this person, for exactly the content with this hash",
    "contracts",
    takes={"sha256": api.text, "reason": api.short(500)},
    needed=("sha256",),
    gives=_CARD,
)
def approve(contract_id: str, given: dict[str, Any]) -> Answer:
    actor = current_actor()
    services.approve(actor, contract_id, given["sha256"], now=request_now(), reason=given.get("reason", ""))
    return _card(queries.contract_for(actor, contract_id))
