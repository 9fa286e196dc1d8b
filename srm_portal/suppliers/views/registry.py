"""The list of suppliers, the forms of a record, the panels."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.forms import SupplierForm
from srm_portal.suppliers.queries import SupplierFilter
from srm_portal.suppliers.views import bp
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language
from srm_portal.web.paging import page_of

Answer = str | Response | tuple[str, int]
RADIUS_KM = 100
RADIUS_KM_MAX = 5000


def _whole(name: str, most: int) -> int | None:
    text = request.args.get(name, "").strip()
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _filter(actor: Actor, now: datetime) -> SupplierFilter:
    """What the address asks for; anything unreadable is left out."""
    given = {name: request.args.get(name, "").strip() for name in ("q", "category", "region", "country", "near")}
    point = queries.place(actor, given["near"]) if given["near"] else None
    radius = _whole("km", RADIUS_KM_MAX) or RADIUS_KM
    return SupplierFilter(
        text=given["q"],
        category=given["category"],
        region=given["region"],
        country=given["country"],
        qualification=request.args.get("qualification", ""),
        on=now.date(),
        near=(point, radius) if point else None,
        min_score=_whole("min_score", 100),
        state=request.args.get("state", ""),
        sort=request.args.get("sort", "name"),
    )


@bp.get("/suppliers")
@requires("supplier:read")
def index() -> str:
    actor, page = current_actor(), page_of(request.args)
    wanted = _filter(actor, request_now())
    rows, total = queries.search(actor, wanted, page)
    return render_template(
        "suppliers/index.html",
        rows=rows,
        page=page.of(total),
        labels=queries.labels({code for row in rows for code in row.categories}, language()),
        categories=queries.choices(language(), (wanted.category,)),
        countries=queries.countries(actor),
        place_unknown=bool(request.args.get("near", "").strip()) and wanted.near is None,
        measured=wanted.near is not None,
    )


@bp.route("/suppliers/new", methods=["GET", "POST"])
@requires("supplier:edit")
def new() -> Answer:
    actor, form = current_actor(), SupplierForm().prepare()
    made: list[str] = []

    def act() -> None:
        accepted = bool(form.accept_duplicates.data)
        made.append(services.add_prospect(actor, form.supplier(), now=request_now(), accept_duplicates=accepted))

    if form.apply(act):
        flash(_("Added as a prospect."), "success")
        return redirect(url_for("suppliers.show", supplier_id=made[0]))
    twins = queries.duplicates(actor.organisation_id, form.supplier()) if form.is_submitted() else []
    page = render_template("suppliers/form.html", form=form, supplier=None, twins=twins)
    return page, 422 if form.is_submitted() else 200


@bp.route("/suppliers/<supplier_id>/edit", methods=["GET", "POST"])
@requires("supplier:edit")
def edit(supplier_id: str) -> Answer:
    actor = current_actor()
    view = queries.supplier_for(actor, supplier_id)
    form = SupplierForm(obj=view).prepare(view)

    def act() -> None:
        services.edit_supplier(
            actor,
            supplier_id,
            form.supplier(),
            version=form.seen_version,
            now=request_now(),
            accept_duplicates=bool(form.accept_duplicates.data),
        )

    if form.apply(act):
        flash(_("Saved."), "success")
        return redirect(url_for("suppliers.show", supplier_id=supplier_id))
    asked = form.is_submitted() and form.accept_duplicates.errors
    twins = queries.duplicates(actor.organisation_id, form.supplier(), but=view.id) if asked else []
    page = render_template("suppliers/form.html", form=form, supplier=view, twins=twins)
    return page, 422 if form.is_submitted() else 200


@bp.get("/suppliers/panels")
@requires("supplier:read")
def panels() -> str:
    """Every category for which somebody is approved today."""
    actor = current_actor()
    found = queries.panels(actor.organisation_id, request_now().date())
    labels = queries.labels({one.category for one in found}, language())
    return render_template("suppliers/panels.html", panels=found, labels=labels)


@bp.get("/suppliers/panels/<category>")
@requires("supplier:read")
def panel(category: str) -> str:
    """Who may be invited for one category without a waiver, and until when."""
    actor, region = current_actor(), request.args.get("region", "").strip()
    entries = queries.panel(actor.organisation_id, category, region, request_now().date())
    labels = queries.labels({category, *(entry.category for entry in entries)}, language())
    offering = [
        card
        for card in queries.by_category(actor.organisation_id, category)
        if card.id not in {entry.supplier.id for entry in entries}
    ]
    return render_template(
        "suppliers/panel.html", category=category, entries=entries, labels=labels, offering=offering, region=region
    )
