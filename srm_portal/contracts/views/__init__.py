"""Pages of contracts: the record, the redline, approval, signature, library, and life after signature."""

from srm_portal.contracts.views import approval, drafting, library, records, redline, running, signing
from srm_portal.contracts.views.blueprint import bp

__all__ = ["approval", "bp", "drafting", "library", "records", "redline", "running", "signing"]
