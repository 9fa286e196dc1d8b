"""Waivers asked for and decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from srm_portal.bidding_lists.models import Waiver
from srm_portal.infra.db import db
from srm_portal.infra.once import once
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing


@dataclass(frozen=True, slots=True)
class WaiverView:
    """`kind` is off_panel (with `supplier_id`) or competition (lists of at least `covers` suppliers)."""

    id: str
    project_id: str
    kind: str
    supplier_id: str | None
    covers: int | None
    reason: str
    state: str
    asked_by: str
    asked_name: str
    asked_at: datetime
    decided_name: str
    decided_at: datetime | None
    note: str


_FIELDS = tuple(WaiverView.__slots__)


def _view(row: Waiver) -> WaiverView:
    return WaiverView(**{name: getattr(row, name) for name in _FIELDS})


@once
def waivers(project_id: str) -> list[WaiverView]:
    """Oldest first: the last of a kind and supplier is the one that counts."""
    query = select(Waiver).where(Waiver.project_id == project_id).order_by(Waiver.asked_at, Waiver.id)
    return [_view(row) for row in db.session.scalars(query)]


def waiver_for(actor: Actor, waiver_id: str) -> tuple[WaiverView, sourcing.ProjectView]:
    row = db.session.get(Waiver, waiver_id)
    if row is None or row.organisation_id != actor.organisation_id:
        raise NotFound
    return _view(row), sourcing.project_for(actor, row.project_id)


def _waiting(actor: Actor) -> Select[Any]:
    return select(Waiver).where(
        Waiver.organisation_id == actor.organisation_id, Waiver.state == "asked", Waiver.asked_by != actor.user_id
    )


def waiting_waivers(actor: Actor) -> list[WaiverView]:
    """Waivers that wait for this manager: asked for by others, oldest first."""
    return [_view(row) for row in db.session.scalars(_waiting(actor).order_by(Waiver.asked_at))]


def waiting_count(actor: Actor) -> Select[Any]:
    """How many waivers wait, for the top bar."""
    return select(func.count()).select_from(_waiting(actor).subquery())


def by_supplier(found: list[WaiverView]) -> dict[str, WaiverView]:
    """The last waiver off the panel of each supplier."""
    return {one.supplier_id: one for one in found if one.kind == "off_panel" and one.supplier_id}


def competition(found: list[WaiverView]) -> WaiverView | None:
    """The last waiver of the minimum competition."""
    return next((one for one in reversed(found) if one.kind == "competition"), None)
