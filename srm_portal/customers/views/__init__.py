"""Pages of customers and opportunities."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("customers", __name__)

from srm_portal.customers.views import analysis, opportunities, record, registry, sales, talks  # noqa: E402

__all__ = ["analysis", "bp", "opportunities", "record", "registry", "sales", "talks"]
