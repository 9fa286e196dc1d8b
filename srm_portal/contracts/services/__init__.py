"""What people do with contracts."""

from srm_portal.contracts.services.approval import approve, approve_many, send_back, submit_for_approval, take_back
from srm_portal.contracts.services.authority import delegate, end_delegation, hand_over, remove_rule, save_rule
from srm_portal.contracts.services.drafting import (
    amend,
    draft_for_supplier,
    draft_from_award,
    draft_from_negotiation,
)
from srm_portal.contracts.services.editing import (
    add_clause,
    change_term,
    change_terms,
    choose_wording,
    edit_clause,
    remove_clause,
)
from srm_portal.contracts.services.library import (
    add_template,
    from_template,
    retire_template,
    save_entry,
    save_wording,
)
from srm_portal.contracts.services.paper import ask_pdf, pdf_progress
from srm_portal.contracts.services.redline import (
    NEW,
    accept_proposal,
    comment,
    counter_proposal,
    pass_pen,
    propose,
    receive_word,
    reject_proposal,
    take_pen,
)
from srm_portal.contracts.services.running import (
    add_obligation,
    adjust_prices,
    finish_obligation,
    give_notice,
    import_spend,
    terminate,
)
from srm_portal.contracts.services.signing import mark_signed, proof, sign

__all__ = [
    "NEW",
    "accept_proposal",
    "add_clause",
    "add_obligation",
    "add_template",
    "adjust_prices",
    "amend",
    "approve",
    "approve_many",
    "ask_pdf",
    "change_term",
    "change_terms",
    "choose_wording",
    "comment",
    "counter_proposal",
    "delegate",
    "draft_for_supplier",
    "draft_from_award",
    "draft_from_negotiation",
    "edit_clause",
    "end_delegation",
    "finish_obligation",
    "from_template",
    "give_notice",
    "hand_over",
    "import_spend",
    "mark_signed",
    "pass_pen",
    "pdf_progress",
    "proof",
    "propose",
    "receive_word",
    "reject_proposal",
    "remove_clause",
    "remove_rule",
    "retire_template",
    "save_entry",
    "save_rule",
    "save_wording",
    "send_back",
    "sign",
    "submit_for_approval",
    "take_back",
    "take_pen",
    "terminate",
]
