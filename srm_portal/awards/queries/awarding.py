"""What stands to be awarded, and what was awarded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select

from srm_portal.auctions import queries as auctions
from srm_portal.awards.models import Award, AwardLine
from srm_portal.infra.db import db
from srm_portal.infra.once import once
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.negotiations import queries as negotiations
from srm_portal.offers import queries as offers
from srm_portal.sourcing import queries as sourcing
from srm_portal.suppliers import queries as suppliers


@dataclass(frozen=True, slots=True)
class Option:
    """One supplier's standing amount for one lot, and where it comes from: offer, auction or negotiation."""

    lot_id: str
    supplier_id: str
    supplier_name: str
    amount: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class AwardLineView:
    lot_id: str
    supplier_id: str
    supplier_name: str
    amount: Decimal
    source: str
    share: Decimal = Decimal(1)
    package: str = ""


@dataclass(frozen=True, slots=True)
class AwardView:
    id: str
    project_id: str
    reference: str
    state: str
    basis: str
    currency: str
    value: Decimal
    baseline: Decimal | None
    justification: str
    standstill_until: datetime | None
    sha256: str
    proposed_by: str
    proposed_by_name: str
    proposed_at: datetime | None
    decided_by_name: str
    decided_at: datetime | None
    decision_reason: str
    version: int
    lines: tuple[AwardLineView, ...]
    standstill_days: int = 10
    scenario_id: str | None = None
    promise: dict[str, Any] = field(default_factory=dict)
    telling: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    drafts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def savings(self) -> Decimal | None:
        """Against the baseline, in money; None without one."""
        return None if self.baseline is None else self.baseline - self.value

    @property
    def suppliers(self) -> dict[str, str]:
        return {line.supplier_id: line.supplier_name for line in self.lines}


@dataclass(frozen=True, slots=True)
class WaitingAward:
    """What a list of work to do shows of a proposed award."""

    id: str
    project_id: str
    reference: str
    proposed_by_name: str
    proposed_at: datetime | None
    value: Decimal
    currency: str


def _from_offers(project_id: str) -> tuple[dict[tuple[str, str], tuple[Decimal, str]], dict[str, str]]:
    """The complete lots of the opened offers, and the suppliers' names as the offers have them."""
    lot_of = {line.id: line.lot_id for line in sourcing.lines(project_id)}
    wanted: dict[str, set[str]] = defaultdict(set)
    for line_id, lot_id in lot_of.items():
        wanted[lot_id].add(line_id)
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    quoted: dict[tuple[str, str], set[str]] = defaultdict(set)
    names = {}
    for supplier_id, name, line_id, total in offers.line_totals(sourcing.main_event_id(project_id).scalar_subquery()):
        names[supplier_id] = name
        if total is not None and line_id in lot_of:
            key = (lot_of[line_id], supplier_id)
            sums[key] += total
            quoted[key].add(line_id)
    complete = {key: (total, "offer") for key, total in sums.items() if quoted[key] == wanted[key[0]]}
    return complete, names


@once
def options(project_id: str) -> list[Option]:
    """Every supplier's standing amount for each lot: the complete offer, improved by auctions and talks.

    A lot that an offer quotes only in part is no option. Cheapest first within a lot.
    """
    found, names = _from_offers(project_id)
    for result in auctions.results(project_id):
        for supplier_id, amount in result.ranking:
            found[(result.lot_id, supplier_id)] = (amount, "auction")
    for talk in negotiations.results(project_id):
        for lot_id, amount in talk.amounts.items():
            found[(lot_id, talk.supplier_id)] = (amount, "negotiation")
    unnamed = sorted({supplier_id for _lot, supplier_id in found} - names.keys())
    names |= {one: card.name for one, card in suppliers.suppliers(unnamed).items()}
    lots = {lot.id: lot.number for lot in sourcing.lots(project_id)}
    listed = [
        Option(lot_id, supplier_id, names[supplier_id], amount, source)
        for (lot_id, supplier_id), (amount, source) in found.items()
        if lot_id in lots
    ]
    return sorted(listed, key=lambda o: (lots[o.lot_id], o.amount, o.supplier_name))


def _read(query: Select[tuple[Award]]) -> list[AwardView]:
    """Awards with their lines, in one read, in the query's order."""
    wanted = query.subquery()
    joined = select(Award, AwardLine).outerjoin(AwardLine, AwardLine.award_id == Award.id)
    rows: dict[str, Award] = {}
    lines: dict[str, list[AwardLine]] = defaultdict(list)
    for row, line in db.session.execute(joined.where(Award.id.in_(select(wanted.c.id))).order_by(AwardLine.id)):
        rows[row.id] = row
        if line is not None:
            lines[row.id].append(line)
    return _views(list(rows.values()), lines)


