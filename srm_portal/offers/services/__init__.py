"""What suppliers and buyers do with offers: write, hand in, withdraw, open, rule on deviations."""

from srm_portal.offers.services.drafting import attach_file, remove_file, restore_draft, save_draft
from srm_portal.offers.services.exposure import note_sight
from srm_portal.offers.services.openers import (
    answer_rehearsal,
    give_share,
    make_event_keys,
    name_openers,
    read_hex,
    register_opener_key,
    report_lost_key,
)
from srm_portal.offers.services.opening import lock_scores, open_offers, rule_deviation
from srm_portal.offers.services.submitting import (
    HandedIn,
    ask_for_help,
    confirm_offer,
    hand_in,
    submit_offer,
    withdraw_offer,
)

__all__ = [
    "HandedIn",
    "answer_rehearsal",
    "ask_for_help",
    "attach_file",
    "confirm_offer",
    "give_share",
    "hand_in",
    "lock_scores",
    "make_event_keys",
    "name_openers",
    "note_sight",
    "open_offers",
    "read_hex",
    "register_opener_key",
    "remove_file",
    "report_lost_key",
    "restore_draft",
    "rule_deviation",
    "save_draft",
    "submit_offer",
    "withdraw_offer",
]
