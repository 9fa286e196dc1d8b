"""The CRM: connection, which field goes where, runs and their log."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.identity import queries as identity
from srm_portal.infra.gateways import gateway
from srm_portal.integrations.domain.matching import FIELDS, KINDS, directions
from srm_portal.integrations.forms import (
    DIRECTION_NAMES,
    FIELD_NAMES,
    KIND_NAMES,
    RULE_NAMES,
    CrmForm,
    MappingForm,
    mapping_fields,
)
from srm_portal.integrations.ports import CrmKinds
from srm_portal.integrations.queries import crm as queries
from srm_portal.integrations.services import crm
from srm_portal.integrations.views import bp
from srm_portal.kernel.errors import NotFound
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires

Answer = str | Response | tuple[str, int]


@bp.get("/admin/systems/crm")
@requires("settings:manage")
def connection() -> Answer:
    view = queries.connection_of(current_actor())
    if view is None:
        return redirect(url_for("integrations.connect"))
    return render_template(
        "integrations/crm.html",
        connection=view,
        runs=queries.runs(view.id),
        person=identity.person(view.user_id),
        kinds=KINDS,
        kind_names=KIND_NAMES,
        rule_names=RULE_NAMES,
    )


@bp.route("/admin/systems/crm/connect", methods=["GET", "POST"])
@requires("settings:manage")
def connect() -> Answer:
    actor = current_actor()
    view = queries.connection_of(actor)
    people = [one for one in identity.staff(actor.organisation_id) if {"buyer", "requester"} & set(one.roles)]
    form = CrmForm(obj=view).prepare(gateway(CrmKinds)(), people)  # type: ignore[type-abstract]

    def act() -> None:
        names = ("kind", "url", "database", "login", "password", "user_id", "rule")
        crm.connect(actor, now=request_now(), **{name: form[name].data or "" for name in names})

    if form.apply(act):
        flash(_("Connected. Try a dry run: it says what would happen and changes nothing."), "success")
        return redirect(url_for("integrations.connection"))
    page = render_template("integrations/crm_form.html", form=form, connection=view)
    return page, 422 if form.is_submitted() else 200


@bp.route("/admin/systems/crm/mapping", methods=["GET", "POST"])
@requires("settings:manage")
def mapping() -> Answer:
    actor, form = current_actor(), MappingForm()
    view = queries.connection_of(actor)
    if view is None:
        raise NotFound
    names = [name for _kind, _field, name, _ways in mapping_fields()]
    chosen = {name: request.form[name] for name in names if name in request.form}
    if form.apply(lambda: crm.set_mapping(actor, chosen, now=request_now())):
        flash(_("Saved. The next run follows it."), "success")
        return redirect(url_for("integrations.connection"))
    page = render_template(
        "integrations/mapping.html",
        form=form,
        fields=mapping_fields(),
        now_set={kind: directions(kind, view.fields) for kind in FIELDS},
        kind_names=KIND_NAMES,
        field_names=FIELD_NAMES,
        direction_names=DIRECTION_NAMES,
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/admin/systems/crm/<act>")
@requires("settings:manage")
def act_on_crm(act: str) -> Response:
    """`run`, `dry-run`, `pause` or `resume`."""
    if not ActForm().validate_on_submit() or act not in ("run", "dry-run", "pause", "resume"):
        raise NotFound
    actor, now = current_actor(), request_now()
    if act in ("pause", "resume"):
        crm.pause(actor, act == "resume", now=now)
        flash(_("Saved."), "success")
        return redirect(url_for("integrations.connection"))
    run_id = crm.ask_run(actor, dry=act == "dry-run", now=now)
    return redirect(url_for("integrations.run", run_id=run_id))


@bp.get("/admin/systems/crm/runs/<run_id>")
@requires("settings:manage")
def run(run_id: str) -> str:
    return render_template(
        "integrations/run.html",
        run=queries.run_for(current_actor(), run_id),
        kind_names=KIND_NAMES,
        field_names=FIELD_NAMES,
    )
