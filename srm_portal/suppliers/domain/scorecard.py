"""From facts to marks: deliveries, surveys and what other rooms saw, each as a measure that says what it is made of.

Sources: OTIF and PPM as commonly used in purchasing (window against the committed day, open overdue lines count as
late); the curve from PPM to points is ours: full marks at 0, none at 50,000, logarithmic between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import log, sqrt

from srm_portal.suppliers.domain.performance import DIMENSIONS, half_up

EARLY_DAYS = 2
LATE_DAYS = 0
SHORT_SHARE = Decimal("0.05")
PPM_TARGET = 500
PPM_ZERO = 50_000
LOW_VOLUME = 5


@dataclass(frozen=True, slots=True)
class DeliveryFact:
    """One order line; `delivered_on` None while nothing came."""

    due_on: date
    delivered_on: date | None
    ordered: Decimal
    received: Decimal
    rejected: Decimal


@dataclass(frozen=True, slots=True)
class Measure:
    """One number about one dimension: `mark` 0..100, `weight` how much it counts, `code` and `facts` the sentence."""

    dimension: str
    mark: int
    weight: int
    code: str
    facts: tuple[tuple[str, str], ...] = ()


def _share(part: int, whole: int) -> int:
    return half_up(Decimal(100 * part) / whole)


def in_time(fact: DeliveryFact) -> bool:
    """Within the window around the committed day."""
    if fact.delivered_on is None:
        return False
    early, late = timedelta(days=EARLY_DAYS), timedelta(days=LATE_DAYS)
    return fact.due_on - early <= fact.delivered_on <= fact.due_on + late


def in_full(fact: DeliveryFact) -> bool:
    """Received and not rejected within 5 percent of what was ordered."""
    good = fact.received - fact.rejected
    return abs(good - fact.ordered) <= SHORT_SHARE * fact.ordered


def wilson(part: int, whole: int) -> tuple[int, int]:
    """The 95 percent interval of a share in percent: what few lines really say. `whole` is above 0."""
    z = 1.96
    p = part / whole
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    spread = z * sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return max(0, round(100 * (middle - spread))), min(100, round(100 * (middle + spread)))


def ppm_mark(ppm: int) -> int:
    """100 at 0 rejected parts in a million, 0 at 50,000 and more, logarithmic between (target 500)."""
    return round(100 * min(1.0, max(0.0, 1 - log(1 + ppm / PPM_TARGET) / log(1 + PPM_ZERO / PPM_TARGET))))


def of_deliveries(lines: Sequence[DeliveryFact], on: date) -> list[Measure]:
    """On time, in full and quality of the lines that are due on `on`; nothing without such lines."""
    due = [line for line in lines if line.due_on <= on]
    if not due:
        return []
    count = len(due)
    punctual, whole = sum(map(in_time, due)), sum(in_time(line) and in_full(line) for line in due)
    low, high = wilson(punctual, count)
    interval = (("low", str(low)), ("high", str(high)))
    few = "_few" if count < LOW_VOLUME else ""
    found = [
        Measure(
            "delivery",
            _share(punctual, count),
            2,
            f"on_time{few}",
            (("part", str(punctual)), ("of", str(count)), *interval),
        ),
        Measure("delivery", _share(whole, count), 1, "in_full", (("part", str(whole)), ("of", str(count)))),
    ]
    received = sum((line.received for line in due), Decimal(0))
    if received > 0:
        rejected = sum((line.rejected for line in due), Decimal(0))
        ppm = half_up(1_000_000 * rejected / received)
        found.append(Measure("quality", ppm_mark(ppm), 2, "rejected_ppm", (("ppm", str(ppm)), ("of", str(count)))))
    return found


def of_surveys(answers: Iterable[Mapping[str, int]]) -> list[Measure]:
    """Colleagues' marks 1..5 by dimension, their mean taken to 0..100."""
    found = []
    kept = list(answers)
    for name in DIMENSIONS:
        given = [marks[name] for marks in kept if name in marks]
        if given:
            mean = Decimal(sum(given)) / len(given)
            mark = half_up((mean - 1) * 25)
            found.append(Measure(name, mark, 1, "colleagues_say", (("mean", f"{mean:.1f}"), ("of", str(len(given))))))
    return found


def marks_of(measures: Iterable[Measure]) -> dict[str, int | None]:
    """One mark a dimension: the weighted mean of its measures; None where nothing is known."""
    kept = list(measures)
    marks: dict[str, int | None] = {}
    for name in DIMENSIONS:
        own = [one for one in kept if one.dimension == name]
        total = sum(one.weight for one in own)
        marks[name] = half_up(Decimal(sum(one.mark * one.weight for one in own)) / total) if total else None
    return marks
