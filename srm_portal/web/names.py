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
    "technical": _l("technical envelopes opened, prices sealed"),
    "opened": _l("opened"),
    "cancelled": _l("called off"),
}
AMENDED = {
    "instructions": _l("Instructions"),
    "terms": _l("Terms"),
    "payment_days": _l("Payment asked (days net)"),
    "validity_days": _l("Offers valid for (days)"),
    "description": _l("Description"),
    "quantity": _l("Quantity"),
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
    "S2": _l(
        "Offers are encrypted on arrival to a key that nobody holds alone: after they are accepted nobody can read "
        "them until several named people act together after the deadline."
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
    "suspended": _l("suspended"),
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
CONSENTS = {
    "unknown": _l("not known"),
    "asked": _l("asked, no answer yet"),
    "given": _l("yes"),
    "withdrawn": _l("no, withdrawn"),
}
QUOTE_STATES = {"open": _l("open"), "won": _l("won"), "lost": _l("lost"), "expired": _l("expired")}
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
REGISTRATION_STATES = {
    "unconfirmed": _l("address not confirmed"),
    "draft": _l("being filled in"),
    "submitted": _l("waits for a decision"),
    "accepted": _l("accepted"),
    "refused": _l("refused"),
}
REGISTRATION_ORIGINS = {"self": _l("registered by itself"), "proposal": _l("proposed inside")}
ACCOUNT_STATES = {
    "waiting": _l("waits for a second look"),
    "confirmed": _l("confirmed"),
    "refused": _l("refused"),
    "replaced": _l("replaced"),
}
CERTIFICATE_STATES = {
    "claimed": _l("not checked yet"),
    "checked": _l("checked"),
    "refused": _l("not accepted"),
    "expired": _l("expired"),
}
QUESTIONNAIRE_PURPOSES = {
    "registration": _l("companies that register"),
    "qualification": _l("suppliers to be qualified"),
    "performance": _l("suppliers, when sent"),
}
QUESTIONNAIRE_STATES = {"draft": _l("draft"), "published": _l("published"), "retired": _l("retired")}
QUESTION_KINDS = {
    "text": _l("one line"),
    "long_text": _l("text"),
    "number": _l("number"),
    "yes_no": _l("yes or no"),
    "choice": _l("one of several"),
    "choices": _l("several of several"),
    "date": _l("date"),
    "file": _l("file"),
}
ANSWER_STATES = {"asked": _l("not begun"), "draft": _l("begun"), "submitted": _l("handed in")}
RISK_KINDS = {
    "financial": _l("financial"),
    "delivery": _l("delivery"),
    "quality": _l("quality"),
    "compliance": _l("compliance"),
    "sanctions": _l("sanctions"),
    "dependency": _l("dependency"),
    "country": _l("country"),
    "cyber": _l("information security"),
}
RISK_LEVELS = {"low": _l("low"), "medium": _l("medium"), "high": _l("high")}
GATE_LEVELS = {"off": _l("nothing"), "warn": _l("warns"), "block": _l("blocks")}
PLAN_SIDES = {"supplier": _l("supplier"), "buyer": _l("buyer")}
FACTOR_NAMES = {
    "substitutes": _l("Hard to replace by something else"),
    "switching": _l("Cost of changing the supplier"),
    "scarcity": _l("Scarcity in the market"),
    "logistics": _l("Length and risk of the way"),
    "product": _l("Weight for our product"),
    "growth": _l("Growth of need"),
}
QUADRANTS = {
    "strategic": _l("strategic"),
    "leverage": _l("leverage"),
    "bottleneck": _l("bottleneck"),
    "routine": _l("routine"),
}
QUADRANT_WAYS = {
    "strategic": _l("Partnership: long contracts, joint development, a plan for failure."),
    "leverage": _l("Competition: auctions, bundled volumes, several suppliers."),
    "bottleneck": _l("Safety: stocks, second sources, long notice; replace it where possible."),
    "routine": _l("Little effort: catalogues, frame contracts, few suppliers."),
}
ASSESSMENT_AREAS = {
    "quality": _l("Quality management"),
    "capability": _l("Technical capability"),
    "finance": _l("Financial strength"),
    "sustainability": _l("Sustainability"),
}
CASE_OUTCOMES = {"disqualified": _l("disqualified"), "reinstated": _l("reinstated")}
PAGE_KINDS = {
    "profile": _l("Company profile"),
    "product": _l("Products"),
    "methodology": _l("Methodology"),
    "term": _l("Glossary"),
    "forecast": _l("Forecast"),
    "catalogue": _l("Catalogue"),
    "capacity": _l("Capacity"),
    "news": _l("News"),
}
