"""Pages of steps 2 and 3, invitations, and the supplier's side of an event."""

from __future__ import annotations

from datetime import date

from flask import Blueprint

from srm_portal.bidding_lists.domain.suggestions import Reason
from srm_portal.web.errors import sentence

bp = Blueprint("bidding_lists", __name__)


@bp.app_template_global("reason_text")
def reason_text(reason: Reason) -> str:
    """A reason in the reader's words."""
    facts: dict[str, object] = dict(reason.facts)
    if facts.get("until"):
        facts["until"] = date.fromisoformat(str(facts["until"]))
    return sentence(f"reason_{reason.code}", **facts)


from srm_portal.bidding_lists.views import (  # noqa: E402
    bidding_list,
    finding,
    invitations,
    landing,
    potential,
    rfi,
    supplier,
    waivers,
)

__all__ = ["bidding_list", "bp", "finding", "invitations", "landing", "potential", "rfi", "supplier", "waivers"]
