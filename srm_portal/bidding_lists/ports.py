"""What later rooms show suppliers on the page of an event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask, current_app

from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing.queries import EventView

SupplierPanel = Callable[[Actor, EventView, datetime], dict[str, Any] | None]
_NAME = "srm_supplier_panels"


def register_supplier_panel(app: Flask, panel: SupplierPanel) -> None:
    """`panel(actor, event_view, now)` gives {"title", "template", ...} for the supplier's event page, or None.

    The template is included with the dictionary as `panel`. Asked only when the invitation is accepted.
    """
    app.extensions.setdefault(_NAME, []).append(panel)


def supplier_panels(actor: Actor, event: EventView, now: datetime) -> list[dict[str, Any]]:
    panels: list[SupplierPanel] = current_app.extensions.get(_NAME, [])
    return [shown for panel in panels if (shown := panel(actor, event, now)) is not None]
