"""The list of auctions, setting one up, publishing or discarding the draft."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.auctions import queries, services
from srm_portal.auctions.forms import PROFILE_WORDS, AuctionForm
from srm_portal.auctions.views import bp
from srm_portal.bidding_lists import queries as bidding_lists
from srm_portal.offers import queries as offers
from srm_portal.sourcing import queries as sourcing
from srm_portal.suppliers import queries as suppliers
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires
from srm_portal.web.paging import page_of

Answer = str | Response | tuple[str, int]


@bp.get("/auctions")
@requires("auction:read")
def index() -> str:
    page = page_of(request.args)
    rows, total = queries.auctions(current_actor(), request_now(), limit=page.size, offset=page.offset)
    return render_template(
        "auctions/index.html", rows=rows, page=page.of(total), formats=queries.FORMAT_NAMES
    )  # fmt: skip


def _candidates(project_id: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Who may take part: those with opened offers, else those who accepted the invitation; (choices, ticked)."""
    event = sourcing.main_event(project_id)
    if event is None:
        return [], []
    opened = offers.opened(event.id)
    if opened:
        return [(one.supplier_id, one.supplier_name) for one in opened], [
            one.supplier_id for one in opened if not one.knocked_out
        ]
    ids = bidding_lists.bidders(event.id)
    cards = suppliers.suppliers(ids)
    return [(one, cards[one].name) for one in ids], ids


@bp.route("/projects/<project_id>/auctions/new", methods=["GET", "POST"])
@requires("auction:run")
def new(project_id: str) -> Answer:
    actor, now = current_actor(), request_now()
    project = sourcing.project_for(actor, project_id)
    form = AuctionForm()
    choices, ticked = _candidates(project_id)
    form.suppliers.choices = choices
    if not form.is_submitted():
        form.suppliers.data, form.title.data = ticked, project.title
        form.shown.data = ["rank"]
    made: list[str] = []

    def act() -> None:
        chosen = list(form.suppliers.data or [])
        made.append(services.create_auction(actor, project_id, form.settings(), now=now, supplier_ids=chosen))

    if form.apply(act):
        flash(_("The draft stands. Check the rules as bidders will read them, then publish."), "success")
        return redirect(url_for("auctions.cockpit", auction_id=made[0]))
    page = render_template(
        "auctions/new.html",
        project=project,
        form=form,
        profile_words=PROFILE_WORDS,
        earlier=queries.of_project(project_id, now),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/auctions/<auction_id>/publish")
@requires("auction:run")
def publish(auction_id: str) -> Answer:
    ActForm().validate_on_submit()
    services.publish_auction(current_actor(), auction_id, now=request_now())
    flash(_("Published. The bidders are invited to read and accept the rules."), "success")
    return redirect(url_for("auctions.cockpit", auction_id=auction_id))


@bp.post("/auctions/<auction_id>/discard")
@requires("auction:run")
def discard(auction_id: str) -> Answer:
    ActForm().validate_on_submit()
    services.discard_draft(current_actor(), auction_id, now=request_now())
    flash(_("The draft is discarded."), "success")
    return redirect(url_for("auctions.index"))
