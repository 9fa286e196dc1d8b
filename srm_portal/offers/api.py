"""Offers for programs: a supplier's system writes and hands in, the buyer's opens and compares. The same services as pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from srm_portal.kernel.canonical import moment_text
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.money import plain
from srm_portal.offers import queries, services
from srm_portal.offers.domain.answer import Answer as Said
from srm_portal.offers.domain.answer import LineAnswer, Terms, to_plain
from srm_portal.offers.domain.comparison import Comparison
from srm_portal.offers.queries import OfferView, OwnOffer
from srm_portal.sourcing import queries as sourcing
from srm_portal.web import api
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires
from srm_portal.web.schemas import WHOLE, record

bp = api.api_blueprint("offers")
Answer = Any


@api.reads(type="object", additionalProperties={"type": "string"})
def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError("not_an_object")
    return {api.text(name): api.text(text) for name, text in value.items()}


_BREAK = {"quantity": api.amount, "unit_price": api.amount}
_LINE = {
    "line": api.text,
    "unit_price": api.amount,
    "lead_days": api.whole,
    "comment": api.text,
    "deviation": api.text,
    "not_quoted": api.flag,
    "breaks": api.listed(
        api.row({"quantity": api.amount, "unit_price": api.amount}, ("quantity", "unit_price"), "lines.breaks.")
    ),
    "alternative": api.text,
    "alternative_price": api.amount,
}
_OFFER = {
    "lines": api.listed(api.row(_LINE, ("line",), "lines.")),
    "payment_days": api.whole,
    "validity_on": api.day,
    "delivery": api.text,
    "currency": api.text,
    "freight": api.amount,
    "duties": api.amount,
    "one_off": api.amount,
    "answers": _texts,
    "version": api.whole,
}


def _said(given: Mapping[str, Any]) -> Said:
    lines = tuple(
        LineAnswer(
            line["line"],
            line.get("unit_price"),
            line.get("lead_days"),
            line.get("comment", ""),
            line.get("deviation", ""),
            line.get("not_quoted", False),
            tuple((one["quantity"], one["unit_price"]) for one in line.get("breaks", [])),
            line.get("alternative", ""),
            line.get("alternative_price"),
        )
        for line in given.get("lines", [])
    )
    terms = Terms(
        given.get("payment_days"), given.get("validity_on"), given.get("delivery", ""), given.get("currency", ""),
        given.get("freight"), given.get("duties"), given.get("one_off"),
    )  # fmt: skip
    return Said(lines, terms, given.get("answers", {}))


def _own(own: OwnOffer) -> dict[str, Any]:
    standing = own.submission
    return {
        "event": own.event.id,
        "draft": to_plain(own.draft),
        "version": own.draft_version,
        "missing": [{"code": one.code, "field": one.field} for one in own.blocking],
        "submitted": None
        if standing is None
        else {
            "version": standing.version,
            "at": moment_text(standing.submitted_at),
            "commitment": standing.commitment,
            "changed_since": own.changed,
        },
    }


@bp.get("/events/<event_id>/offer")
@requires("offer:submit")
@api.does("Your own offer for an event", "offers")
def own_offer(event_id: str) -> Answer:
    return _own(queries.own_offer(current_actor(), event_id))


@bp.put("/events/<event_id>/offer")
@requires("offer:submit")
@api.does("Replace the draft of your offer", "offers", takes=_OFFER)
def save_draft(event_id: str, given: api.Given) -> Answer:
    """Replace the draft. With `version` a colleague's newer draft is not overwritten."""
    services.save_draft(current_actor(), event_id, _said(given), version=given.get("version"), now=request_now())
    return _own(queries.own_offer(current_actor(), event_id))


@bp.post("/events/<event_id>/offer/submit")
@requires("offer:submit")
@api.does("Hand in your offer; answers with the receipt", "offers", takes=_OFFER, status=201)
def submit(event_id: str, given: api.Given) -> Answer:
    """Hand in the draft, or the offer in the body at once. Answers with the receipt, the offer file and the nonce."""
    actor, now = current_actor(), request_now()
    said = _said(given) if given else None
    done = services.hand_in(actor, event_id, answer=said, version=given.get("version"), now=now)
    return {
        "version": done.version,
        "commitment": done.commitment,
        "receipt": done.receipt,
        "offer": done.offer.decode(),
        "nonce": done.nonce,
    }, 201


