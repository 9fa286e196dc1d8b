"""Pages of steps 4 and 5: criteria, scorecard, consensus, ranking, sensitivity."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("evaluation", __name__)

from srm_portal.evaluation.views import amend, criteria, plan, ranking, robustness, scorecard, weighing  # noqa: E402

__all__ = ["amend", "bp", "criteria", "plan", "ranking", "robustness", "scorecard", "weighing"]
