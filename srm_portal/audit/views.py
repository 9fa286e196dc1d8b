"""The auditor's page: the whole trail, searchable."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from srm_portal.audit import queries
from srm_portal.web.context import current_actor
from srm_portal.web.guard import requires
from srm_portal.web.paging import page_of

bp = Blueprint("audit", __name__, url_prefix="/audit")


@bp.get("/")
@requires("audit:read")
def trail() -> str:
    page = page_of(request.args)
    text, action = request.args.get("q", "").strip(), request.args.get("action", "").strip()
    lines, total = queries.search(current_actor(), text=text, action=action, limit=page.size, offset=page.offset)
    return render_template("audit/trail.html", lines=lines, page=page.of(total), q=text, action=action)
