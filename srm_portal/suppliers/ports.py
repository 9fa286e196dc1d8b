"""What later rooms plug into a supplier's page."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from srm_portal.kernel.permissions import Actor
from srm_portal.web import panels
from srm_portal.web.panels import PanelBlock, PanelSource

RECORD = "supplier"


def register_panel(app: Flask, source: PanelSource) -> None:
    """`source(actor, supplier_id, now)` gives a block for the supplier's page, or None."""
    panels.register(app, RECORD, source)


def panel_blocks(actor: Actor, supplier_id: str, now: datetime) -> list[PanelBlock]:
    return panels.blocks(RECORD, actor, supplier_id, now)
