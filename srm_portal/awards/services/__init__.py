"""Scenarios, proposing, deciding, telling, and the report."""

from srm_portal.awards.services.debrief import answer_question, ask_question
from srm_portal.awards.services.deciding import approve_award, propose_award, propose_scenario, return_award
from srm_portal.awards.services.reporting import files_of, make_report, rerun
from srm_portal.awards.services.scenarios import (
    create_promised,
    create_scenario,
    go_on,
    place_by_hand,
    remove_scenario,
    stop_solving,
)
from srm_portal.awards.services.terms import save_known, save_promise

__all__ = [
    "answer_question",
    "approve_award",
    "ask_question",
    "create_promised",
    "create_scenario",
    "files_of",
    "go_on",
    "make_report",
    "place_by_hand",
    "propose_award",
    "propose_scenario",
    "remove_scenario",
    "rerun",
    "return_award",
    "save_known",
    "save_promise",
    "stop_solving",
]
