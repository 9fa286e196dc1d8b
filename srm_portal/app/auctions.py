"""What `auctions` plugs in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from srm_portal.auctions import queries, services, sockets
from srm_portal.auctions.jobs import Timekeeper
from srm_portal.auctions.views import bp
from srm_portal.bidding_lists.ports import register_supplier_panel
from srm_portal.infra import jobs
from srm_portal.infra.jobs import Work
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing.queries import EventView
from srm_portal.suppliers import ports as suppliers
from srm_portal.suppliers.domain.scorecard import Measure
from srm_portal.web.templating import NavEntry, add_nav


def _panel(actor: Actor, event: EventView, now: datetime) -> dict[str, Any] | None:
    """The event's auctions on its supplier page."""
    rows = queries.of_supplier(actor, now, event.id)
    return {"title": _("Live auction"), "template": "auctions/_supplier_panel.html", "rows": rows} if rows else None


def _attendance(organisation_id: str, supplier_id: str, first: date, last: date) -> list[Measure]:
    """For the scorecard: in how many of the auctions they were invited to a supplier bid."""
    begin, end = datetime.combine(first, time(), UTC), datetime.combine(last + timedelta(days=1), time(), UTC)
    bid, invited = queries.attended(organisation_id, supplier_id, begin, end)
    if not invited:
        return []
    facts = (("part", str(bid)), ("of", str(invited)))
    return [Measure("responsiveness", round(100 * bid / invited), 1, "auctions_attended", facts)]


def invitation_withdrawn(work: Work) -> None:
    """What the bidding list tells: this company is out of the event."""
    services.withdraw_participant(work.args["event"], work.args["supplier"], now=work.now)


def wire(app: Flask) -> None:
    app.register_blueprint(bp)
    register_supplier_panel(app, _panel)
    sockets.register(app)
    suppliers.register_performance_source(app, _attendance)
    jobs.subscribe(app, "InvitationWithdrawn", "auctions", invitation_withdrawn)
    app.extensions.setdefault("srm_companions", []).append(Timekeeper)
    add_nav(
        app,
        NavEntry("auctions.index", _l("Auctions"), "gavel", ("auction:read",), "/auctions", _running, position=30),
    )
    add_nav(app, NavEntry("auctions.mine", _l("Auctions"), "gavel", ("bid:place",), "/s/auctions", position=30))


def _running(actor: Actor, now: datetime) -> Select[tuple[int]]:
    return queries.watching(actor.organisation_id, now)
