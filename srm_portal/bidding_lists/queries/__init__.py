"""Reading candidates, lists and invitations: frozen views for pages and for later rooms."""

from srm_portal.bidding_lists.queries.candidates import (
    CandidateView,
    candidates,
    considered,
    considered_count,
    shortlisted_count,
)
from srm_portal.bidding_lists.queries.gates import event_ready, list_stands, potential
from srm_portal.bidding_lists.queries.invitations import (
    InvitationView,
    Landing,
    asked_of,
    audience,
    bidders,
    invitation_for,
    invitation_of,
    invited,
    invited_count,
    landing,
    my_invitations,
    open_of,
    own_state,
    supplier_ids,
)
from srm_portal.bidding_lists.queries.lists import BiddingList, EntryView, ListRow, bidding_list, entries
from srm_portal.bidding_lists.queries.rfi import AnswerView, RfiView, answer_file, own_answer, requests
from srm_portal.bidding_lists.queries.suggestions import Found, reasons_for, search, suggestions
from srm_portal.bidding_lists.queries.waivers import WaiverView, waiting_count, waiting_waivers, waiver_for, waivers

__all__ = [
    "AnswerView",
    "BiddingList",
    "CandidateView",
    "EntryView",
    "Found",
    "InvitationView",
    "Landing",
    "ListRow",
    "RfiView",
    "WaiverView",
    "answer_file",
    "asked_of",
    "audience",
    "bidders",
    "bidding_list",
    "candidates",
    "considered",
    "considered_count",
    "entries",
    "event_ready",
    "invitation_for",
    "invitation_of",
    "invited",
    "invited_count",
    "landing",
    "list_stands",
    "my_invitations",
    "open_of",
    "own_answer",
    "own_state",
    "potential",
    "reasons_for",
    "requests",
    "search",
    "shortlisted_count",
    "suggestions",
    "supplier_ids",
    "waiting_count",
    "waiting_waivers",
    "waiver_for",
    "waivers",
]
