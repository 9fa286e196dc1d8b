"""What people do with criteria, scorecards and rankings."""

from srm_portal.evaluation.services.criteria import assign_evaluators, save_criteria
from srm_portal.evaluation.services.ranking import recommend, run_ranking
from srm_portal.evaluation.services.scoring import declare, save_mark, set_consensus, submit_scorecard

__all__ = [
    "assign_evaluators",
    "declare",
    "recommend",
    "run_ranking",
    "save_criteria",
    "save_mark",
    "set_consensus",
    "submit_scorecard",
]
