"""The start page of each role, approvals, search, health and metrics."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for

from srm_portal.contracts import queries as contracts
from srm_portal.insights import queries
from srm_portal.kernel.errors import NotFound
from srm_portal.web import health
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import public, requires
from srm_portal.web.names import STAGE_NAMES

bp = Blueprint("insights", __name__)
Answer = Any


@bp.get("/")
@requires("self:edit")
def home() -> Answer:
    actor, now = current_actor(), request_now()
    if actor.supplier_id is not None:
        return redirect(url_for("bidding_lists.supplier_home"))
    if actor.roles == {"auditor"}:
        return redirect(url_for("audit.trail"))
    if actor.roles == {"administrator"}:
        return redirect(url_for("identity.users"))
    figures = queries.figures(actor, now)
    return render_template(
        "insights/home.html",
        waiting=queries.work(actor, now),
        live=queries.live_auctions(actor, now),
        stages=figures.stages,
        stage_names=STAGE_NAMES,
        savings=figures.savings,
        ending=contracts.desk(actor, now).ending,
    )


@bp.get("/approvals")
@requires("need:approve", "contract:approve")
def approvals() -> str:
    return render_template("insights/approvals.html", waiting=queries.approvals(current_actor(), request_now()))


@bp.get("/search")
@requires("search:use")
def search() -> str:
    text = request.args.get("q", "").strip()[:100]
    hits = queries.search(current_actor(), text, request_now())
    template = "insights/_hits.html" if request.headers.get("HX-Request") else "insights/search.html"
    return render_template(template, hits=hits, q=text)


@bp.get("/health")
@public
def alive() -> Answer:
    return {"status": "ok"}


@bp.get("/ready")
@public
def ready() -> Answer:
    """Whether database and migrations are as this version needs them."""
    problem = health.problem()
    return ({"status": "ok"}, 200) if problem is None else ({"status": "not ready", "problem": problem}, 503)


@bp.get("/metrics")
@public
def metrics() -> Answer:
    """For Prometheus: with the token of the configuration, or from this machine."""
    wanted = current_app.config["METRICS_TOKEN"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    allowed = secrets.compare_digest(given, wanted) if wanted else request.remote_addr in ("127.0.0.1", "::1")
    if not allowed:
        raise NotFound
    return Response(health.metrics_text(request_now()), mimetype="text/plain; version=0.0.4")
