"""Negotiations as the buyer sees them, and as the supplier may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from srm_portal.evaluation import queries as evaluation
from srm_portal.infra.db import db
from srm_portal.infra.once import keep, once
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.negotiations.domain import Move, last_by_supplier
from srm_portal.negotiations.models import Negotiation, NegotiationMove
from srm_portal.offers import queries as offers
from srm_portal.sourcing import queries as sourcing
from srm_portal.suppliers import queries as suppliers


@dataclass(frozen=True, slots=True)
class MoveView:
    """`about` is the lot or the point it speaks of."""

    number: int
    lot_id: str | None
    point_id: str | None
    side: str
    amount: Decimal
    note: str
    at: datetime
    by_name: str

    @property
    def about(self) -> str:
        return self.lot_id or self.point_id or ""


@dataclass(frozen=True, slots=True)
class PointView:
    """`target` and `walk_away` are None for the supplier, always."""

    id: str
    number: int
    title: str
    kind: str
    target: Decimal | None
    walk_away: Decimal | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What one offer would do: the supplier's total with it, and score and rank by the published criteria."""

    total: Decimal | None
    score: Decimal | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class NegotiationView:
    id: str
    project_id: str
    supplier_id: str
    supplier_name: str
    title: str
    state: str
    held_at: datetime
    place: str
    participants: str
    agenda: str
    target: Decimal | None
    walk_away: Decimal | None
    points: tuple[PointView, ...]
    answer: str
    answer_note: str
    answered_by: str
    minutes: str
    minutes_by: str
    minutes_sha256: str
    confirmed_at: datetime | None
    confirmed_by: str
    version: int


@dataclass(frozen=True, slots=True)
class NegotiationResult:
    """What stands at the end of one talk: the supplier's last amount for each lot."""

    negotiation_id: str
    supplier_id: str
    amounts: dict[str, Decimal]
    confirmed: bool


def _view(row: Negotiation, supplier_name: str, *, own_side: bool) -> NegotiationView:
    return NegotiationView(
        row.id,
        row.project_id,
        row.supplier_id,
        supplier_name,
        row.title,
        row.state,
        row.held_at,
        row.place,
        row.participants,
        row.agenda,
        row.target if own_side else None,
        row.walk_away if own_side else None,
        _points(row, own_side=own_side),
        row.answer,
        row.answer_note,
        row.answered_by,
        row.minutes,
        row.minutes_by,
        row.minutes_sha256,
        row.confirmed_at,
        row.confirmed_by,
        row.version,
    )


def _name(supplier_id: str) -> str:
    card = suppliers.suppliers([supplier_id]).get(supplier_id)
    return card.name if card else ""


def negotiation_for(actor: Actor, negotiation_id: str) -> NegotiationView:
    """The buyer's view with its private goals, or the supplier's without them."""
    query = select(Negotiation, NegotiationMove).outerjoin(
        NegotiationMove, NegotiationMove.negotiation_id == Negotiation.id
    )
    query = query.where(Negotiation.id == negotiation_id, Negotiation.organisation_id == actor.organisation_id)
    found = db.session.execute(query.order_by(NegotiationMove.number)).all()
    if not found:
        raise NotFound
    row = found[0][0]
    keep(moves, [_move(one) for _row, one in found if one is not None], negotiation_id)
    if actor.supplier_id is not None:
        if row.supplier_id != actor.supplier_id:
            raise NotFound
        return _view(row, actor.name, own_side=False)
    sourcing.project_for(actor, row.project_id)
    return _view(row, _name(row.supplier_id), own_side=True)


def negotiations(project_id: str) -> list[NegotiationView]:
    """All talks of a project. The caller has authorised the actor."""
    query = select(Negotiation).where(Negotiation.project_id == project_id).order_by(Negotiation.held_at)
    rows = list(db.session.scalars(query))
    cards = suppliers.suppliers([row.supplier_id for row in rows])
    return [_view(row, cards[row.supplier_id].name, own_side=True) for row in rows]


