"""The analysis of a page: order lines read as columns once, everything else counted from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy import String, cast, func, select, type_coerce

from srm_portal.customers.domain import sales
from srm_portal.customers.domain.abc import AbcRow, classify
from srm_portal.customers.domain.funnel import Course, Funnel, Promoters, funnel, promoters
from srm_portal.customers.domain.sales import Ints, Kept, Lines, Rfm
from srm_portal.customers.models import Customer, Opportunity, OpportunityMove, SalesOrder, Satisfaction
from srm_portal.customers.queries.records import customers
from srm_portal.customers.queries.views import CustomerCard
from srm_portal.infra.db import MONEY_SCALE, db
from srm_portal.kernel.permissions import Actor


@dataclass(frozen=True, slots=True)
class CustomerFigures:
    """One row of the analysis; `potential` is what their segment's habits would add."""

    customer: CustomerCard
    abc: AbcRow
    xyz: str
    variation: float | None
    recency_days: int
    orders: int
    scores: str
    group: str
    products: int
    potential: Decimal


@dataclass(frozen=True, slots=True)
class SegmentFigures:
    segment: str
    customers: int
    net: Decimal
    share: Decimal
    potential: Decimal
    satisfaction: Promoters


def _money(value: Any) -> Decimal:
    return Decimal(int(value)).scaleb(-MONEY_SCALE).quantize(Decimal("0.01"))


SEPARATOR = "\x1f"
"""Between the values of a column that comes as one text: the control character US, which names hardly ever have."""


def _numbered(values: Sequence[Any]) -> tuple[Ints, list[Any]]:
    """The values as numbers from 0 in the order of their first appearance, and what the numbers stand for."""
    names = list(dict.fromkeys(values))
    number = {one: at for at, one in enumerate(names)}
    return np.fromiter(map(number.__getitem__, values), np.int64, len(values)), names


def read_lines(organisation_id: str, currency: str, since: date) -> tuple[Lines, list[str], list[str]]:
    """Order lines since a day in one currency as columns, with the customers' ids and the products' names.

    Each column comes as one text: a row of its own for each of a million lines would take longer than all the counting.
    """
    table = SalesOrder.__table__
    columns = (table.c.customer_id, table.c.product, table.c.number, table.c.ordered_on, table.c.net)
    whole = (func.aggregate_strings(cast(type_coerce(one, String), String), SEPARATOR) for one in columns)
    mine = (
        func.coalesce(table.c.organisation_id, "") == organisation_id
    )  # through the whole table: most of it is wanted
    query = select(func.count(), *whole).where(mine, table.c.currency == currency, table.c.ordered_on >= since)
    length, *texts = db.session.execute(query).one()
    read = [(text or "").split(SEPARATOR) if length else [] for text in texts]
    if any(len(one) != length for one in read):
        rows = db.session.execute(query.with_only_columns(*(cast(type_coerce(one, String), String) for one in columns)))
        read = [list(one) for one in zip(*rows, strict=True)]
    (who, ids), (products, names), (orders, _numbers), (on, days) = map(_numbered, read[:4])
    ordinals = np.array([date.fromisoformat(one).toordinal() for one in days], dtype=np.int64)
    net = np.fromstring(",".join(read[4]), dtype=np.int64, sep=",")
    lines = Lines(who, products, orders, ordinals[on] if length else on, net, len(ids), len(names))
    return lines, ids, names


def month_starts(since: date, today: date) -> list[date]:
    """First days of the whole months from `since` on that are over."""
    start = date(since.year, since.month, 1) if since.day == 1 else _next_month(since)
    found = []
    while _next_month(start) <= today:
        found.append(start)
        start = _next_month(start)
    return found


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


