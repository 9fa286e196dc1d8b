"""Step 2: suggestions with their reasons, and the registry searched with filters."""

from __future__ import annotations

from flask import render_template, request

from srm_portal.bidding_lists import queries
from srm_portal.bidding_lists.views import bp
from srm_portal.sourcing import queries as sourcing
from srm_portal.suppliers import queries as suppliers
from srm_portal.suppliers.domain.places import Point
from srm_portal.suppliers.queries import SupplierFilter
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires
from srm_portal.web.paging import page_of

FILTERS = ("q", "category", "region", "country", "qualification", "score", "near")
QUALIFICATION_CHOICES = ("qualified", "applied", "disqualified", "none")


def _number(text: str, largest: int) -> int | None:
    return min(int(text), largest) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _filter(typed: dict[str, str], centre: Point | None, km: int) -> SupplierFilter:
    wanted = typed["qualification"]
    return SupplierFilter(
        text=typed["q"],
        category=typed["category"],
        region=typed["region"],
        country=typed["country"].upper(),
        qualification=wanted if wanted in QUALIFICATION_CHOICES else "",
        on=request_now().date(),
        near=(centre, km) if centre is not None else None,
        min_score=_number(typed["score"], 100),
        sort="-score",
    )


@bp.get("/projects/<project_id>/suppliers/find")
@requires("candidate:edit")
def find(project_id: str) -> str:
    """Without a filter the best suggestions, with one the registry; both say why."""
    actor, now = current_actor(), request_now()
    project = sourcing.project_for(actor, project_id)
    typed = {name: request.args.get(name, "").strip() for name in FILTERS}
    km = _number(request.args.get("km", ""), 20_000) or 200
    centre = suppliers.place(actor, typed["near"]) if typed["near"] else None
    page = page_of(request.args)
    if any(typed.values()):
        found, total = queries.search(actor, project, _filter(typed, centre, km), page, now.date())
    else:
        found = queries.suggestions(project, now.date())
        total = len(found)
    taken = {one.supplier_id: one.state for one in queries.candidates(project.id)}
    return render_template(
        "bidding_lists/find.html",
        project=project,
        found=found,
        taken=taken,
        searched=any(typed.values()),
        lost=bool(typed["near"]) and centre is None,
        page=page.of(total),
    )
