"""Sentences of contracts."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "award_not_approved": _l("The award is not approved yet."),
    "award_missing": _l("An award has to be proposed and approved."),
    "contract_not_approved": _l("The contract has to be approved."),
    "contract_not_draft": _l("The contract is fixed. Only a draft can be changed."),
    "clause_unknown": _l("This clause is not part of the contract."),
    "contract_ends_before_start": _l("The last day must not be before the first."),
    "nothing_to_approve": _l("There is nothing to approve here."),
    "content_changed": _l("The contract was changed since you read it. Please read it again."),
    "approved_before": _l("You took an earlier step of this contract; the next one is for somebody else."),
    "signed_in_future": _l("Enter the day on which it was signed, today at the latest."),
}

ACTS = {
    "contract.drafted": _l("drafted the contract"),
    "contract.edited": _l("changed a clause"),
    "contract.term_changed": _l("changed the term"),
    "contract.submitted": _l("asked for approval of the contract"),
    "contract.step_approved": _l("approved the contract"),
    "contract.approved": _l("completed the approval"),
    "contract.sent_back": _l("sent the contract back"),
    "contract.signed": _l("filed the signed contract"),
    "contract.terminated": _l("terminated the contract"),
    "obligation.added": _l("added an obligation"),
    "obligation.done": _l("finished an obligation"),
}
