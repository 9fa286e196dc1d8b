"""The start page of each role, search, health and metrics."""

from __future__ import annotations

from flask import Blueprint, render_template

from srm_portal.web.guard import requires

bp = Blueprint("insights", __name__)


@bp.get("/")
@requires("self:edit")
def home() -> str:
    return render_template("insights/home.html")


@bp.get("/search")
@requires("search:use")
def search() -> str:
    return render_template("insights/home.html")
