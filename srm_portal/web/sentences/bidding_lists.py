"""Sentences of candidates, bidding lists, waivers and invitations."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "candidates_missing": _l("Add at least one candidate."),
    "already_candidate": _l("%(name)s is already a candidate of this project."),
    "list_is_fixed": _l("The bidding list was passed. Reopen step 3 with a reason to change it."),
    "list_empty": _l("Shortlist the suppliers to invite."),
    "list_too_short": _l(
        "The list has %(count)s suppliers and needs at least %(min)s. Shortlist more, or ask for a waiver."
    ),
    "list_waiver_missing": _l("%(name)s is not on the panel: ask for a waiver, or take them off the list."),
    "list_waiver_waiting": _l("The waiver for %(name)s waits for a purchasing manager."),
    "list_contact_missing": _l("%(name)s has no contact with an e-mail address. Add one to the supplier's record."),
    "list_supplier_blocked": _l("%(name)s is blocked or archived and cannot be invited."),
    "waiver_needed": _l("This supplier is not on the panel, or a rule blocks it. Ask for a waiver first."),
    "list_gate_blocks": _l("A rule for suppliers blocks %(name)s: ask for a waiver, or take them off the list."),
    "reason_catalogue_mentions": _l("their page “%(title)s” mentions what you look for"),
    "waiver_not_needed": _l("No waiver is needed here."),
    "event_needs_deadline": _l("Prepare the event and set a deadline that lies ahead."),
    "event_asks_information": _l("This event asks for information, not for offers."),
    "event_asks_offers": _l("This event asks for offers, not for information."),
    "contact_address_taken": _l(
        "The address %(email)s of %(name)s belongs to another account. Choose another contact for the invitation."
    ),
    "contact_disabled": _l(
        "The access of %(email)s at %(name)s was ended. Choose another contact, or renew the access in their record."
    ),
    "already_invited": _l("This supplier is already invited."),
    "accept_first": _l("Accept the invitation first."),
    "may_not_bind": _l("Only colleagues who may bind your company can do this. Ask the buyer to change who may."),
    "choose_candidates": _l("Choose at least one candidate of this project."),
    "reason_offers_category": _l("offers exactly this category (%(category)s)"),
    "reason_offers_near_category": _l("offers a related category (%(category)s; steps through the tree: %(steps)s)"),
    "reason_panel_qualified": _l("on the panel, qualified until %(until)s"),
    "reason_panel_conditional": _l("on the panel with a condition, until %(until)s"),
    "reason_performed": _l("past performance %(score)s of 100"),
    "reason_in_region": _l("sits in or delivers to %(region)s"),
    "reason_answered_before": _l("took part in similar needs: %(count)s"),
    "reason_near": _l("%(km)s km away"),
}

ACTS = {
    "candidate.added": _l("added a candidate"),
    "candidate.dropped": _l("dropped a candidate"),
    "candidate.shortlisted": _l("shortlisted a supplier"),
    "candidate.unlisted": _l("took a supplier off the shortlist"),
    "candidate.contact_chosen": _l("chose the contact to invite"),
    "waiver.asked": _l("asked for a waiver"),
    "waiver.approved": _l("approved a waiver"),
    "waiver.refused": _l("refused a waiver"),
    "list.frozen": _l("froze the bidding list"),
    "invitation.sent": _l("delivered an invitation"),
    "invitation.undeliverable": _l("could not deliver an invitation"),
    "invitation.seen": _l("opened the invitation"),
    "invitation.accepted": _l("accepted the invitation"),
    "invitation.declined": _l("declined the invitation"),
    "invitation.resent": _l("sent an invitation again"),
    "invitation.late": _l("invited a supplier late"),
    "invitation.withdrawn": _l("withdrew an invitation"),
    "invitation.information_asked": _l("asked a supplier for information"),
    "information.answered": _l("answered the request for information"),
}
