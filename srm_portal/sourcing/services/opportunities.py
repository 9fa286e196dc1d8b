"""A need that begins with what a customer asks for."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from srm_portal.customers import queries as customers
from srm_portal.customers import services as customer_services
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries
from srm_portal.sourcing.domain.need import LineInput
from srm_portal.sourcing.services.needs import create_with_lines


@command
def start_need(actor: Actor, opportunity_id: str, *, now: datetime) -> str:
    """A project from an opportunity: its lines and dates, the customer's price and the margin aimed at.

    Noted at the customer. The customer's price of a line is nobody's target price: it stays out of the lines.
    """
    if not actor.may("need:edit"):
        raise NotFound
    asked = customers.opportunity_for(actor, opportunity_id)
    if asked.stage == "lost":
        raise Refused("opportunity_lost")
    lines = [LineInput(1, one.title, one.quantity, one.unit, needed_on=one.needed_on) for one in asked.lines]
    days = [one.needed_on for one in asked.lines if one.needed_on is not None]
    project_id = create_with_lines(
        actor,
        lines,
        title=asked.title,
        description=asked.description,
        category=asked.category,
        currency=asked.currency,
        needed_on=min(days, default=asked.expected_on),
        customer_id=asked.customer_id,
        opportunity_id=asked.id,
        customer_price=asked.lines_total if asked.lines_total is not None else asked.amount,
        target_margin=asked.target_margin,
        now=now,
    )
    customer_services.note_need(
        actor,
        customer_id=asked.customer_id,
        opportunity_id=asked.id,
        project_id=project_id,
        reference=queries.project(project_id).reference,
        title=asked.title,
        now=now,
    )
    return project_id


@command
def start_need_of_order(actor: Actor, number: str, *, now: datetime) -> str:
    """A project from a customer's order: its products, quantities and dates, and what the customer pays for them.

    Lines without a quantity (services by the piece, freight) are taken as one.
    """
    if not actor.may("need:edit"):
        raise NotFound
    ordered = customers.order_for(actor, number)
    first = ordered[0]
    lines = [
        LineInput(1, one.product or number, one.quantity or Decimal(1), one.unit, needed_on=one.needed_on)
        for one in ordered
        if one.net >= 0
    ]
    days = [one.needed_on for one in ordered if one.needed_on is not None]
    sold = {one.currency for one in ordered} == {first.currency}
    customer = customers.customer_for(actor, first.customer_id)
    project_id = create_with_lines(
        actor,
        lines,
        title=f"{number} {customer.name}",
        currency=first.currency,
        needed_on=min(days, default=None),
        customer_id=customer.id,
        customer_price=sum((one.net for one in ordered), Decimal(0)) if sold else None,
        now=now,
    )
    customer_services.note_need(
        actor,
        customer_id=customer.id,
        project_id=project_id,
        reference=queries.project(project_id).reference,
        title=f"{number} {customer.name}",
        now=now,
    )
    return project_id
