"""What people do about suppliers."""

from srm_portal.suppliers.services.answering import (
    save_answers,
    send_questionnaire,
)
from srm_portal.suppliers.services.bank import (
    confirm_account,
    name_account,
    refuse_account,
)
from srm_portal.suppliers.services.categories import CategoryRow, import_categories, load_demonstration_categories
from srm_portal.suppliers.services.certificates import (
    add_certificate,
    check_certificate,
    remind_of_certificate,
    remove_certificate,
)
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
from srm_portal.suppliers.services.entry import (
    accept_registration,
    propose_supplier,
    refuse_registration,
)
from srm_portal.suppliers.services.files import attach_file, remove_file
from srm_portal.suppliers.services.performance import record_performance
from srm_portal.suppliers.services.qualification import (
    ask_qualification,
    decide_qualification,
    disqualify,
    remind_of_expiry,
)
from srm_portal.suppliers.services.questionnaires import (
    create_questionnaire,
    move_question,
    publish_questionnaire,
    remove_question,
    retire_questionnaire,
    revise_questionnaire,
    save_question,
)
from srm_portal.suppliers.services.registration import (
    attach_to_registration,
    confirm_address,
    hand_in,
    lapse,
    remove_from_registration,
    save_registration,
    start_registration,
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
from srm_portal.suppliers.services.settings import (
    open_registration,
)

__all__ = [
    "CategoryRow",
    "accept_registration",
    "add_certificate",
    "add_contact",
    "add_prospect",
    "archive_supplier",
    "ask_qualification",
    "attach_file",
    "attach_to_registration",
    "block_supplier",
    "check_certificate",
    "confirm_account",
    "confirm_address",
    "create_questionnaire",
    "decide_qualification",
    "disqualify",
    "edit_contact",
    "edit_own",
    "edit_supplier",
    "end_access",
    "hand_in",
    "import_categories",
    "invite_contact",
    "lapse",
    "load_demonstration_categories",
    "move_question",
    "name_account",
    "open_access",
    "open_registration",
    "propose_supplier",
    "publish_questionnaire",
    "record_performance",
    "refuse_account",
    "refuse_registration",
    "remind_of_certificate",
    "remind_of_expiry",
    "remove_certificate",
    "remove_contact",
    "remove_file",
    "remove_from_registration",
    "remove_question",
    "renew_access",
    "restore_supplier",
    "retire_questionnaire",
    "revise_questionnaire",
    "save_answers",
    "save_question",
    "save_registration",
    "send_questionnaire",
    "set_may_bid",
    "start_registration",
    "unblock_supplier",
]