@bp.post("/events/<event_id>/offer/withdraw")
@requires("offer:submit")
@api.does("Withdraw your offer", "offers")
def withdraw(event_id: str) -> Answer:
    services.withdraw_offer(current_actor(), event_id, now=request_now())
    return _own(queries.own_offer(current_actor(), event_id))


@bp.get("/events/<event_id>/offers")
@requires("project:read")
@api.does("Numbers before the opening, offers after it", "tenders")
def offers(event_id: str) -> Answer:
    """Numbers before the opening; after it every offer, for who may compare."""
    actor = current_actor()
    event = sourcing.event_for(actor, event_id)
    if event.state != "opened":
        return {"state": event.phase(request_now()), "counts": queries.counts(event_id)}
    if not actor.may("offer:compare"):
        raise NotFound
    services.note_sight(actor, event, "program", now=request_now())
    return {
        "state": "opened",
        "offers": [_opened(view) for view in queries.opened(event_id)],
        "not_opened": [
            {"supplier": one.supplier_id, "name": one.supplier_name, "problem": one.problem}
            for one in queries.not_opened(event_id)
        ],
    }


@bp.post("/events/<event_id>/opening")
@requires("offer:open")
@api.does("Open the offers after the deadline", "tenders", gives=record(opened=WHOLE), status=201)
def open_offers(event_id: str) -> Answer:
    return {"opened": services.open_offers(current_actor(), event_id, now=request_now())}, 201


@bp.get("/events/<event_id>/comparison")
@requires("offer:compare")
@api.does("The opened offers side by side", "tenders")
def comparison(event_id: str) -> Answer:
    event = sourcing.event_for(current_actor(), event_id)
    whole = queries.comparison(event_id, everybody=True)
    if whole is None:
        raise NotFound
    services.note_sight(current_actor(), event, "program", now=request_now())
    return _compared(whole)


def _amount(value: Any) -> str | None:
    return None if value is None else plain(value)


def _opened(view: OfferView) -> dict[str, Any]:
    return {
        "id": view.id,
        "supplier": view.supplier_id,
        "name": view.supplier_name,
        "total": _amount(view.total),
        "currency": view.currency,
        "made_in": None
        if view.made_in is None
        else {
            "currency": view.made_in.currency,
            "rate": plain(view.made_in.rate),
            "on": view.made_in.on.isoformat(),
            "source": view.made_in.source,
        },
        "costs": {name: plain(amount) for name, amount in view.costs.items()},
        "lead_days": view.lead_days,
        "payment_days": view.payment_days,
        "validity_on": view.validity_on.isoformat() if view.validity_on else None,
        "knocked_out": list(view.knocked_out),
        "answers": view.answers,
        "lines": [
            {
                "line": line.line_id,
                "unit_price": _amount(line.unit_price),
                "lead_days": line.lead_days,
                "deviation": line.deviation,
                "comment": line.comment,
            }
            | (line.more or {})
            for line in view.lines
        ],
    }


def _compared(whole: Comparison) -> dict[str, Any]:
    """`state` of a cell: ok, best, dev, miss (then `value` is the estimate), out."""
    return {
        "currency": whole.currency,
        "suppliers": [
            {
                "supplier": column.offer.supplier_id,
                "name": column.offer.name,
                "total": plain(column.total),
                "landed": plain(column.landed),
                "estimated_lines": column.estimated,
                "compliant": column.compliant,
                "open_deviations": column.open_deviations,
            }
            for column in whole.columns
        ],
        "lines": [
            {
                "line": row.line.id,
                "best": _amount(row.best),
                "cells": [
                    {"state": cell.state, "value": _amount(cell.value), "distance": _amount(cell.share)}
                    for cell in row.cells
                ],
            }
            for row in whole.rows
        ],
    }
