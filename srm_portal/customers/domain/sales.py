"""What order lines say of customers: value, regularity, recency, range of products, potential. Whole numbers, numpy.

Amounts are whole millionths of the currency (the way they are kept), so that no sum is rounded; only coefficients and
shares are floats. Customers, products and orders are given as numbers from 0; days as proleptic ordinals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
X_UNTIL, Y_UNTIL = 0.5, 1.0
PERIODS_MIN = 6
QUINTILES_FROM = 25
PEERS_MIN, PENETRATION_MIN = 3, 0.25
RFM_NAMES = ("champions", "loyal", "new", "at_risk", "hibernating", "middle", "never")


@dataclass(frozen=True, slots=True)
class Lines:
    """Order lines as columns of one length. `net` may be negative (credit notes)."""

    customer: Ints
    product: Ints
    order: Ints
    day: Ints
    net: Ints
    customers: int
    products: int


@dataclass(frozen=True, slots=True)
class Rfm:
    """Scores 1..5 (0: never ordered) by customer, and the index of their name in RFM_NAMES."""

    recency_days: Ints
    orders: Ints
    recency: Ints
    frequency: Ints
    monetary: Ints
    name: Ints


def sums(keys: Ints, values: Ints, length: int) -> Ints:
    """Exact sum of the values of each key."""
    found = np.zeros(length, dtype=np.int64)
    if len(keys):
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        found[ordered[starts]] = np.add.reduceat(values[order], starts)
    return found


def _distinct(values: Ints) -> Ints:
    """Each value once, sorted; sorting a million numbers is faster than hashing them."""
    ordered = np.sort(values)
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]]] if len(ordered) else ordered


def totals(lines: Lines) -> Ints:
    """Net value by customer."""
    return sums(lines.customer, lines.net, lines.customers)


def by_period(lines: Lines, starts: Ints) -> Ints:
    """Net value, customers x periods; `starts` are the first days of the periods, lines before the first are left out."""
    period = np.searchsorted(starts, lines.day, side="right") - 1
    kept = period >= 0
    keys = lines.customer[kept] * len(starts) + period[kept]
    return sums(keys, lines.net[kept], lines.customers * len(starts)).reshape(lines.customers, len(starts))


def variation(values: Ints) -> Floats:
    """Coefficient of variation of each row: population standard deviation / mean, periods without orders counted as 0.

    NaN where it says nothing: fewer than six periods, or a mean that is not positive.
    """
    rows = values.astype(np.float64)
    mean = rows.mean(axis=1) if rows.shape[1] else np.zeros(len(rows))
    told = (mean > 0) & (rows.shape[1] >= PERIODS_MIN)
    deviation = rows.std(axis=1) if rows.shape[1] else mean
    return np.where(told, deviation / np.where(told, mean, 1.0), np.nan)


def xyz(coefficients: Floats) -> list[str]:
    """X up to 0.5, Y up to 1.0, else Z; "" where the coefficient says nothing."""
    grades = np.select([np.isnan(coefficients), coefficients <= X_UNTIL, coefficients <= Y_UNTIL], ["", "X", "Y"], "Z")
    return [str(one) for one in grades]


def _scores(values: Ints, told: npt.NDArray[np.bool_], *, inverted: bool = False) -> Ints:
    """1 + floor(k * (rank - 1) / n), equal values the same lowest rank; k is 5, or 3 (scored 1, 3, 5) below 25 customers."""
    found = np.zeros(len(values), dtype=np.int64)
    known = -values[told] if inverted else values[told]
    number = len(known)
    if number:
        rank = np.searchsorted(np.sort(known), known, side="left")
        steps = 5 if number >= QUINTILES_FROM else 3
        score = steps * rank // number
        found[told] = 1 + (score if steps == 5 else 2 * score)
    return found


def rfm(lines: Lines, today: int) -> Rfm:
    """Days since the last order, number of orders and net value, each scored by rank among those who ordered."""
    last = np.zeros(lines.customers, dtype=np.int64)
    np.maximum.at(last, lines.customer, lines.day)
    told = last > 0
    recency_days = np.where(told, today - last, -1)
    width = int(lines.order.max()) + 1 if len(lines.order) else 1
    pairs = _distinct(lines.customer * width + lines.order)
    orders = np.bincount(pairs // width, minlength=lines.customers).astype(np.int64)
    recency = _scores(recency_days, told, inverted=True)
    frequency, monetary = _scores(orders, told), _scores(totals(lines), told)
    return Rfm(recency_days, orders, recency, frequency, monetary, _named(recency, frequency, monetary))


def _named(recency: Ints, frequency: Ints, monetary: Ints) -> Ints:
    worth = frequency + monetary
    tests = [
        recency == 0,
        (recency == 5) & (worth >= 9),
        (recency >= 4) & (worth >= 7),
        (recency == 5) & (frequency <= 2),
        (recency <= 2) & (worth >= 8),
        (recency <= 2) & (worth <= 4),
    ]
    names = ("never", "champions", "loyal", "new", "at_risk", "hibernating")
    return np.select(tests, [RFM_NAMES.index(one) for one in names], RFM_NAMES.index("middle")).astype(np.int64)


def bought(lines: Lines) -> tuple[Ints, Ints, Ints]:
    """(customer, product, net) of every pair with a positive net value."""
    keys = lines.customer * lines.products + lines.product
    found, inverse = np.unique(keys, return_inverse=True)
    net = sums(inverse.astype(np.int64), lines.net, len(found))
    kept = net > 0
    return found[kept] // lines.products, found[kept] % lines.products, net[kept]


def breadth(pairs: tuple[Ints, Ints, Ints], customers: int) -> Ints:
    """Number of different products by customer."""
    return np.bincount(pairs[0], minlength=customers).astype(np.int64)


def potentials(pairs: tuple[Ints, Ints, Ints], segment: Ints, segments: int, products: int) -> Ints:
    """segments x products: what a customer of the segment who does not buy the product might buy.

    Share of the segment's customers who buy it x the median of what those spend on it; nothing where fewer than three
    buy it or fewer than a quarter of them.
    """
    found = np.zeros((segments, products), dtype=np.int64)
    if not len(pairs[0]):
        return found
    members = np.bincount(segment, minlength=segments)
    keys = segment[pairs[0]] * products + pairs[1]
    order = np.lexsort((pairs[2], keys))
    ordered, net = keys[order], pairs[2][order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    for start, end in zip(starts, np.r_[starts[1:], len(ordered)], strict=True):
        one, product = divmod(int(ordered[start]), products)
        buyers = int(end - start)
        if buyers >= PEERS_MIN and buyers >= PENETRATION_MIN * members[one]:
            median = int(net[start + (buyers - 1) // 2])
            found[one, product] = median * buyers // int(members[one])
    return found


def potential(pairs: tuple[Ints, Ints, Ints], segment: Ints, possible: Ints) -> Ints:
    """By customer: the potential of all products that their segment buys and they do not."""
    whole = possible.sum(axis=1)[segment]
    taken: Ints = sums(pairs[0], possible[segment[pairs[0]], pairs[1]], len(segment))
    left: Ints = whole - taken
    return left


@dataclass(frozen=True, slots=True)
class Kept:
    """Of the customers who ordered in one period, how many ordered in the next one again."""

    period: int
    before: int
    again: int
    new: int


def retention(values: npt.NDArray[np.bool_]) -> list[Kept]:
    """Customers x periods, whether they ordered: for each period but the first."""
    return [
        Kept(
            at,
            int(values[:, at - 1].sum()),
            int((values[:, at - 1] & values[:, at]).sum()),
            int((values[:, at] & ~values[:, :at].any(axis=1)).sum()),
        )
        for at in range(1, values.shape[1])
    ]


def ordered_in(lines: Lines, starts: Ints) -> npt.NDArray[np.bool_]:
    """Customers x periods: whether there was an order line, credit notes apart."""
    found = np.zeros((lines.customers, len(starts)), dtype=np.bool_)
    period = np.searchsorted(starts, lines.day, side="right") - 1
    kept = (period >= 0) & (lines.net > 0)
    found[lines.customer[kept], period[kept]] = True
    return found
