"""Our side of the comparison: customers, contacts and opportunities as texts, and writing what came from the CRM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from decimal import InvalidOperation
from typing import Any

from srm_portal.customers import queries as customers
from srm_portal.customers import services as customer_services
from srm_portal.customers.domain.pipeline import LineInput
from srm_portal.customers.domain.record import CustomerData
from srm_portal.customers.services import OpportunityData
from srm_portal.identity import queries as identity
from srm_portal.integrations.domain.matching import FIELDS, Item, Step, lines_of, lines_text
from srm_portal.integrations.ports import texts
from srm_portal.integrations.queries import business
from srm_portal.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from srm_portal.kernel.money import parse_amount, plain
from srm_portal.kernel.permissions import Actor

SOURCE = "crm"
_PHASE = {"lead": "lead", "qualified": "open", "proposal": "open", "negotiation": "open", "won": "won", "lost": "lost"}
_STAGE = {"lead": "lead", "open": "qualified", "won": "won", "lost": "lost"}


class Refusal(Exception):
    """Our own services did not take one record."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.words = words


def our_items(actor: Actor, kind: str) -> list[Item]:
    """Everything of a kind that is kept in step. Whose personal data was erased is not."""
    if kind == "party":
        return [
            Item(one.id, texts({name: getattr(one, name) for name in FIELDS[kind]}))
            for one in customers.all_customers(actor)
        ]
    if kind == "contact":
        return [
            Item(one.id, texts({name: getattr(one, name) for name in FIELDS[kind]}), one.customer_id)
            for one in customers.all_contacts(actor)
        ]
    bought = business.of_opportunities(actor)
    return [
        Item(one.id, texts(_opportunity_values(one) | {"business": bought.get(one.id, "")}), one.customer_id)
        for one in customers.all_opportunities(actor)
    ]


def _opportunity_values(view: customers.OpportunityView) -> dict[str, Any]:
    """What is compared; the chance of a closed one is 0 or 100 here, whatever it was, and says nothing."""
    chance = {} if view.is_closed else {"probability": view.probability}
    return chance | {
        "title": view.title,
        "description": view.description,
        "amount": plain(view.amount) if view.amount is not None else "",
        "expected_on": view.expected_on.isoformat() if view.expected_on else "",
        "phase": _PHASE[view.stage],
        "lines": lines_text((line.quantity, line.unit, line.title) for line in view.lines),
        "currency": view.currency,
    }


def references(actor: Actor, kind: str) -> dict[str, str]:
    """Our reference -> our id: the key that the CRM keeps for us."""
    if kind == "party":
        return customers.customer_references(actor)
    if kind == "opportunity":
        return customers.opportunity_references(actor)
    return {}


def whole_there(kind: str, step: Step, mine: Item) -> Mapping[str, str]:
    """What is written there: description and business share one field there, so they go together."""
    if kind == "opportunity" and {"description", "business"} & step.there.keys():
        both = {name: step.here.get(name, mine.values[name]) for name in ("description", "business")}
        return both | dict(step.there)
    return step.there


def _refused(act: Any) -> Any:
    try:
        return act()
    except Invalid as wrong:
        first = wrong.problems[0]
        raise Refusal(first.code, f"{first.field}: {first.value}" if first.value else first.field) from wrong
    except (Refused, Forbidden) as wrong:
        raise Refusal(wrong.code) from wrong
    except Stale as wrong:
        raise Refusal("stale") from wrong
    except NotFound as wrong:
        raise Refusal("crm_gone_here") from wrong


def make_here(actor: Actor, kind: str, step: Step, extra: Mapping[str, str], *, now: datetime) -> str:
    """Add what the CRM has and we do not; returns our id. Raises Refusal."""
    values = step.here
    if kind == "party":
        home = identity.organisation(actor.organisation_id).country
        data = _customer(CustomerData(name="", country=home or ""), values)
        return str(
            _refused(
                lambda: customer_services.add_customer(actor, data, now=now, source=SOURCE, accept_duplicates=True)
            )
        )
    if kind == "contact":
        return str(_refused(lambda: customer_services.add_contact(actor, step.party, now=now, **values)))
    return str(_refused(lambda: _add_opportunity(actor, step, extra, now)))


