"""The overview of other systems, the interface, and tokens."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.identity.services import tokens
from srm_portal.integrations.forms import SCOPE_NAMES, TokenForm
from srm_portal.integrations.queries import crm, webhooks
from srm_portal.integrations.views import bp
from srm_portal.kernel.errors import NotFound
from srm_portal.web import openapi
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires

Answer = str | Response | tuple[str, int]


@bp.get("/admin/systems")
@requires("settings:manage")
def index() -> str:
    actor, now = current_actor(), request_now()
    return render_template(
        "integrations/index.html",
        targets=webhooks.targets(actor),
        sources=webhooks.sources(actor),
        tokens=[one for one in tokens.all_tokens(actor) if one.works(now)],
        connection=crm.connection_of(actor),
    )


@bp.get("/admin/systems/interface")
@requires("home:read")
def interface() -> str:
    """The operations of the interface, drawn from the same table as its description."""
    groups: dict[str, list[tuple[str, str, str, str]]] = {}
    for path, method, operation, permissions in openapi.operations(current_app):
        groups.setdefault(operation.group, []).append((method, path, operation.summary, permissions))
    return render_template("integrations/interface.html", groups=groups)


@bp.get("/admin/systems/tokens")
@requires("user:manage")
def token_list() -> str:
    return render_template(
        "integrations/tokens.html",
        tokens=tokens.all_tokens(current_actor()),
        now=request_now(),
        scope_names=SCOPE_NAMES,
    )


@bp.route("/admin/systems/tokens/new", methods=["GET", "POST"])
@requires("home:read")
def new_token() -> Answer:
    """A token of one's own, narrowed to scopes."""
    actor, form = current_actor(), TokenForm()
    kept: list[str] = []

    def act() -> None:
        name, days, scopes = form.name.data or "", form.days.data or 1, form.scopes.data or []
        kept.append(tokens.create_token(actor, name, days=days, scopes=scopes, now=request_now()))

    if form.apply(act):
        return render_template("integrations/secret.html", secret=kept[0], name=form.name.data, back=_back())
    page = render_template("integrations/token_form.html", form=form, back=_back())
    return page, 422 if form.is_submitted() else 200


def _back() -> str:
    return url_for("integrations.token_list" if current_actor().may("user:manage") else "identity.security")


@bp.post("/admin/systems/tokens/<token_id>/revoke")
@requires("user:manage")
def revoke_token(token_id: str) -> Response:
    if not ActForm().validate_on_submit():
        raise NotFound
    tokens.revoke_token(current_actor(), token_id, now=request_now())
    flash(_("The token no longer works."), "success")
    return redirect(url_for("integrations.token_list"))
