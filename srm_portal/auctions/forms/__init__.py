"""Forms of auctions, and the rules in plain words."""

from srm_portal.auctions.forms.paper import minutes_pdf
from srm_portal.auctions.forms.profiles import profile_facts
from srm_portal.auctions.forms.setup import AuctionForm, ControlForm, MessageForm, SurrogateForm, auction_form
from srm_portal.auctions.forms.words import KIND_WORDS, PROFILE_WORDS, REASON_WORDS, SCENE_WORDS, rules_in_words

__all__ = [
    "KIND_WORDS",
    "PROFILE_WORDS",
    "REASON_WORDS",
    "SCENE_WORDS",
    "AuctionForm",
    "ControlForm",
    "MessageForm",
    "SurrogateForm",
    "auction_form",
    "minutes_pdf",
    "profile_facts",
    "rules_in_words",
]
