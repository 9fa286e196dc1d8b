"""Offers side by side, like for like: what is best, how far the others are, what is missing or deviates.

Rules, stated on the page:
- A quote counts unless its deviation was rejected or the offer is knocked out by a published criterion.
- Best is the lowest quote that counts and has no deviation, or one that was accepted.
- A line that an offer does not quote is estimated at the highest unit price that counts for it. A line that nobody
  quotes is left out of every total.
- Landed cost is the like-for-like total with the freight, duties and one-off costs that the offer states; what it does
  not state counts as nothing, and the page says so.
- An offer in another currency is converted at the rate that was published with the event, its day and source shown.
- An offer is compliant when it quotes every line that anybody quotes and none of its deviations is open or rejected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from srm_portal.offers.domain.answer import line_total, payment_deviates

State = Literal["ok", "best", "dev", "miss", "out"]
PAYMENT, VALIDITY = "payment", "validity"
_SHARE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line as the buyer asked for it; `baseline` is today's unit price."""

    id: str
    lot: int
    number: int
    title: str
    description: str
    quantity: Decimal
    unit: str
    baseline: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """One line of one offer; the price is None where it is not quoted, `total` where it was not worked out yet."""

    unit_price: Decimal | None
    lead_days: int | None = None
    deviation: str = ""
    comment: str = ""
    total: Decimal | None = None


@dataclass(frozen=True, slots=True)
class MadeIn:
    """Another currency than the event's, with the rate that was used, its day and where it comes from."""

    currency: str
    rate: Decimal
    on: date
    source: str


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """An opened offer; every amount in the event's currency. `costs`: what comes on top of the lines, by its name.

    `rulings`: line id, `payment` or `validity` -> accepted or rejected.

    `record`: how this supplier did before, 0 to 100 in the buyer's own books; it is shown, not counted.
    """

    id: str
    supplier_id: str
    name: str
    quotes: Mapping[str, Quote]
    payment_days: int | None = None
    validity_on: date | None = None
    country: str = ""
    knocked_out: tuple[str, ...] = ()
    rulings: Mapping[str, str] = field(default_factory=dict)
    record: int | None = None
    costs: Mapping[str, Decimal] = field(default_factory=dict)
    made_in: MadeIn | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The terms that were asked for."""

    currency: str
    payment_days: int | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Deviation:
    """`subject` is a line's id, `payment` or `validity`; `ruling` is empty while it is open."""

    subject: str
    text: str
    ruling: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """`share`: distance from the best, 0.12 for 12 % above. `note` is a code for the words below the value."""

    state: State
    value: Decimal | None
    share: Decimal | None = None
    note: str = ""
    deviation: Deviation | None = None


