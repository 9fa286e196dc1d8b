"""What people do in steps 2 and 3, and what suppliers do with invitations."""

from srm_portal.bidding_lists.services.answers import accept_invitation, ask, decline_invitation
from srm_portal.bidding_lists.services.candidates import (
    add_candidate,
    add_new_prospect,
    choose_contact,
    drop_candidate,
    shortlist,
    unlist,
)
from srm_portal.bidding_lists.services.invitations import (
    invite_late,
    mark_seen,
    note_delivery,
    resend_invitation,
    withdraw_from_blocked,
    withdraw_invitation,
)
from srm_portal.bidding_lists.services.publication import publish_event
from srm_portal.bidding_lists.services.rfi import answer_rfi, publish_rfi
from srm_portal.bidding_lists.services.waivers import ask_competition_waiver, ask_waiver, decide_waiver

__all__ = [
    "accept_invitation",
    "add_candidate",
    "add_new_prospect",
    "answer_rfi",
    "ask",
    "ask_competition_waiver",
    "ask_waiver",
    "choose_contact",
    "decide_waiver",
    "decline_invitation",
    "drop_candidate",
    "invite_late",
    "mark_seen",
    "note_delivery",
    "publish_event",
    "publish_rfi",
    "resend_invitation",
    "shortlist",
    "unlist",
    "withdraw_from_blocked",
    "withdraw_invitation",
]
