"""What `insights` plugs in."""

from typing import Any

from flask import Flask, has_request_context
from flask_babel import lazy_gettext as _l

from srm_portal.identity import queries as identity
from srm_portal.insights.queries import approval_count
from srm_portal.insights.views import bp
from srm_portal.web.context import maybe_actor
from srm_portal.web.templating import NavEntry, add_nav


def _organisation() -> dict[str, Any]:
    """The organisation's currency and whether its data is a demonstration, for every staff page."""
    actor = maybe_actor() if has_request_context() else None
    if actor is None:
        return {"home_currency": "EUR", "demo": False}
    own = identity.organisation(actor.organisation_id)
    return {"home_currency": own.currency, "demo": own.demonstration}


def wire(app: Flask) -> None:
    app.register_blueprint(bp)
    app.context_processor(_organisation)
    add_nav(app, NavEntry("insights.home", _l("Home"), "home", ("home:read",), "/", position=0))
    add_nav(
        app,
        NavEntry(
            "insights.approvals",
            _l("Approvals"),
            "checklist",
            ("need:approve", "contract:approve"),
            "/approvals",
            count=approval_count,
            position=60,
        ),
    )