def of_supplier(actor: Actor, project_id: str) -> list[NegotiationView]:
    query = select(Negotiation).where(
        Negotiation.project_id == project_id,
        Negotiation.supplier_id == actor.supplier_id,
        Negotiation.organisation_id == actor.organisation_id,
    )
    return [_view(row, actor.name, own_side=False) for row in db.session.scalars(query.order_by(Negotiation.held_at))]


@once
def moves(negotiation_id: str) -> list[MoveView]:
    query = select(NegotiationMove).where(NegotiationMove.negotiation_id == negotiation_id)
    return [_move(row) for row in db.session.scalars(query.order_by(NegotiationMove.number))]


def _move(row: NegotiationMove) -> MoveView:
    return MoveView(row.number, row.lot_id, row.point_id, row.side, row.amount, row.note, row.at, row.by_name)


def _points(row: Negotiation, *, own_side: bool) -> tuple[PointView, ...]:
    def goal(point: dict[str, str], name: str) -> Decimal | None:
        return Decimal(point[name]) if own_side and point[name] else None

    return tuple(
        PointView(one["id"], number, one["title"], one["kind"], goal(one, "target"), goal(one, "walk_away"))
        for number, one in enumerate(row.points, start=1)
    )


def effects(view: NegotiationView, ledger: list[MoveView]) -> dict[int, Effect]:
    """Move number -> what it would do to cost and score, together with all that the same side said before.

    Costs start from the opened offer, lot by lot; scores from the newest kept ranking. The newest thirty moves are
    computed.
    """
    if not ledger:
        return {}
    lot_of = {line.id: line.lot_id for line in sourcing.lines(view.project_id)}
    base: dict[str, Decimal] = {}
    main = sourcing.main_event_id(view.project_id).scalar_subquery()
    for supplier_id, _name, line_id, total in offers.line_totals(main):
        if supplier_id == view.supplier_id and total is not None and line_id in lot_of:
            base[lot_of[line_id]] = base.get(lot_of[line_id], Decimal(0)) + total
    days = {one.id for one in view.points if one.kind == "lead_days"}
    said: dict[str, tuple[dict[str, Decimal], int | None]] = {}
    found: dict[int, Effect] = {}
    for move in ledger:
        lots, lead = said.get(move.side, (dict(base), None))
        if move.lot_id is not None:
            lots = lots | {move.lot_id: move.amount}
        elif move.point_id in days:
            lead = int(move.amount)
        said[move.side] = (lots, lead)
        if move.number > len(ledger) - 30:
            total = sum(lots.values(), Decimal(0))
            stands = evaluation.standing_if(view.project_id, view.supplier_id, total=total, lead_days=lead)
            found[move.number] = Effect(total, stands.score if stands else None, stands.rank if stands else None)
    return found


def results(project_id: str) -> list[NegotiationResult]:
    """The last amounts of every talk that was held."""
    query = (
        select(Negotiation, NegotiationMove)
        .outerjoin(NegotiationMove, NegotiationMove.negotiation_id == Negotiation.id)
        .where(Negotiation.project_id == project_id, Negotiation.state.in_(("held", "minuted", "confirmed")))
        .order_by(Negotiation.held_at, Negotiation.id, NegotiationMove.number)
    )
    talks: dict[str, Negotiation] = {}
    ledgers: dict[str, list[Move]] = {}
    for row, move in db.session.execute(query):
        talks[row.id] = row
        ledger = ledgers.setdefault(row.id, [])
        if move is not None and move.lot_id is not None:
            ledger.append(Move(move.lot_id, move.side, move.amount, move.at))
    return [
        NegotiationResult(row.id, row.supplier_id, last_by_supplier(ledgers[row.id]), row.state == "confirmed")
        for row in talks.values()
    ]
