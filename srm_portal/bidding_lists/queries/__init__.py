"""Reading candidates, lists and invitations: frozen views for pages and for later rooms."""

from srm_portal.bidding_lists.queries.candidates import CandidateView, candidates, candidates_once, considered
from srm_portal.bidding_lists.queries.gates import event_ready, list_stands, potential
from srm_portal.bidding_lists.queries.invitations import (
    InvitationView,
    Landing,
    audience,
    bidders,
    invitation_for,
    invitation_of,
    invited,
    invited_beside_candidates,
    landing,
    my_invitations,
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
    "audience",
    "bidders",
    "bidding_list",
    "candidates",
    "candidates_once",
    "considered",
    "entries",
    "event_ready",
    "invitation_for",
    "invitation_of",
    "invited",
    "invited_beside_candidates",
    "landing",
    "list_stands",
    "my_invitations",
    "own_answer",
    "potential",
    "reasons_for",
    "requests",
    "search",
    "suggestions",
    "supplier_ids",
    "waiting_count",
    "waiting_waivers",
    "waiver_for",
    "waivers",
]
