"""What people do with contracts."""

from srm_portal.contracts.services.approval import approve, send_back, submit_for_approval
from srm_portal.contracts.services.drafting import (
    change_term,
    draft_for_supplier,
    draft_from_award,
    edit_clause,
)
from srm_portal.contracts.services.running import add_obligation, finish_obligation, mark_signed, terminate

__all__ = [
    "add_obligation",
    "approve",
    "change_term",
    "draft_for_supplier",
    "draft_from_award",
    "edit_clause",
    "finish_obligation",
    "mark_signed",
    "send_back",
    "submit_for_approval",
    "terminate",
]
