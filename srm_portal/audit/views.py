"""The auditor's page with the whole trail, and the log's checkpoint, which everybody may see and keep."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from srm_portal.audit import queries, services
from srm_portal.audit.forms import CheckpointForm
from srm_portal.infra.keys import server_keys
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.signed_note import verifier_key
from srm_portal.web.context import current_actor
from srm_portal.web.guard import public, requires
from srm_portal.web.paging import page_of

bp = Blueprint("audit", __name__)


@bp.get("/audit/")
@requires("audit:read")
def trail() -> str:
    page = page_of(request.args)
    text, action = request.args.get("q", "").strip(), request.args.get("action", "").strip()
    lines, total = queries.search(current_actor(), text=text, action=action, limit=page.size, offset=page.offset)
    return render_template("audit/trail.html", lines=lines, page=page.of(total), q=text, action=action)


@bp.route("/log", methods=["GET", "POST"])
@public
def log() -> tuple[str, int]:
    """The newest checkpoint, the keys that sign, and a check of one that somebody kept."""
    form, verdict = CheckpointForm(), ""
    if form.validate_on_submit():
        verdict = services.check_checkpoint(form.as_note())
    keys = server_keys()
    page = render_template(
        "audit/log.html",
        form=form,
        verdict=verdict,
        newest=queries.newest_checkpoint(),
        origin=keys.origin,
        keys=[(key.id, verifier_key(keys.origin, key.public), key.retired_at) for key in reversed(keys.signing)],
    )
    return page, 422 if form.errors else 200


@bp.get("/log/checkpoint")
@public
def checkpoint() -> Response:
    """The newest signed note as plain text, for monitors and witnesses (C2SP tlog-checkpoint)."""
    newest = queries.newest_checkpoint()
    if newest is None:
        raise NotFound
    return Response(newest.note, mimetype="text/plain", headers={"Cache-Control": "no-cache"})


@bp.get("/log/growth/<int:old>")
@public
def growth(old: int) -> dict[str, object]:
    """The newest checkpoint, and the proof (RFC 6962, hex) that it only adds to the log of `old` entries."""
    found = queries.growth(old)
    if found is None:
        raise NotFound
    newest, path = found
    return {"from": old, "checkpoint": newest.note, "proof": list(path)}
