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
from srm_portal.suppliers.services.disqualification import (
    decide_disqualification,
    start_disqualification,
    state_own_side,
)
from srm_portal.suppliers.services.entry import (
    accept_registration,
    propose_supplier,
    refuse_registration,
)
from srm_portal.suppliers.services.files import attach_file, remove_file
from srm_portal.suppliers.services.performance import (
    answer_survey,
    ask_colleagues,
    close_period,
    keep_delivery,
    record_performance,
)
from srm_portal.suppliers.services.qualification import (
    ask_qualification,
    decide_qualification,
    remind_of_expiry,
    requalify,
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
from srm_portal.suppliers.services.sharing import (
    attach_to_page,
    edit_page,
    plan_meeting,
    publish_page,
    send_message,
    withdraw_page,
    write_minutes,
)
from srm_portal.suppliers.services.standing import (
    add_task,
    close_flag,
    close_plan,
    finish_task,
    open_plan,
    raise_flag,
    rate_category,
    set_rules,
)

__all__ = [
    "CategoryRow",
    "accept_registration",
    "add_certificate",
    "add_contact",
    "add_prospect",
    "add_task",
    "answer_survey",
    "archive_supplier",
    "ask_colleagues",
    "ask_qualification",
    "attach_file",
    "attach_to_page",
    "attach_to_registration",
    "block_supplier",
    "check_certificate",
    "close_flag",
    "close_period",
    "close_plan",
    "confirm_account",
    "confirm_address",
    "create_questionnaire",
    "decide_disqualification",
    "decide_qualification",
    "edit_contact",
    "edit_own",
    "edit_page",
    "edit_supplier",
    "end_access",
    "finish_task",
    "hand_in",
    "import_categories",
    "invite_contact",
    "keep_delivery",
    "lapse",
    "load_demonstration_categories",
    "move_question",
    "name_account",
    "open_access",
    "open_plan",
    "open_registration",
    "plan_meeting",
    "propose_supplier",
    "publish_page",
    "publish_questionnaire",
    "raise_flag",
    "rate_category",
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
    "requalify",
    "restore_supplier",
    "retire_questionnaire",
    "revise_questionnaire",
    "save_answers",
    "save_question",
    "save_registration",
    "send_message",
    "send_questionnaire",
    "set_may_bid",
    "set_rules",
    "start_disqualification",
    "start_registration",
    "state_own_side",
    "unblock_supplier",
    "withdraw_page",
    "write_minutes",
]