@dataclass(frozen=True, slots=True)
class Row:
    line: LineFacts
    cells: tuple[Cell, ...]
    best: Decimal | None
    differs: bool
    deviates: bool


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column, its like-for-like total and its terms."""

    offer: OfferFacts
    total: Decimal
    total_cell: Cell
    estimated: int
    deviations: tuple[Deviation, ...]
    lead_days: int | None
    lead_cell: Cell
    payment_cell: Cell
    validity_cell: Cell
    record_cell: Cell
    compliant: bool
    landed: Decimal
    landed_cell: Cell

    @property
    def open_deviations(self) -> int:
        return sum(1 for deviation in self.deviations if not deviation.ruling)


@dataclass(frozen=True, slots=True)
class Figures:
    """The strip above the matrix. Money in the event's currency."""

    lowest: Decimal | None = None
    lowest_name: str = ""
    lowest_compliant: bool = False
    baseline: Decimal | None = None
    against_baseline: Decimal | None = None
    against_share: Decimal | None = None
    spread: Decimal | None = None
    spread_share: Decimal | None = None
    deviations: int = 0
    price_deviations: int = 0
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rows by line, columns by offer (those shown); figures speak of all offers."""

    wanted: Wanted
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    figures: Figures
    unpriced: tuple[str, ...]
    everybody: tuple[OfferFacts, ...]

    @property
    def currency(self) -> str:
        return self.wanted.currency

    @property
    def has_costs(self) -> bool:
        """Whether any offer states costs on top, so that landed cost says something of its own."""
        return any(offer.costs for offer in self.everybody)


def deviations(offer: OfferFacts, wanted: Wanted) -> tuple[Deviation, ...]:
    """What of an offer is not as asked, with the ruling on each."""
    found = [
        Deviation(line_id, quote.deviation, offer.rulings.get(line_id, ""))
        for line_id, quote in offer.quotes.items()
        if quote.deviation and quote.unit_price is not None
    ]
    if payment_deviates(offer.payment_days, wanted.payment_days):
        found.append(Deviation(PAYMENT, "", offer.rulings.get(PAYMENT, "")))
    if validity_deviates(offer.validity_on, wanted.valid_until):
        found.append(Deviation(VALIDITY, "", offer.rulings.get(VALIDITY, "")))
    return tuple(found)


def validity_deviates(offered: date | None, wanted: date | None) -> bool:
    return offered is not None and wanted is not None and offered < wanted


def compare(
    lines: Sequence[LineFacts],
    offers: Sequence[OfferFacts],
    wanted: Wanted,
    shown: Sequence[str] | None = None,
    baseline: Decimal | None = None,
    at_most: int | None = None,
) -> Comparison:
    """The comparison of all offers with columns for those `shown` (ids, in this order; all by default).

    `at_most`: without `shown`, so many columns: who is still in first, then by like-for-like total.
    `baseline`: what the whole costs today, used when the lines themselves do not all say it.
    """
    marks = _marks(lines, offers)
    priced = [line for line in lines if marks[line.id].highest is not None]
    estimates = {line.id: line_total(marks[line.id].highest or Decimal(0), line.quantity) for line in priced}
    totals = {offer.id: _total(offer, priced, estimates) for offer in offers}
    odd = {offer.id: deviations(offer, wanted) for offer in offers}
    compliant = {
        offer.id: not offer.knocked_out
        and totals[offer.id][1] == 0
        and all(one.ruling == "accepted" for one in odd[offer.id])
        for offer in offers
    }
    by_id = {offer.id: offer for offer in offers}
    names = shown if shown is not None else _best_first(offers, totals, at_most)
    columns = [by_id[name] for name in names if name in by_id]
    best_total = min((totals[name][0] for name, good in compliant.items() if good), default=None)
    landed = {offer.id: totals[offer.id][0] + sum(offer.costs.values(), Decimal(0)) for offer in offers}
    best_landed = min((landed[name] for name, good in compliant.items() if good), default=None)
    best_lead = min(
        (lead for offer in offers if compliant[offer.id] and (lead := _lead(offer)) is not None), default=None
    )
    best_record = max((offer.record for offer in offers if offer.record is not None), default=None)
    made = tuple(
        Column(
            offer,
            totals[offer.id][0],
            _total_cell(offer, totals[offer.id][0], best_total, compliant[offer.id]),
            totals[offer.id][1],
            odd[offer.id],
            _lead(offer),
            _lead_cell(offer, best_lead, compliant[offer.id]),
            _term_cell(offer, PAYMENT, offer.payment_days is None, wanted.payment_days is not None, odd[offer.id]),
            _term_cell(offer, VALIDITY, offer.validity_on is None, wanted.valid_until is not None, odd[offer.id]),
            _record_cell(offer, best_record),
            compliant[offer.id],
            landed[offer.id],
            _total_cell(offer, landed[offer.id], best_landed, compliant[offer.id]),
        )
        for offer in columns
    )
    rows = tuple(_row(line, columns, marks[line.id]) for line in lines)
    unpriced = tuple(line.id for line in lines if marks[line.id].highest is None)
    figures = _figures(offers, priced, totals, compliant, odd, _baseline(priced, unpriced, baseline))
    return Comparison(wanted, rows, made, figures, unpriced, tuple(offers))


def _best_first(
    offers: Sequence[OfferFacts], totals: Mapping[str, tuple[Decimal, int]], at_most: int | None
) -> list[str]:
    """The ids of the offers to show; in the given order when all of them fit."""
    if at_most is None or len(offers) <= at_most:
        return [offer.id for offer in offers]
    order = sorted(offers, key=lambda offer: (bool(offer.knocked_out), totals[offer.id][0]))
    return [offer.id for offer in order[:at_most]]


@dataclass(frozen=True, slots=True)
class _Marks:
    """Of one line: the best quote, the lowest of all that count, the highest (the estimate)."""

    best: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None


def _marks(lines: Sequence[LineFacts], offers: Sequence[OfferFacts]) -> dict[str, _Marks]:
    """Line -> marks, in one pass over every quote that counts."""
    best: dict[str, Decimal] = {}
    lowest: dict[str, Decimal] = {}
    highest: dict[str, Decimal] = {}
    for offer in offers:
        if offer.knocked_out:
            continue
        for line_id, quote in offer.quotes.items():
            price, ruling = quote.unit_price, offer.rulings.get(line_id, "") if quote.deviation else "accepted"
            if price is None or ruling == "rejected":
                continue
            if line_id not in lowest or price < lowest[line_id]:
                lowest[line_id] = price
            if line_id not in highest or price > highest[line_id]:
                highest[line_id] = price
            if ruling == "accepted" and (line_id not in best or price < best[line_id]):
                best[line_id] = price
    return {line.id: _Marks(best.get(line.id), lowest.get(line.id), highest.get(line.id)) for line in lines}


def _total(offer: OfferFacts, priced: Sequence[LineFacts], estimates: Mapping[str, Decimal]) -> tuple[Decimal, int]:
    """The like-for-like total and how many lines of it are estimated."""
    total, estimated = Decimal(0), 0
    for line in priced:
        quote = offer.quotes.get(line.id)
        if quote is None or quote.unit_price is None or _left_out(offer, line.id, quote):
            total, estimated = total + estimates[line.id], estimated + 1
        else:
            total += line_total(quote.unit_price, line.quantity) if quote.total is None else quote.total
    return total, estimated


def _left_out(offer: OfferFacts, line_id: str, quote: Quote) -> bool:
    """Whether a quote counts no more, because its deviation was rejected. An excluded offer keeps its own figures."""
    return bool(quote.deviation) and not offer.knocked_out and offer.rulings.get(line_id) == "rejected"


def distance(value: Decimal, best: Decimal | None) -> Decimal | None:
    """How far above the best, as a share of it; None without a best or where it is zero."""
    if not best:
        return None
    return ((value - best) / best).quantize(_SHARE, rounding=ROUND_HALF_UP)


def _row(line: LineFacts, columns: Sequence[OfferFacts], marks: _Marks) -> Row:
    cells = tuple(_price_cell(line, offer, marks) for offer in columns)
    seen = {(cell.value, cell.state == "miss") for cell in cells}
    return Row(line, cells, marks.best, len(seen) > 1, any(cell.deviation for cell in cells))


def _price_cell(line: LineFacts, offer: OfferFacts, marks: _Marks) -> Cell:
    quote = offer.quotes.get(line.id)
    if quote is None or quote.unit_price is None:
        return Cell("miss", marks.highest, None, "estimate" if marks.highest is not None else "nobody")
    price, share = quote.unit_price, distance(quote.unit_price, marks.best)
    ruling = offer.rulings.get(line.id, "")
    odd = Deviation(line.id, quote.deviation, ruling) if quote.deviation else None
    if offer.knocked_out:
        return Cell("out", price, share, "", odd)
    if odd is not None and ruling == "rejected":
        return Cell("out", price, None, "rejected", odd)
    if odd is not None and ruling != "accepted":
        cheapest = price == marks.lowest and (marks.best is None or price < marks.best)
        return Cell("dev", price, share, "lowest_if_accepted" if cheapest else "", odd)
    if price == marks.best:
        return Cell("best", price, share, "", odd)
    return Cell("ok", price, share, "", odd)


def _total_cell(offer: OfferFacts, total: Decimal, best: Decimal | None, compliant: bool) -> Cell:
    if offer.knocked_out:
        return Cell("out", total, distance(total, best))
    return Cell("best" if compliant and total == best else "ok", total, distance(total, best))


def _lead(offer: OfferFacts) -> int | None:
    """The longest lead time of the quoted lines: when everything is there."""
    return max((quote.lead_days for quote in offer.quotes.values() if quote.lead_days is not None), default=None)


def _lead_cell(offer: OfferFacts, best: int | None, compliant: bool) -> Cell:
    lead = _lead(offer)
    if lead is None:
        return Cell("miss", None)
    if offer.knocked_out:
        return Cell("out", Decimal(lead))
    share = distance(Decimal(lead), None if best is None else Decimal(best))
    return Cell("best" if compliant and lead == best else "ok", Decimal(lead), share)


def _term_cell(offer: OfferFacts, subject: str, empty: bool, asked: bool, odd: Sequence[Deviation]) -> Cell:
    """Where a value was asked for: as asked, or a deviation. The page shows the value itself."""
    if empty:
        return Cell("miss", None)
    found = next((one for one in odd if one.subject == subject), None)
    if found is None:
        return Cell("out" if offer.knocked_out else "ok", None, None, "as_asked" if asked else "")
    if found.ruling == "accepted":
        return Cell("ok", None, None, "accepted", found)
    return Cell("out" if found.ruling == "rejected" else "dev", None, None, found.ruling or "deviates", found)


def _record_cell(offer: OfferFacts, best: int | None) -> Cell:
    if offer.record is None:
        return Cell("miss", None)
    return Cell("best" if offer.record == best and not offer.knocked_out else "ok", Decimal(offer.record))


def _baseline(priced: Sequence[LineFacts], unpriced: Sequence[str], given: Decimal | None) -> Decimal | None:
    """Today's cost of what is compared: from the lines, or the project's figure when every line is priced."""
    known = [(line.baseline, line.quantity) for line in priced]
    if known and all(price is not None for price, _quantity in known):
        return sum((line_total(price, quantity) for price, quantity in known if price is not None), Decimal(0))
    return given if known and not unpriced else None


def _figures(
    offers: Sequence[OfferFacts],
    priced: Sequence[LineFacts],
    totals: Mapping[str, tuple[Decimal, int]],
    compliant: Mapping[str, bool],
    odd: Mapping[str, Sequence[Deviation]],
    baseline: Decimal | None,
) -> Figures:
    inside = [offer for offer in offers if not offer.knocked_out]
    if not inside or not priced:
        return Figures()
    pool = [offer for offer in inside if compliant[offer.id]] or inside
    lowest = min(pool, key=lambda offer: totals[offer.id][0])
    total = totals[lowest.id][0]
    every = [totals[offer.id][0] for offer in inside]
    still = [one for offer in inside for one in odd[offer.id] if not one.ruling]
    return Figures(
        lowest=total,
        lowest_name=lowest.name,
        lowest_compliant=compliant[lowest.id],
        baseline=baseline,
        against_baseline=None if baseline is None else total - baseline,
        against_share=distance(total, baseline) if baseline is not None else None,
        spread=max(every) - min(every),
        spread_share=distance(max(every), min(every)),
        deviations=len(still),
        price_deviations=sum(1 for one in still if one.subject not in (PAYMENT, VALIDITY)),
        valid_until=min((offer.validity_on for offer in inside if offer.validity_on is not None), default=None),
    )
