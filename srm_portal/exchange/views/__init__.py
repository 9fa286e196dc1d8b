"""Files in and out, as pages."""

from flask import Blueprint

bp = Blueprint("exchange", __name__)

from srm_portal.exchange.views import exports, imports  # noqa: E402

__all__ = ["bp", "exports", "imports"]
