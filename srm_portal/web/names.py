"""What people call the domain's coded words; one place, so that every page says the same."""

from flask_babel import lazy_gettext as _l

STAGE_NAMES = {
    "need": _l("Need"),
    "potential": _l("Potential suppliers"),
    "bidding_list": _l("Bidding list"),
    "criteria": _l("Criteria"),
    "selection": _l("Selection"),
    "contract": _l("Contract"),
    "finished": _l("Finished"),
}
NEED_STATES = {
    "draft": _l("draft"),
    "submitted": _l("waits for approval"),
    "approved": _l("approved"),
    "imported": _l("imported"),
}
EVENT_PHASES = {
    "draft": _l("draft"),
    "open": _l("open for offers"),
    "closed": _l("deadline passed, sealed"),
    "opened": _l("opened"),
    "cancelled": _l("called off"),
}
EVENT_KINDS = {
    "rfi": _l("Request for information"),
    "rfq": _l("Request for quotation"),
    "rfp": _l("Request for proposal"),
    "itt": _l("Invitation to tender"),
}
ENGAGEMENT_NAMES = {
    "purchase": _l("Purchase"),
    "subcontracting": _l("Subcontracting"),
    "outsourcing": _l("Outsourcing"),
}
CONTRACT_KINDS = ENGAGEMENT_NAMES | {
    "framework": _l("Framework"),
    "call_off": _l("Call-off"),
    "nda": _l("Non-disclosure agreement"),
}
RISK_NAMES = {"low": _l("low"), "medium": _l("medium"), "high": _l("high")}
LEVEL_SENTENCES = {
    "S0": _l("Offers are protected by access rules only."),
    "S1": _l(
        "Offers are encrypted on arrival. Nobody can read them in the database or a backup before the opening; "
        "the key is kept outside the database, on the running server."
    ),
}
SUPPLIER_STATES = {
    "prospect": _l("prospect"),
    "active": _l("active"),
    "blocked": _l("blocked"),
    "archived": _l("archived"),
}
QUALIFICATION_STATES = {
    "applied": _l("waits for a decision"),
    "qualified": _l("qualified"),
    "conditional": _l("qualified with a condition"),
    "disqualified": _l("disqualified"),
    "expired": _l("expired"),
    "not_yet": _l("valid later"),
}
PERFORMANCE_NAMES = {
    "quality": _l("Quality"),
    "delivery": _l("Delivery"),
    "cost": _l("Cost"),
    "responsiveness": _l("Responsiveness"),
    "sustainability": _l("Sustainability"),
}
CUSTOMER_ROLES = {
    "customer": _l("customer"),
    "prospect": _l("prospect"),
    "supplier": _l("supplier"),
    "partner": _l("partner"),
}
INTERACTION_KINDS = {
    "call": _l("Call"),
    "mail": _l("Mail"),
    "meeting": _l("Meeting"),
    "visit": _l("Visit"),
    "complaint": _l("Complaint"),
}
OPPORTUNITY_STAGES = {
    "lead": _l("Lead"),
    "qualified": _l("Qualified"),
    "proposal": _l("Proposal"),
    "negotiation": _l("Negotiation"),
    "won": _l("Won"),
    "lost": _l("Lost"),
}
