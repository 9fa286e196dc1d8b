"""Finding suppliers for a need: suggested from what is known, or searched with filters, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from srm_portal.bidding_lists.domain.suggestions import Offerer, Reason, Wanted, ranked, similar, suggest
from srm_portal.bidding_lists.models import Invitation
from srm_portal.infra.db import db
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing.queries import ProjectView
from srm_portal.suppliers import queries as suppliers
from srm_portal.suppliers.domain.places import Point, great_circle_km
from srm_portal.suppliers.queries import PanelEntry, SupplierCard, SupplierFilter
from srm_portal.suppliers.queries.nearby import offering_near
from srm_portal.web.paging import Page

SUGGESTED_MAX = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A supplier with points and reasons for this need."""

    supplier: SupplierCard
    points: int
    reasons: tuple[Reason, ...]


def _answered(organisation_id: str, category: str) -> dict[str, int]:
    """How many similar needs each supplier took part in."""
    query = (
        select(Invitation.supplier_id, Invitation.category, func.count())
        .where(
            Invitation.organisation_id == organisation_id,
            Invitation.state == "accepted",
            Invitation.category.startswith(category[:2], autoescape=True),
        )
        .group_by(Invitation.supplier_id, Invitation.category)
    )
    counted: dict[str, int] = {}
    for supplier_id, code, count in db.session.execute(query):
        if similar(code, category):
            counted[supplier_id] = counted.get(supplier_id, 0) + count
    return counted


def _km(card: SupplierCard, centre: Point | None) -> int | None:
    return great_circle_km(card.place, centre) if card.place is not None and centre is not None else None


def _offerer(
    card: SupplierCard,
    codes: tuple[str, ...],
    regions: Iterable[str],
    entry: PanelEntry | None,
    km: int | None,
    answered: int,
) -> Offerer:
    return Offerer(
        card.id,
        card.name,
        codes,
        tuple(one for one in regions if one),
        entry.status if entry else "",
        entry.valid_until_on.isoformat() if entry and entry.valid_until_on else "",
        card.score,
        km,
        answered,
    )


def suggestions(project: ProjectView, on: date, centre: Point | None = None) -> list[Found]:
    """The best suppliers for the need, best first: who offers it or something near, and who is on its panel."""
    wanted = Wanted(project.category, project.region)
    if not project.category:
        return []
    panel = {e.supplier.id: e for e in suppliers.panel(project.organisation_id, wanted.category, wanted.region, on)}
    answered = _answered(project.organisation_id, wanted.category)
    cards, offerers = {one: entry.supplier for one, entry in panel.items()}, []
    pool = {one.supplier.id: one for one in offering_near(project.organisation_id, wanted.category)}
    cards |= {one: offering.supplier for one, offering in pool.items()}
    for supplier_id, card in cards.items():
        offering = pool.get(supplier_id)
        served = (card.region, *(offering.regions if offering else ()), card.country)
        codes = offering.codes if offering else ()
        km, times = _km(card, centre), answered.get(supplier_id, 0)
        offerers.append(_offerer(card, codes, served, panel.get(supplier_id), km, times))
    return [Found(cards[s.supplier_id], s.points, s.reasons) for s in ranked(offerers, wanted)[:SUGGESTED_MAX]]


def search(actor: Actor, project: ProjectView, wanted: SupplierFilter, page: Page, on: date) -> tuple[list[Found], int]:
    """A page of the registry, each supplier with its reasons for this need, and the number of all that match."""
    rows, total = suppliers.search(actor, wanted, page)
    need = Wanted(project.category, project.region)
    panel = {e.supplier.id: e for e in suppliers.panel(project.organisation_id, need.category, need.region, on)}
    answered = _answered(project.organisation_id, need.category) if need.category else {}
    found = []
    for row in rows:
        card = row.supplier
        served, times = (card.region, card.country), answered.get(card.id, 0)
        offerer = _offerer(card, row.categories, served, panel.get(card.id), row.distance_km, times)
        made = suggest(offerer, need)
        spoken = (Reason("catalogue_mentions", (("title", row.mention),)),) if row.mention else ()
        found.append(Found(card, made.points, (*made.reasons, *spoken)))
    return found, total


def reasons_for(project: ProjectView, supplier_id: str, on: date) -> Found | None:
    """The reasons for one supplier, to be kept with the candidate; None when nothing speaks for it."""
    return next((one for one in suggestions(project, on) if one.supplier.id == supplier_id), None)
