"""Pages of the award, one file for each part; they share one blueprint."""

from srm_portal.awards.views import award, facts, letters, reports, scenarios
from srm_portal.awards.views.award import bp

__all__ = ["award", "bp", "facts", "letters", "reports", "scenarios"]
