"""Who buys most, and what may be bought: two figures with their formulas."""

from __future__ import annotations

from datetime import date

from flask import render_template, request
from flask_babel import gettext as _

from srm_portal.customers import queries
from srm_portal.customers.views import bp
from srm_portal.identity import queries as identity
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires

YEARS = (1, 2, 3, 5)
BARS = 25


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


@bp.get("/customers/analysis")
@requires("customer:read")
def analysis() -> str:
    actor, today = current_actor(), request_now().date()
    own = identity.organisation(actor.organisation_id).currency
    currencies = sorted({own, *queries.order_currencies(actor)})
    asked, years = request.args.get("currency", ""), request.args.get("years", "")
    currency = asked if asked in currencies else own
    span = int(years) if years.isascii() and years.isdigit() and int(years) in YEARS else 1
    since = _years_before(today, span)
    return render_template(
        "customers/analysis.html",
        currency=currency,
        currencies=currencies,
        since=since,
        span=span,
        spans=[(str(one), _("%(years)s years", years=one) if one > 1 else _("12 months")) for one in YEARS],
        lines=queries.abc(actor, currency, since),
        bars=BARS,
        pipeline=queries.pipeline(actor, currency),
    )
