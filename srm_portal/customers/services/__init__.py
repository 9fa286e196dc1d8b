"""What people do about customers."""

from srm_portal.customers.services.facts import (
    ContractRow,
    QuoteRow,
    record_contracts,
    record_quotes,
    record_satisfaction,
)
from srm_portal.customers.services.files import attach_file, remove_file
from srm_portal.customers.services.opportunities import (
    OpportunityData,
    add_opportunity,
    edit_opportunity,
    move_opportunity,
    note_award,
    note_need,
    save_opportunity_lines,
)
from srm_portal.customers.services.orders import OrderRow, record_orders
from srm_portal.customers.services.records import (
    add_contact,
    add_customer,
    edit_contact,
    edit_customer,
    erase_customer,
    remove_contact,
    set_consent,
)
from srm_portal.customers.services.talks import (
    add_task,
    finish_task,
    log_interaction,
    reopen_task,
    resolve_complaint,
)

__all__ = [
    "ContractRow",
    "OpportunityData",
    "OrderRow",
    "QuoteRow",
    "add_contact",
    "add_customer",
    "add_opportunity",
    "add_task",
    "attach_file",
    "edit_contact",
    "edit_customer",
    "edit_opportunity",
    "erase_customer",
    "finish_task",
    "log_interaction",
    "move_opportunity",
    "note_award",
    "note_need",
    "record_contracts",
    "record_orders",
    "record_quotes",
    "record_satisfaction",
    "remove_contact",
    "remove_file",
    "reopen_task",
    "resolve_complaint",
    "save_opportunity_lines",
    "set_consent",
]
