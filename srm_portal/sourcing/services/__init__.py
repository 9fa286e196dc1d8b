"""What people do with needs, steps and RFx events."""

from srm_portal.sourcing.services.clarifications import amend_event, answer_question, ask_question, extend_deadline
from srm_portal.sourcing.services.events import cancel_event, create_event, edit_event, mark_opened, open_event
from srm_portal.sourcing.services.imports import import_project
from srm_portal.sourcing.services.needs import (
    approve_need,
    cancel_project,
    create_project,
    create_with_lines,
    edit_need,
    return_need,
    save_lines,
    submit_need,
)
from srm_portal.sourcing.services.opportunities import start_need, start_need_of_order
from srm_portal.sourcing.services.steps import finish, pass_stage, reopen_stage

__all__ = [
    "amend_event",
    "answer_question",
    "approve_need",
    "ask_question",
    "cancel_event",
    "cancel_project",
    "create_event",
    "create_project",
    "create_with_lines",
    "edit_event",
    "edit_need",
    "extend_deadline",
    "finish",
    "import_project",
    "mark_opened",
    "open_event",
    "pass_stage",
    "reopen_stage",
    "return_need",
    "save_lines",
    "start_need",
    "start_need_of_order",
    "submit_need",
]
