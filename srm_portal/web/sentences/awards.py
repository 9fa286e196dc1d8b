"""Sentences of awards."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "lot_not_awarded": _l("Choose a supplier for “%(lot)s”."),
    "no_amount_for_lot": _l("This supplier has no complete amount for “%(lot)s”."),
    "justification_short": _l("Please say why, in a sentence or more: the manager and auditors read it."),
    "award_exists": _l("The award is already proposed or decided."),
    "promise_is_fixed": _l("The award rule was published with the event and is fixed."),
    "promise_weights_needed": _l("Give points for price, for quality, or for both."),
    "promise_unchecked": _l("Solve the promised rule first: the proposal is compared with it."),
    "departure_needed": _l("This award is not the promised rule's. Say why, in a sentence or more."),
    "nothing_promised": _l("No award rule was published with the event."),
    "nothing_to_award": _l("There is no complete amount for any lot yet. Open the offers first."),
    "award_input": _l("The scenario cannot be computed: %(field)s %(remedy)s."),
    "too_many_scenarios": _l("There are %(count)s scenarios already; remove one first."),
    "scenario_in_use": _l("An award was proposed from this scenario; it stays."),
    "scenario_not_solved": _l("This scenario has no award yet."),
    "scenario_breaks_rules": _l("Lots are left open or given twice; mend that before you propose it."),
    "scenario_is_old": _l("Amounts or facts changed since this scenario was solved. Make it again."),
    "rule_unreadable": _l("“%(value)s” does not fit this constraint."),
    "amount_unreadable": _l("“%(value)s” is no amount of zero or more."),
    "share_unreadable": _l("“%(value)s” is no share. Write it in percent, for example 60."),
    "tiers_unreadable": _l("“%(value)s” cannot be read. Write tiers like: 0 = 0; 100000 = 2."),
    "lots_unreadable": _l("“%(value)s” names a lot that does not exist. Write lot numbers like: 1, 2."),
    "too_many_questions": _l("You asked %(count)s questions already."),
    "already_answered": _l("This question is answered."),
    "debrief_answer_missing": _l("Please write an answer."),
    "award_changed": _l("The proposal was changed since you read it. Please read it again."),
}

ACTS = {
    "award.promise_saved": _l("set the award rule"),
    "award.facts_saved": _l("saved the facts for scenarios"),
    "award.scenario_made": _l("made a scenario"),
    "award.scenario_solved": _l("solved a scenario"),
    "award.scenario_continued": _l("let the solver search on"),
    "award.scenario_stopped": _l("took the best award found so far"),
    "award.scenario_removed": _l("removed a scenario"),
    "award.question_asked": _l("asked about the award"),
    "award.question_answered": _l("answered a bidder"),
    "award.report_made": _l("made the award report"),
    "award.proposed": _l("proposed the award"),
    "award.approved": _l("approved the award"),
    "award.returned": _l("sent the award back"),
}
