"""Work after the commit: hearing what became of the mails with invitations."""

from __future__ import annotations

from srm_portal.bidding_lists import services
from srm_portal.infra.jobs import Work


def invitation_mailed(work: Work) -> None:
    """Job handler for what happened to a mail with an invitation."""
    services.note_delivery(work.args["about"], delivered=work.args["state"] == "sent", now=work.now)


def supplier_blocked(work: Work) -> None:
    """Job handler for a supplier that was blocked: open invitations end."""
    services.withdraw_from_blocked(work.args["organisation"], work.args["supplier"], now=work.now)
