"""From scores to places: competition ranks (1, 2, 2, 4), made from the scores as they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Rank = int | None


def competition(scores: Sequence[Decimal | None], *, smaller_is_better: bool = False) -> list[Rank]:
    """Rank of each score; equal scores share a rank and the next ranks are left free. None stays unranked."""
    counted = sorted((score for score in scores if score is not None), reverse=not smaller_is_better)
    first: dict[Decimal, int] = {}
    for place, score in enumerate(counted, start=1):
        first.setdefault(score, place)
    return [None if score is None else first[score] for score in scores]


def winners(ranking: Sequence[Rank]) -> frozenset[int]:
    """The rows that stand first: several where they tie, none where all are out."""
    return frozenset(row for row, rank in enumerate(ranking) if rank == 1)


@dataclass(frozen=True, slots=True)
class Contender:
    """An offer with what the announced tie-breaks look at, best first in this order when scores are equal:

    lower price, higher quality score, earlier submission (as a moment that orders, such as epoch milliseconds).
    """

    score: Decimal
    price: Decimal | None = None
    quality: Decimal | None = None
    submitted: int | None = None


TIE_BREAKS = ("price", "quality", "submitted")
_BETTER_IS_SMALLER = {"price": True, "quality": False, "submitted": True}


def with_tie_breaks(
    contenders: Sequence[Contender | None], chain: Sequence[str] = TIE_BREAKS, *, digits: int = 2
) -> list[tuple[Rank, str | None]]:
    """Rank and, for those who were level on score, the tie-break that settled their place (None: none was needed).

    Scores are rounded to the `digits` that people see before they are compared. Offers equal on the whole chain
    share a rank, and the reason says `"level"`. An offer without the fact that a tie-break asks for comes after
    those that have it.
    """
    keys = [None if one is None else (_shown(one.score, digits), _chain_key(one, chain)) for one in contenders]
    counted = sorted((key for key in keys if key is not None), key=lambda key: (-key[0], key[1]))
    places: dict[Any, int] = {}
    for place, key in enumerate(counted, start=1):
        places.setdefault(key, place)
    return [(None, None) if key is None else (places[key], _settled_by(key, counted, chain)) for key in keys]


def _shown(score: Decimal, digits: int) -> Decimal:
    return score.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _chain_key(one: Contender, chain: Sequence[str]) -> tuple[tuple[bool, Decimal], ...]:
    key = []
    for fact in chain:
        held = getattr(one, fact)
        amount = Decimal(0) if held is None else Decimal(held)
        key.append((held is None, amount if _BETTER_IS_SMALLER[fact] else -amount))
    return tuple(key)


def _settled_by(key: tuple[Decimal, tuple[Any, ...]], counted: Sequence[Any], chain: Sequence[str]) -> str | None:
    level = [other[1] for other in counted if other[0] == key[0]]
    if len(level) == 1:
        return None
    if level.count(key[1]) > 1:
        return "level"
    alike = max(_common(key[1], other) for other in level if other != key[1])
    return chain[alike]


def _common(left: Sequence[Any], right: Sequence[Any]) -> int:
    return next((index for index, (a, b) in enumerate(zip(left, right, strict=True)) if a != b), len(left))
