"""Step 3: the shortlist beside the panel, waivers, contacts, the competition rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.bidding_lists import queries, services
from srm_portal.bidding_lists.forms import BASES, QUALIFICATIONS, WAIVER_STATES, WAIVER_TONES, ContactForm
from srm_portal.bidding_lists.views import bp
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.domain.stages import position
from srm_portal.suppliers import queries as suppliers
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm, PortalForm, ReasonForm
from srm_portal.web.guard import requires
from srm_portal.web.templating import LANGUAGE_NAMES

Answer = str | Response | tuple[str, int]


@bp.get("/projects/<project_id>/bidding-list")
@requires("project:read")
def bidding_list(project_id: str) -> str:
    """The list as it is made; once the event is published, as it was frozen."""
    project = sourcing.project_for(current_actor(), project_id)
    if position(project.stage) > position("criteria"):
        return _frozen(project)
    current = queries.bidding_list(project, request_now().date())
    return render_template(
        "bidding_lists/bidding_list.html",
        project=project,
        current=current,
        blockers=current.blockers(),
        qualifications=QUALIFICATIONS,
        waiver_states=WAIVER_STATES,
        waiver_tones=WAIVER_TONES,
        languages=LANGUAGE_NAMES,
    )


def _frozen(project: sourcing.ProjectView) -> str:
    event = sourcing.main_event(project.id)
    entries = queries.entries(event) if event else []
    cards = suppliers.suppliers([one.supplier_id for one in entries])
    return render_template(
        "bidding_lists/frozen.html", project=project, event=event, entries=entries, cards=cards, bases=BASES
    )


def _done(project_id: str, form: PortalForm, act: Callable[[], Any], said: str) -> Response:
    """Run the act; what is refused is said on the page itself, nothing typed is lost but a reason."""
    if form.apply(act):
        flash(said, "success")
    else:
        wrong = [str(one) for errors in form.errors.values() for one in errors]
        flash(" ".join(wrong) or _("This was refused."), "error")
    return redirect(url_for("bidding_lists.bidding_list", project_id=project_id))


@bp.post("/projects/<project_id>/bidding-list/<supplier_id>/shortlist")
@requires("bidding_list:edit")
def shortlist(project_id: str, supplier_id: str) -> Answer:
    actor, now = current_actor(), request_now()
    return _done(
        project_id, ActForm(), lambda: services.shortlist(actor, project_id, supplier_id, now=now), _("Shortlisted.")
    )


@bp.post("/projects/<project_id>/bidding-list/<supplier_id>/unlist")
@requires("bidding_list:edit")
def unlist(project_id: str, supplier_id: str) -> Answer:
    actor, now = current_actor(), request_now()
    return _done(
        project_id,
        ActForm(),
        lambda: services.unlist(actor, project_id, supplier_id, now=now),
        _("Off the list; still a candidate."),
    )


@bp.post("/projects/<project_id>/bidding-list/<supplier_id>/waiver")
@requires("bidding_list:edit")
def ask_waiver(project_id: str, supplier_id: str) -> Answer:
    actor, now, form = current_actor(), request_now(), ReasonForm()

    def act() -> None:
        services.ask_waiver(actor, project_id, supplier_id, reason=form.reason.data or "", now=now)

    return _done(project_id, form, act, _("The purchasing managers are asked."))


@bp.post("/projects/<project_id>/bidding-list/competition-waiver")
@requires("bidding_list:edit")
def ask_competition_waiver(project_id: str) -> Answer:
    actor, now, form = current_actor(), request_now(), ReasonForm()

    def act() -> None:
        services.ask_competition_waiver(actor, project_id, reason=form.reason.data or "", now=now)

    return _done(project_id, form, act, _("The purchasing managers are asked."))


@bp.post("/projects/<project_id>/bidding-list/<supplier_id>/contact")
@requires("bidding_list:edit")
def choose_contact(project_id: str, supplier_id: str) -> Answer:
    actor, now, form = current_actor(), request_now(), ContactForm()

    def act() -> None:
        services.choose_contact(
            actor,
            project_id,
            supplier_id,
            contact_id=form.contact_id.data or "",
            language=form.language.data,
            now=now,
        )

    return _done(project_id, form, act, _("Saved."))
