"""The whole house: Kraljic, ABC, and the rules that a manager sets."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import NotFound
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.domain.gates import rules_of
from srm_portal.suppliers.forms import RatingForm, RulesForm
from srm_portal.suppliers.queries import Segments
from srm_portal.suppliers.views import bp
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language

Answer = str | Response | tuple[str, int]
MONTHS = 12
TONES = {"strategic": 0, "leverage": 1, "bottleneck": 3, "routine": 7}


def _segments() -> Segments:
    actor, today = current_actor(), request_now().date()
    months = request.args.get("months", "")
    span = int(months) if months.isascii() and months.isdigit() and 0 < int(months) <= 60 else MONTHS
    currency = identity.organisation(actor.organisation_id).currency
    return queries.segments(actor.organisation_id, currency, today - timedelta(days=30 * span), today)


def _point(row: Any, label: str) -> dict[str, Any]:
    share = row.abc.share if row.abc else Decimal(0)
    return {
        "label": label,
        "x": row.position.risk,
        "y": row.position.impact,
        "size": 6 + 14 * float(share),
        "tone": TONES[row.position.quadrant],
        "url": url_for("suppliers.rate_category", category=row.category),
    }


@bp.get("/suppliers/segmentation")
@requires("supplier:read")
def segmentation() -> str:
    found = _segments()
    labels = queries.labels({row.category for row in found.categories}, language())
    points = [_point(row, labels[row.category]) for row in found.categories if row.position]
    return render_template("suppliers/segmentation.html", found=found, labels=labels, points=points)


@bp.route("/suppliers/segmentation/<category>", methods=["GET", "POST"])
@requires("supplier:read")
def rate_category(category: str) -> Answer:
    """The factors of one category that only people know, and where they put it."""
    actor = current_actor()
    known = queries.category(category)
    if known is None:
        raise NotFound
    row = next((one for one in _segments().categories if one.category == category), None)
    given = {name: str(mark) for name, mark in row.factors.items()} if row else {}
    form = RatingForm(data=given | {"note": row.note if row else ""})
    if form.is_submitted() and not actor.may("supplier:edit"):
        raise NotFound

    def act() -> None:
        quadrant = row.position.quadrant if row and row.position else ""
        services.rate_category(
            actor, category, form.factors(), quadrant=quadrant, note=form.note.data or "", now=request_now()
        )

    if form.apply(act):
        flash(_("Kept."), "success")
        return redirect(url_for("suppliers.segmentation"))
    page = render_template("suppliers/rating.html", form=form, row=row, label=known.label(language()), code=category)
    return page, 422 if form.is_submitted() else 200


@bp.route("/suppliers/rules", methods=["GET", "POST"])
@requires("supplier:read")
def rules() -> Answer:
    """Read by all who read suppliers; set by a manager."""
    actor = current_actor()
    kept = queries.settings(actor.organisation_id)
    form = RulesForm(data=RulesForm.values(kept.weights, rules_of(kept.gates)))
    if form.is_submitted() and not actor.may("supplier:govern"):
        raise NotFound
    if form.apply(lambda: services.set_rules(actor, weights=form.weights(), gates=form.gates(), now=request_now())):
        flash(_("Saved. They hold from now on; marks kept before stay as they are."), "success")
        return redirect(url_for("suppliers.rules"))
    return render_template("suppliers/rules.html", form=form), 422 if form.is_submitted() else 200
