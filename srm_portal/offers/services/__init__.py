"""What suppliers and buyers do with offers: write, hand in, withdraw, open, rule on deviations."""

from srm_portal.offers.services.drafting import attach_file, remove_file, save_draft
from srm_portal.offers.services.opening import open_offers, rule_deviation
from srm_portal.offers.services.submitting import submit_offer, withdraw_offer

__all__ = [
    "attach_file",
    "open_offers",
    "remove_file",
    "rule_deviation",
    "save_draft",
    "submit_offer",
    "withdraw_offer",
]
