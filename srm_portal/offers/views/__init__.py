"""Pages of offers: the supplier's own, the proof that anybody may check, and the buyer's selection."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("offers", __name__)

from srm_portal.offers.views import exposure, opened, openers, own, proof, selection  # noqa: E402

__all__ = ["bp", "exposure", "opened", "openers", "own", "proof", "selection"]
