"""What later rooms plug into the pages of a customer and of an opportunity."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from srm_portal.kernel.permissions import Actor
from srm_portal.web import panels
from srm_portal.web.panels import PanelBlock, PanelSource

CUSTOMER = "customer"
OPPORTUNITY = "opportunity"


def register_panel(app: Flask, source: PanelSource) -> None:
    """`source(actor, customer_id, now)` gives a block for the customer's page, or None."""
    panels.register(app, CUSTOMER, source)


def register_opportunity_panel(app: Flask, source: PanelSource) -> None:
    """`source(actor, opportunity_id, now)` gives a block for the opportunity's page (starting a need), or None."""
    panels.register(app, OPPORTUNITY, source)


def panel_blocks(actor: Actor, customer_id: str, now: datetime) -> list[PanelBlock]:
    return panels.blocks(CUSTOMER, actor, customer_id, now)


def opportunity_blocks(actor: Actor, opportunity_id: str, now: datetime) -> list[PanelBlock]:
    return panels.blocks(OPPORTUNITY, actor, opportunity_id, now)
