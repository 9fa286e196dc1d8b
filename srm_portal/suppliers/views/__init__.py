"""Pages of the registry, and the supplier's own page."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("suppliers", __name__)

from srm_portal.suppliers.views import contacts, own, qualification, record, registry  # noqa: E402

__all__ = ["bp", "contacts", "own", "qualification", "record", "registry"]