def _customer(start: CustomerData, values: Mapping[str, str]) -> CustomerData:
    return replace(start, **{name: value for name, value in values.items() if name in FIELDS["party"]})


def _data(start: OpportunityData, values: Mapping[str, str]) -> OpportunityData:
    found: dict[str, Any] = {name: values[name] for name in ("title", "description") if name in values}
    try:
        if "amount" in values:
            found["amount"] = parse_amount(values["amount"]) if values["amount"] else None
        if "probability" in values:
            found["probability"] = int(values["probability"] or 0)
        if "expected_on" in values:
            found["expected_on"] = date.fromisoformat(values["expected_on"]) if values["expected_on"] else None
    except (ValueError, InvalidOperation) as wrong:
        raise Refusal("crm_rubbish", str(wrong)) from wrong
    return replace(start, **found)


def _add_opportunity(actor: Actor, step: Step, extra: Mapping[str, str], now: datetime) -> str:
    data = _data(OpportunityData(title="", currency=extra.get("currency", "")), step.here)
    made = customer_services.add_opportunity(actor, step.party, data, now=now)
    _save_lines(actor, made, step.here.get("lines", ""), (), now)
    if step.here.get("phase", "lead") != "lead":
        _move(actor, made, "lead", step.here["phase"], now)
        customer_services.edit_opportunity(actor, made, data, version=None, now=now)
    return made


def _save_lines(actor: Actor, opportunity_id: str, text: str, before: tuple[Any, ...], now: datetime) -> None:
    """The lines as the CRM has them; prices and dates of lines with the same title stay."""
    known = {one.title: one for one in before}
    lines = [
        LineInput(
            title,
            quantity,
            unit,
            getattr(known.get(title), "price", None),
            getattr(known.get(title), "needed_on", None),
        )
        for quantity, unit, title in lines_of(text)
    ]
    if lines or before:
        customer_services.save_opportunity_lines(actor, opportunity_id, lines, version=None, now=now)


def _move(actor: Actor, opportunity_id: str, stage: str, phase: str, now: datetime) -> None:
    """To the stage that the CRM's state stands for; stages it does not tell apart stay."""
    if _PHASE[stage] != phase:
        customer_services.move_opportunity(actor, opportunity_id, _STAGE[phase], now=now, reason="CRM")


def change_here(actor: Actor, kind: str, step: Step, *, now: datetime) -> None:
    """Write what the CRM changed. Raises Refusal."""
    _refused(lambda: _change(actor, kind, step, now))


def _change(actor: Actor, kind: str, step: Step, now: datetime) -> None:
    values = step.here
    if kind == "party":
        view = customers.customer_for(actor, step.ours)
        start = CustomerData(**{one.name: getattr(view, one.name) for one in fields(CustomerData)})
        customer_services.edit_customer(
            actor, view.id, _customer(start, values), version=view.version, now=now, accept_duplicates=True
        )
    elif kind == "contact":
        person = customers.contact_for(actor, step.ours)
        kept = {name: getattr(person, name) for name in ("name", "email", "phone", "role")}
        customer_services.edit_contact(actor, person.id, version=person.version, now=now, **(kept | dict(values)))
    else:
        one = customers.opportunity_for(actor, step.ours)
        chance = one.probability
        if "phase" in values:
            _move(actor, one.id, one.stage, values["phase"], now)
        start_data = OpportunityData(**{name.name: getattr(one, name.name) for name in fields(OpportunityData)})
        data = _data(start_data, {"probability": str(chance)} | dict(values))
        if data != start_data or "phase" in values:
            customer_services.edit_opportunity(actor, one.id, data, version=None, now=now)
        if "lines" in values:
            _save_lines(actor, one.id, values["lines"], one.lines, now)
