"""Pages of projects, needs and events."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("sourcing", __name__)

from srm_portal.sourcing.views import events, opportunities, projects  # noqa: E402

__all__ = ["bp", "events", "opportunities", "projects"]
