"""Pages of the administrator for other systems."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("integrations", __name__)

from srm_portal.integrations.views import crm, hub, webhooks  # noqa: E402

__all__ = ["bp", "crm", "hub", "webhooks"]
