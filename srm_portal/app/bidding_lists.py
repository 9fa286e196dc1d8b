"""What `bidding_lists` plugs in."""

from datetime import date

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from srm_portal.bidding_lists import queries
from srm_portal.bidding_lists.api import bp as api
from srm_portal.bidding_lists.jobs import invitation_mailed, supplier_blocked
from srm_portal.bidding_lists.views import bp
from srm_portal.infra import jobs
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import ports as sourcing
from srm_portal.sourcing import queries as sourcing_queries
from srm_portal.suppliers import ports as suppliers
from srm_portal.suppliers.domain.scorecard import Measure
from srm_portal.web.api import register_api
from srm_portal.web.templating import NavEntry, add_nav


def _potential_fact(count: int) -> str:
    return ngettext("%(num)s candidate", "%(num)s candidates", count) if count else _("no candidates yet")


def _list_fact(count: int) -> str:
    return ngettext("%(num)s supplier", "%(num)s suppliers", count) if count else _("no supplier yet")


def _responsive(organisation_id: str, supplier_id: str, first: date, last: date) -> list[Measure]:
    """For the scorecard: how many invitations were answered."""
    answered, sent = queries.answered_share(organisation_id, supplier_id, first, last)
    if not sent:
        return []
    facts = (("part", str(answered)), ("of", str(sent)))
    return [Measure("responsiveness", round(100 * answered / sent), 1, "invitations_answered", facts)]


def _shared(actor: Actor, supplier_id: str) -> dict[str, str]:
    """Projects that both sides know of: those to which the supplier was invited; it reads their references only."""
    known = sourcing_queries.projects_by_id(queries.invited_projects(actor.organisation_id, supplier_id))
    return {one.id: one.reference if actor.supplier_id else f"{one.reference} {one.title}" for one in known.values()}


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
    suppliers.register_performance_source(app, _responsive)
    suppliers.register_projects(app, _shared)
    add_nav(
        app,
        NavEntry("bidding_lists.supplier_home", _l("Invitations"), "mail", ("invitation:answer",), "/s", position=10),
    )
