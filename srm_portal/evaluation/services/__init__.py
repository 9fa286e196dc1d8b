"""What people do with criteria, scorecards and rankings."""

from srm_portal.evaluation.services.criteria import (
    amend_criteria,
    assign_evaluators,
    copy_criteria,
    keep_template,
    save_criteria,
    save_plan,
)
from srm_portal.evaluation.services.ranking import recommend, run_ranking
from srm_portal.evaluation.services.scoring import (
    declare,
    lock_technical,
    save_mark,
    set_consensus,
    submit_scorecard,
    unlock_technical,
)
from srm_portal.evaluation.services.weighing import find_weights

__all__ = [
    "amend_criteria",
    "assign_evaluators",
    "copy_criteria",
    "declare",
    "find_weights",
    "keep_template",
    "lock_technical",
    "recommend",
    "run_ranking",
    "save_criteria",
    "save_mark",
    "save_plan",
    "set_consensus",
    "submit_scorecard",
    "unlock_technical",
]
