"""The bell and the mail copy."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from srm_portal.kernel.errors import NotFound
from srm_portal.notifications import queries, services
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires
from srm_portal.web.paging import page_of

bp = Blueprint("notifications", __name__, url_prefix="/notices")


@bp.get("/")
@requires("notice:read")
def index() -> str:
    page = page_of(request.args)
    notices, total = queries.notices(current_actor(), page.size, page.offset)
    return render_template("notifications/index.html", notices=notices, page=page.of(total), form=ActForm())


@bp.post("/read")
@requires("notice:read")
def read_all() -> Response:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.mark_read(current_actor(), None, now=request_now())
    return redirect(url_for("notifications.index"))


@bp.get("/<notice_id>")
@requires("notice:read")
def follow(notice_id: str) -> Response:
    actor = current_actor()
    path = services.path_of(actor, notice_id)
    if path is None:
        raise NotFound
    services.mark_read(actor, notice_id, now=request_now())
    return redirect(path or url_for("notifications.index"))


@bp.get("/mails")
@requires("notice:read")
def mails() -> str:
    page = page_of(request.args)
    return render_template("notifications/mails.html", mails=queries.mails(current_actor(), page.size, page.offset))


@bp.get("/mails/<mail_id>")
@requires("notice:read")
def mail(mail_id: str) -> str:
    return render_template("notifications/mail.html", mail=queries.mail_for(current_actor(), mail_id))