class Analysis:
    """Everything the page shows of orders since a day in one currency; each part is counted when it is asked for."""

    def __init__(self, actor: Actor, currency: str, since: date, today: date) -> None:
        self.currency, self.since, self.today = currency, since, today
        self.lines, self._ids, self.product_names = read_lines(actor.organisation_id, currency, since)
        mine = select(Customer.id, Customer.segment).where(Customer.organisation_id == actor.organisation_id)
        self._segment_of: dict[str, str] = {row.id: row.segment for row in db.session.execute(mine)}

    @cached_property
    def totals(self) -> Ints:
        return sales.totals(self.lines)

    @cached_property
    def abc(self) -> list[AbcRow]:
        return classify({one: _money(value) for one, value in zip(self._ids, self.totals, strict=True)})

    @cached_property
    def months(self) -> list[date]:
        return month_starts(self.since, self.today)

    @cached_property
    def variation(self) -> sales.Floats:
        if not self.months:
            return np.full(len(self._ids), np.nan)
        starts = np.array([one.toordinal() for one in [*self.months, _next_month(self.months[-1])]])
        return sales.variation(sales.by_period(self.lines, starts)[:, :-1])

    @cached_property
    def rfm(self) -> Rfm:
        return sales.rfm(self.lines, self.today.toordinal())

    @cached_property
    def _pairs(self) -> tuple[Ints, Ints, Ints]:
        return sales.bought(self.lines)

    @cached_property
    def _segments(self) -> tuple[list[str], Ints]:
        column, names = _numbered([self._segment_of[one] for one in self._ids])
        return names, column

    @cached_property
    def _possible(self) -> Ints:
        names, column = self._segments
        return sales.potentials(self._pairs, column, max(1, len(names)), max(1, self.lines.products))

    @cached_property
    def potential(self) -> Ints:
        return sales.potential(self._pairs, self._segments[1], self._possible)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {one: at for at, one in enumerate(self._ids)}

    def rows(self, limit: int) -> list[CustomerFigures]:
        """The customers of most value, each with all its figures."""
        return self._figures(self.abc[:limit])

    def _figures(self, wanted: Sequence[AbcRow]) -> list[CustomerFigures]:
        cards = customers(row.key for row in wanted)
        grades, breadth, scored = sales.xyz(self.variation), sales.breadth(self._pairs, len(self._ids)), self.rfm
        found = []
        for row in wanted:
            at = self._place[row.key]
            spread = float(self.variation[at])
            found.append(
                CustomerFigures(
                    cards[row.key],
                    row,
                    grades[at],
                    None if np.isnan(spread) else spread,
                    int(scored.recency_days[at]),
                    int(scored.orders[at]),
                    f"{scored.recency[at]}{scored.frequency[at]}{scored.monetary[at]}",
                    sales.RFM_NAMES[int(scored.name[at])],
                    int(breadth[at]),
                    _money(self.potential[at]),
                )
            )
        return found

    def figures_of(self, customer_id: str) -> CustomerFigures | None:
        return next(iter(self._figures([row for row in self.abc if row.key == customer_id])), None)

    def matrix(self) -> dict[tuple[str, str], int]:
        """Number of customers by ABC and XYZ class ("" where regularity cannot be told)."""
        grades = dict(zip(self._ids, sales.xyz(self.variation), strict=True))
        return dict(Counter((row.grade, grades[row.key]) for row in self.abc))

    def groups(self) -> dict[str, tuple[int, Decimal]]:
        """RFM group -> (customers, net value)."""
        number = np.bincount(self.rfm.name, minlength=len(sales.RFM_NAMES))
        net = sales.sums(self.rfm.name, self.totals, len(sales.RFM_NAMES))
        return {one: (int(number[at]), _money(net[at])) for at, one in enumerate(sales.RFM_NAMES) if number[at]}

    def kept(self, quarters: list[date]) -> list[Kept]:
        """Customers of each quarter who ordered in the next again; `quarters` are their first days."""
        starts = np.array([one.toordinal() for one in quarters], dtype=np.int64)
        return sales.retention(sales.ordered_in(self.lines, starts)) if len(quarters) > 1 else []

    def segments(self, satisfaction: dict[str, list[int]]) -> list[SegmentFigures]:
        names, column = self._segments
        size = max(1, len(names))
        net, possible = sales.sums(column, self.totals, size), sales.sums(column, self.potential, size)
        members, whole = np.bincount(column, minlength=size), int(self.totals.sum()) or 1
        rows = [
            SegmentFigures(
                name,
                int(members[at]),
                _money(net[at]),
                (Decimal(int(net[at])) / whole).quantize(Decimal("0.0001")),
                _money(possible[at]),
                promoters(satisfaction.get(name, [])),
            )
            for at, name in enumerate(names)
        ]
        return sorted(rows, key=lambda row: -row.net)

    def missing_products(self, customer_id: str, limit: int = 5) -> list[tuple[str, Decimal]]:
        """Products that the customer's segment buys and they do not, by potential."""
        at = self._place.get(customer_id)
        if at is None:
            return []
        own = set(self._pairs[1][self._pairs[0] == at].tolist())
        row = self._possible[self._segments[1][at]]
        best = [int(one) for one in np.argsort(-row, kind="stable") if row[one] > 0 and int(one) not in own]
        return [(self.product_names[one], _money(row[one])) for one in best[:limit]]


def sales_funnel(actor: Actor, since: datetime) -> Funnel:
    """Opportunities created since a moment, from lead to order."""
    query = select(Opportunity.id, Opportunity.stage).where(
        Opportunity.organisation_id == actor.organisation_id, Opportunity.created_at >= since
    )
    stages = {one: stage for one, stage in db.session.execute(query)}  # noqa: C416
    moves: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
    steps = select(OpportunityMove.opportunity_id, OpportunityMove.stage, OpportunityMove.at).where(
        OpportunityMove.organisation_id == actor.organisation_id
    )
    for one, stage, at in db.session.execute(steps.order_by(OpportunityMove.at, OpportunityMove.id)):
        if one in stages:
            moves[one].append((stage, at))
    return funnel([Course(stage, tuple(moves[one])) for one, stage in stages.items()])


def satisfaction_by_segment(actor: Actor, since: date) -> dict[str, list[int]]:
    """Scores given since a day, by the customer's segment."""
    query = (
        select(Customer.segment, Satisfaction.score)
        .join(Customer, Customer.id == Satisfaction.customer_id)
        .where(Satisfaction.organisation_id == actor.organisation_id, Satisfaction.said_on >= since)
    )
    found: dict[str, list[int]] = defaultdict(list)
    for segment, score in db.session.execute(query):
        found[segment].append(score)
    return dict(found)
