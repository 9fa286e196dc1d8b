"""What people do about suppliers."""

from srm_portal.suppliers.services.categories import CategoryRow, import_categories, load_demonstration_categories
from srm_portal.suppliers.services.contacts import (
    add_contact,
    edit_contact,
    end_access,
    invite_contact,
    open_access,
    remove_contact,
    renew_access,
    set_may_bid,
)
from srm_portal.suppliers.services.files import attach_file, remove_file
from srm_portal.suppliers.services.performance import record_performance
from srm_portal.suppliers.services.qualification import (
    ask_qualification,
    decide_qualification,
    disqualify,
    remind_of_expiry,
)
from srm_portal.suppliers.services.registry import (
    add_prospect,
    archive_supplier,
    block_supplier,
    edit_own,
    edit_supplier,
    restore_supplier,
    unblock_supplier,
)

__all__ = [
    "CategoryRow",
    "add_contact",
    "add_prospect",
    "archive_supplier",
    "ask_qualification",
    "attach_file",
    "block_supplier",
    "decide_qualification",
    "disqualify",
    "edit_contact",
    "edit_own",
    "edit_supplier",
    "end_access",
    "import_categories",
    "invite_contact",
    "load_demonstration_categories",
    "open_access",
    "record_performance",
    "remind_of_expiry",
    "remove_contact",
    "remove_file",
    "renew_access",
    "restore_supplier",
    "set_may_bid",
    "unblock_supplier",
]
