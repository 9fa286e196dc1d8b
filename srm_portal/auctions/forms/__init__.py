"""Forms of auctions, and the rules in plain words."""

from srm_portal.auctions.forms.setup import AuctionForm, ControlForm, MessageForm, SurrogateForm
from srm_portal.auctions.forms.words import KIND_WORDS, PROFILE_WORDS, rules_in_words

__all__ = [
    "KIND_WORDS",
    "PROFILE_WORDS",
    "AuctionForm",
    "ControlForm",
    "MessageForm",
    "SurrogateForm",
    "rules_in_words",
]