def _views(rows: list[Award], lines: dict[str, list[AwardLine]]) -> list[AwardView]:
    cards = suppliers.suppliers(sorted({line.supplier_id for held in lines.values() for line in held}))
    return [
        AwardView(
            row.id,
            row.project_id,
            row.reference,
            row.state,
            row.basis,
            row.currency,
            row.value,
            row.baseline,
            row.justification,
            row.standstill_until,
            row.sha256,
            row.proposed_by,
            row.proposed_by_name,
            row.proposed_at,
            row.decided_by_name,
            row.decided_at,
            row.decision_reason,
            row.version,
            tuple(
                AwardLineView(
                    one.lot_id,
                    one.supplier_id,
                    cards[one.supplier_id].name,
                    one.amount,
                    one.source,
                    one.share,
                    one.package,
                )
                for one in lines[row.id]
            ),
            row.standstill_days,
            row.scenario_id,
            row.promise,
            row.telling,
            row.reasons,
            row.drafts,
        )
        for row in rows
    ]


@once
def award(project_id: str) -> AwardView | None:
    """The project's newest award that was not replaced."""
    query = select(Award).where(Award.project_id == project_id).order_by(Award.created_at.desc()).limit(1)
    found = _read(query)
    return found[0] if found else None


def state(project_id: str) -> Select[tuple[str]]:
    """The state of the project's newest award, for the step bar."""
    return select(Award.state).where(Award.project_id == project_id).order_by(Award.created_at.desc()).limit(1)


@once
def award_by_id(award_id: str) -> AwardView:
    found = _read(select(Award).where(Award.id == award_id))
    if not found:
        raise NotFound
    return found[0]


def standstill_until(award_id: str) -> datetime | None:
    """When the standstill of an approved award is over; None for an award that is not approved or has none."""
    query = select(Award.standstill_until).where(Award.id == award_id, Award.state == "approved")
    return db.session.scalar(query.where(Award.standstill_days > 0))


def award_for(actor: Actor, award_id: str) -> AwardView:
    query = select(Award).where(Award.id == award_id, Award.organisation_id == actor.organisation_id)
    found = _read(query) if actor.is_staff else []
    if not found:
        raise NotFound
    return found[0]


def of_supplier(organisation_id: str, supplier_id: str, limit: int = 20) -> list[AwardView]:
    """Decided awards in which this supplier won something, newest first."""
    query = (
        select(Award)
        .where(
            Award.organisation_id == organisation_id,
            Award.state == "approved",
            Award.id.in_(select(AwardLine.award_id).where(AwardLine.supplier_id == supplier_id)),
        )
        .order_by(Award.created_at.desc())
        .limit(limit)
    )
    return sorted(_read(query), key=lambda one: str(one.decided_at), reverse=True)


def saved_since(actor: Actor, since: datetime) -> list[Select[Any]]:
    """Awarded value and baseline of what was decided since then, where a baseline is known: two queries of one sum."""
    decided = (
        Award.organisation_id == actor.organisation_id,
        Award.state == "approved",
        Award.decided_at >= since,
        Award.baseline.is_not(None),
    )
    return [select(func.sum(Award.value)).where(*decided), select(func.sum(Award.baseline)).where(*decided)]


def of_projects(project_ids: Iterable[str]) -> list[AwardView]:
    """The awards of several projects, newest first; the caller has authorised the actor for them."""
    wanted = list(project_ids)
    found = _read(select(Award).where(Award.project_id.in_(wanted))) if wanted else []
    return sorted(found, key=lambda one: (str(one.proposed_at or ""), one.id), reverse=True)


def _waiting(actor: Actor) -> Select[tuple[Award]]:
    return select(Award).where(
        Award.organisation_id == actor.organisation_id,
        Award.state == "proposed",
        Award.proposed_by != actor.user_id,
        Award.value <= Decimal(actor.limit or 0),
    )


def waiting(actor: Actor) -> list[WaitingAward]:
    """Awards that wait for this manager: proposed by somebody else, within their limit."""
    if actor.limit is None or not actor.may("award:decide"):
        return []
    return [
        WaitingAward(
            row.id, row.project_id, row.reference, row.proposed_by_name, row.proposed_at, row.value, row.currency
        )
        for row in db.session.scalars(_waiting(actor).order_by(Award.proposed_at))
    ]


def waiting_count(actor: Actor) -> Select[tuple[int]]:
    """How many awards wait, for the top bar."""
    return select(func.count()).select_from(_waiting(actor).subquery())
