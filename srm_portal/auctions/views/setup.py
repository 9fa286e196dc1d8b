"""The list of auctions, setting one up, publishing or discarding the draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.auctions import queries, services
from srm_portal.auctions.forms import PROFILE_WORDS, AuctionForm, auction_form, profile_facts, rules_in_words
from srm_portal.auctions.views import bp
from srm_portal.auctions.views.screens import Heading, screen
from srm_portal.bidding_lists import queries as bidding_lists
from srm_portal.evaluation import queries as evaluation
from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import FieldProblem, Invalid, Refused
from srm_portal.offers import queries as offers
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.queries import ProjectView
from srm_portal.suppliers import queries as suppliers
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import problem_sentence, sentence
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


def _opened_form(project: ProjectView) -> AuctionForm:
    choices, ticked = _candidates(project.id)
    form = auction_form(choices)
    if not form.is_submitted():
        form.suppliers.data, form.title.data = ticked, project.title
        form.shown.data = ["rank"]
        ranking = evaluation.ranking(project.id)
        points = {row.supplier_id: row.percent for row in ranking.rows} if ranking else {}
        for supplier_id, _name in choices:
            if supplier_id in points:
                form[f"quality_{supplier_id}"].data = round(points[supplier_id], 2)
    return form


@bp.route("/projects/<project_id>/auctions/new", methods=["GET", "POST"])
@requires("auction:run")
def new(project_id: str) -> Answer:
    actor, now = current_actor(), request_now()
    project = sourcing.project_for(actor, project_id)
    form = _opened_form(project)
    made: list[str] = []
    checking = form.is_submitted() and bool(request.form.get("check"))

    def act() -> None:
        chosen = list(form.suppliers.data or [])
        made.append(services.create_auction(actor, project_id, form.settings(), now=now, supplier_ids=chosen))

    if not checking and form.apply(act):
        flash(_("The draft stands. Check the rules as bidders will read them, then publish."), "success")
        return redirect(url_for("auctions.cockpit", auction_id=made[0]))
    page = render_template(
        "auctions/new.html",
        project=project,
        form=form,
        profile_words=PROFILE_WORDS,
        profiles=profile_facts(),
        earlier=queries.of_project(project_id, now),
        checked=checking,
        **(_consequences(project, form) if checking else {}),
    )
    return page, 422 if form.is_submitted() and not checking else 200


@bp.post("/projects/<project_id>/auctions/preview")
@requires("auction:run")
def preview_new(project_id: str) -> str:
    """What follows from the settings so far: nothing is stored."""
    project = sourcing.project_for(current_actor(), project_id)
    return render_template("auctions/_advice.html", **_consequences(project, _opened_form(project)))


def _consequences(project: ProjectView, form: AuctionForm) -> dict[str, Any]:
    """Warnings, rules in words and an example screen; what is still missing or wrong as sentences."""
    now, problems = request_now(), []
    found: dict[str, Any] = {"plan": None, "words": [], "example": None}
    if not form.validate():
        wrong = {name: errors for name, errors in form.errors.items() if name}
        if not any(form.opens_at.raw_data or ()):
            wrong.pop("opens_at", None)
        problems = [f"{form[name].label.text}: {errors[0]}" for name, errors in wrong.items()]
    given = form.settings()
    given = replace(given, opens_at=max(given.opens_at or now, now + timedelta(hours=1)))
    if not problems:
        try:
            found["plan"] = plan = services.plan_auction(
                current_actor(), project.id, given, now=now, supplier_ids=list(form.suppliers.data or [])
            )
        except Invalid as invalid:
            problems = [_problem_words(form, each) for each in invalid.problems]
        else:
            known = queries.planned(given.title or project.title, plan.rules, plan.lots, plan.bidders)
            at = queries.played(known, "bidding")
            middle = plan.bidders[len(plan.bidders) // 2].id
            heading = Heading("", known.title, "", identity.organisation(project.organisation_id).name, given.practice)
            found |= {"words": rules_in_words(plan.rules), "example": screen(known, middle, at, heading)}
    return found | {"problems": problems}


def _problem_words(form: AuctionForm, problem: FieldProblem) -> str:
    field = form._fields.get(problem.field)
    text = problem_sentence(problem)
    return f"{field.label.text}: {text}" if field is not None else text


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


@bp.post("/auctions/<auction_id>/practice")
@requires("auction:run")
def practice(auction_id: str) -> Answer:
    """A practice run with the same rules, lots and bidders, in ten minutes."""
    ActForm().validate_on_submit()
    actor, now = current_actor(), request_now()
    title = _("Practice: %(title)s", title=queries.board(actor, auction_id, now).title)
    try:
        made = services.practice_run(actor, auction_id, title, now=now)
    except Refused as refused:
        flash(sentence(refused.code, **refused.facts), "error")
        return redirect(url_for("auctions.cockpit", auction_id=auction_id))
    flash(_("The practice run opens in ten minutes; the bidders are invited."), "success")
    return redirect(url_for("auctions.cockpit", auction_id=made))
