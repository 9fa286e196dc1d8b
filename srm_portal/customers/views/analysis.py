"""Customers and sales in figures, each drawn and with its formula."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from flask import render_template, request
from flask_babel import gettext as _

from srm_portal.customers import queries
from srm_portal.customers.domain.sales import RFM_NAMES
from srm_portal.customers.queries.analysis import Analysis, sales_funnel, satisfaction_by_segment
from srm_portal.customers.views import bp
from srm_portal.identity import queries as identity
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires

YEARS = (1, 2, 3, 5)
BARS, ROWS = 15, 100


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _quarters(since: date, today: date) -> list[date]:
    """First days of the quarters that lie in the span, the running one included."""
    first = date(since.year, 3 * ((since.month - 1) // 3) + 1, 1)
    found = []
    while first <= today:
        if first >= since:
            found.append(first)
        first = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
    return found


def _asked(currencies: list[str], own: str) -> tuple[str, int]:
    asked, years = request.args.get("currency", ""), request.args.get("years", "")
    span = int(years) if years.isascii() and years.isdigit() and int(years) in YEARS else 2
    return asked if asked in currencies else own, span


@bp.get("/customers/analysis")
@requires("customer:read")
def analysis() -> str:
    actor, today = current_actor(), request_now().date()
    own = identity.organisation(actor.organisation_id).currency
    currencies = sorted({own, *queries.order_currencies(actor)})
    currency, span = _asked(currencies, own)
    since = _years_before(today, span)
    found = Analysis(actor, currency, since, today)
    quarters = _quarters(since, today)
    said = satisfaction_by_segment(actor, since)
    return render_template(
        "customers/analysis.html",
        currency=currency,
        currencies=currencies,
        since=since,
        span=span,
        spans=[(str(one), _("%(years)s years", years=one) if one > 1 else _("12 months")) for one in YEARS],
        lines=found.rows(ROWS),
        count=len(found.abc),
        few=next((at for at, row in enumerate(found.abc, start=1) if row.running >= queries.A_UNTIL), 0),
        bars=BARS,
        matrix=found.matrix(),
        groups=found.groups(),
        group_codes=RFM_NAMES,
        kept=found.kept(quarters),
        quarters=quarters,
        segments=found.segments(said),
        funnel=sales_funnel(actor, datetime.combine(since, time(), UTC)),
        pipeline=queries.pipeline(actor, currency),
        ending=queries.sale_contracts_ending(actor, today + timedelta(days=180), today),
    )
