"""Sentences of criteria, scorecards and rankings."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "scores_locked": _l("The technical scores are locked: no mark changes any more."),
    "criteria_missing": _l("Add at least one criterion."),
    "criteria_incomplete": _l("A criterion lacks its range or its options."),
    "criterion_twice": _l("There are two criteria named “%(value)s”."),
    "weight_negative": _l("A weight cannot be negative (%(value)s)."),
    "weights_sum": _l("The weights add up to %(total)s, not to 100."),
    "range_needed": _l("Say which value gets no points and which gets all: both ends are published."),
    "range_empty": _l("Worst and best value must differ."),
    "options_needed": _l("Give at least two options with their value, for example: Yes = 1; No = 0."),
    "options_unreadable": _l("“%(value)s” cannot be read. Write it like: Yes = 1; Partly = 0.5; No = 0."),
    "evaluators_missing": _l("Choose at least one evaluator for the criteria that people mark."),
    "not_an_evaluator": _l("Only active evaluators and buyers of your organisation can be chosen."),
    "scorecard_is_in": _l("This scorecard is handed in and fixed."),
    "scorecards_open": _l("Not all scorecards are in yet."),
    "scorecards_waiting": _l("Scorecards still open: %(count)s."),
    "declare_first": _l("Declare first whether you have a conflict of interest."),
    "marks_missing": _l("Not graded yet: %(count)s (for example %(first)s). Not graded is not zero."),
    "mark_out_of_scale": _l("Marks go from 0 to %(max)s in half points."),
    "comment_owed": _l("The lowest and the highest mark owe a comment: %(criterion)s."),
    "ranking_missing": _l("The ranking has not been run yet."),
    "ranking_impossible": _l("The ranking cannot be made: %(field)s, %(remedy)s."),
    "recommendation_missing": _l("Give a recommendation."),
    "knocked_out": _l("%(supplier)s is knocked out and cannot be recommended."),
    "justification_needed": _l("Please say why, in a sentence or more."),
}

ACTS = {
    "criteria.saved": _l("saved the criteria"),
    "evaluators.assigned": _l("chose the evaluators"),
    "evaluator.declared": _l("declared about conflicts of interest"),
    "mark.saved": _l("saved a mark"),
    "scorecard.submitted": _l("handed in a scorecard"),
    "consensus.set": _l("set an agreed mark"),
    "ranking.run": _l("ran the ranking"),
    "recommendation.given": _l("gave a recommendation"),
}
