"""Who could supply this, and why: each suggestion carries its reasons as coded facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from srm_portal.suppliers.domain.categories import category_distance
from srm_portal.suppliers.domain.qualification import covers_region

CATEGORY_POINTS = (35, 26, 18, 10)
"""By steps through the category tree: the same code, parent or child, sibling, one further; nothing beyond."""
QUALIFIED_POINTS = {"qualified": 25, "conditional": 15}
PERFORMANCE_POINTS = 15
REGION_POINTS = 10
ANSWERED_POINTS = 10
DISTANCE_POINTS = 5
DISTANCE_KM_MAX = 500
SIMILAR_STEPS_MAX = 2
"""Needs at most so many steps apart count as similar: the same, a parent or child, a sibling."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a supplier: a coded fact with plain texts, shown as a sentence."""

    code: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the project looks for."""

    category: str
    region: str


@dataclass(frozen=True, slots=True)
class Offerer:
    """What is known of one supplier. `qualified` is the status of the panel cell that speaks for the need, or "".

    `score` is the mean performance mark 0..100, `km` the distance to the place of delivery, `answered` how many
    similar needs they took part in; None where nothing is known.
    """

    supplier_id: str
    name: str
    codes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    qualified: str = ""
    qualified_until: str = ""
    score: int | None = None
    km: int | None = None
    answered: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A supplier with points 0..100 and the reasons that made them, weightiest first."""

    supplier_id: str
    name: str
    points: int
    reasons: tuple[Reason, ...] = field(default=())


def nearest(codes: Iterable[str], wanted: str) -> tuple[int, str] | None:
    """(steps, code) of the offered category nearest to the wanted one; None without any."""
    measured = [(category_distance(code, wanted), code) for code in codes if code and wanted]
    return min(measured, default=None)


def _category(offerer: Offerer, wanted: Wanted) -> tuple[int, Reason] | None:
    found = nearest(offerer.codes, wanted.category)
    if found is None or found[0] >= len(CATEGORY_POINTS):
        return None
    steps, code = found
    if steps == 0:
        return CATEGORY_POINTS[0], Reason("offers_category", (("category", code),))
    return CATEGORY_POINTS[steps], Reason("offers_near_category", (("category", code), ("steps", str(steps))))


def _qualified(offerer: Offerer) -> tuple[int, Reason] | None:
    points = QUALIFIED_POINTS.get(offerer.qualified)
    if points is None:
        return None
    return points, Reason(f"panel_{offerer.qualified}", (("until", offerer.qualified_until),))


def _performance(offerer: Offerer) -> tuple[int, Reason] | None:
    if offerer.score is None:
        return None
    return offerer.score * PERFORMANCE_POINTS // 100, Reason("performed", (("score", str(offerer.score)),))


def _region(offerer: Offerer, wanted: Wanted) -> tuple[int, Reason] | None:
    if not wanted.region:
        return None
    served = [one for one in offerer.regions if one and _meets(one, wanted.region)]
    return (REGION_POINTS, Reason("in_region", (("region", served[0]),))) if served else None


def _meets(served: str, wanted: str) -> bool:
    """Regions are codes that grow longer inside: FR serves FR10, and FR10 lies in FR."""
    return covers_region(served, wanted) or covers_region(wanted, served)


def _distance(offerer: Offerer) -> tuple[int, Reason] | None:
    if offerer.km is None or offerer.km > DISTANCE_KM_MAX:
        return None
    points = DISTANCE_POINTS * (DISTANCE_KM_MAX - offerer.km) // DISTANCE_KM_MAX
    return points, Reason("near", (("km", str(offerer.km)),))


def _answered(offerer: Offerer) -> tuple[int, Reason] | None:
    if not offerer.answered:
        return None
    return min(ANSWERED_POINTS, 5 * offerer.answered), Reason("answered_before", (("count", str(offerer.answered)),))


def suggest(offerer: Offerer, wanted: Wanted) -> Suggestion:
    """Points and reasons of one supplier. Points are a plain sum, at most 100: no weight is hidden."""
    found = [
        part
        for part in (
            _category(offerer, wanted),
            _qualified(offerer),
            _performance(offerer),
            _region(offerer, wanted),
            _answered(offerer),
            _distance(offerer),
        )
        if part is not None
    ]
    ordered = sorted(found, key=lambda part: -part[0])
    points = sum(part[0] for part in found)
    return Suggestion(offerer.supplier_id, offerer.name, points, tuple(reason for _points, reason in ordered))


def ranked(offerers: Iterable[Offerer], wanted: Wanted) -> list[Suggestion]:
    """Best first; equal points by name. Who neither offers something near nor is approved is not suggested."""
    found = [
        suggest(one, wanted)
        for one in offerers
        if one.qualified in QUALIFIED_POINTS or _category(one, wanted) is not None
    ]
    return sorted(found, key=lambda one: (-one.points, one.name.casefold(), one.supplier_id))


def similar(category: str, wanted: str) -> bool:
    """Whether a need of one category says something about a need of the other."""
    return bool(category and wanted) and category_distance(category, wanted) <= SIMILAR_STEPS_MAX
