"""What `bidding_lists` plugs in."""

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from srm_portal.bidding_lists import queries
from srm_portal.bidding_lists.api import bp as api
from srm_portal.bidding_lists.jobs import invitation_mailed, supplier_blocked
from srm_portal.bidding_lists.views import bp
from srm_portal.infra import jobs
from srm_portal.sourcing import ports as sourcing
from srm_portal.web.api import register_api
from srm_portal.web.templating import NavEntry, add_nav


def _potential_fact(count: int) -> str:
    return ngettext("%(num)s candidate", "%(num)s candidates", count) if count else _("no candidates yet")


def _list_fact(count: int) -> str:
    return ngettext("%(num)s supplier", "%(num)s suppliers", count) if count else _("no supplier yet")


def wire(app: Flask) -> None:
    app.register_blueprint(bp)
    register_api(app, api)
    jobs.subscribe(app, "Mail.invitation", "bidding_lists", invitation_mailed)
    jobs.subscribe(app, "SupplierBlocked", "bidding_lists", supplier_blocked)
    sourcing.register_page(app, "potential", "bidding_lists.potential")
    sourcing.register_page(app, "bidding_list", "bidding_lists.bidding_list")
    sourcing.register_fact(app, "potential", queries.considered_count, _potential_fact)
    sourcing.register_fact(app, "bidding_list", queries.shortlisted_count, _list_fact)
    sourcing.register_gate(app, "potential", lambda project_id, _now: queries.potential(project_id))
    sourcing.register_gate(app, "bidding_list", lambda project_id, now: queries.list_stands(project_id, now.date()))
    sourcing.register_gate(app, "criteria", queries.event_ready)
    sourcing.register_audience(app, queries.audience)
    add_nav(
        app,
        NavEntry("bidding_lists.supplier_home", _l("Invitations"), "mail", ("invitation:answer",), "/s", position=10),
    )
