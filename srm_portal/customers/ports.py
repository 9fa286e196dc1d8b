"""What later rooms plug into the pages of a customer and of an opportunity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app

from srm_portal.kernel.permissions import Actor
from srm_portal.web import panels
from srm_portal.web.panels import PanelBlock, PanelSource


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something bought for a customer from a supplier: what a complaint may be about."""

    project_id: str
    supplier_id: str
    label: str


DeliverySource = Callable[[Actor, str, datetime], list[Delivery]]
_DELIVERIES = "srm_customer_deliveries"
CUSTOMER = "customer"
OPPORTUNITY = "opportunity"


def register_panel(app: Flask, source: PanelSource) -> None:
    """`source(actor, customer_id, now)` gives a block for the customer's page, or None."""
    panels.register(app, CUSTOMER, source)


def register_opportunity_panel(app: Flask, source: PanelSource) -> None:
    """`source(actor, opportunity_id, now)` gives a block for the opportunity's page (starting a need), or None."""
    panels.register(app, OPPORTUNITY, source)


def register_deliveries(app: Flask, source: DeliverySource) -> None:
    """`source(actor, customer_id, now)`: what was awarded for the customer, so that a complaint finds its supplier."""
    app.extensions.setdefault(_DELIVERIES, []).append(source)


def deliveries(actor: Actor, customer_id: str, now: datetime) -> list[Delivery]:
    sources: list[DeliverySource] = current_app.extensions.get(_DELIVERIES, [])
    return [one for source in sources for one in source(actor, customer_id, now)]


def panel_blocks(actor: Actor, customer_id: str, now: datetime) -> list[PanelBlock]:
    return panels.blocks(CUSTOMER, actor, customer_id, now)


def opportunity_blocks(actor: Actor, opportunity_id: str, now: datetime) -> list[PanelBlock]:
    return panels.blocks(OPPORTUNITY, actor, opportunity_id, now)
