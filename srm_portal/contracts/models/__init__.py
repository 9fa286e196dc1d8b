"""Contracts and what belongs to them: versions, approval, redline, signatures, library, life after signature."""

from srm_portal.contracts.models.approval import ApprovalDecision, ApprovalRule, ApprovalSeat, ApprovalStep, Delegation
from srm_portal.contracts.models.contract import Contract, ContractVersion, ContractWord
from srm_portal.contracts.models.library import ContractTemplate, LibraryClause, LibraryText
from srm_portal.contracts.models.redline import ClauseComment, ClauseProposal
from srm_portal.contracts.models.running import Obligation, PriceAdjustment, Spend
from srm_portal.contracts.models.signature import Signature

__all__ = [
    "ApprovalDecision",
    "ApprovalRule",
    "ApprovalSeat",
    "ApprovalStep",
    "ClauseComment",
    "ClauseProposal",
    "Contract",
    "ContractTemplate",
    "ContractVersion",
    "ContractWord",
    "Delegation",
    "LibraryClause",
    "LibraryText",
    "Obligation",
    "PriceAdjustment",
    "Signature",
    "Spend",
]
