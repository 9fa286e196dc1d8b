"""Places with the rule for ties that was fixed in advance. It only settles what the scoring file leaves level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from srm_portal.evaluation.domain.assembly import OfferFacts
from srm_portal.evaluation.domain.figures import DIGITS
from srm_portal.evaluation.domain.ranking import Contender, Rank, with_tie_breaks
from srm_portal.kernel.money import plain


def tie_facts(
    offers: Sequence[OfferFacts], result: Mapping[str, Any], commercial: Sequence[int]
) -> list[dict[str, Any]]:
    """What the rule may look at, for each offer, as it is kept with the run: price, quality score, submission.

    `commercial` are the columns of the matrix that are prices; quality is the score of all others.
    """
    found = []
    for offer, values in zip(offers, result["details"]["values"], strict=True):
        quality = sum(
            (
                Decimal(weight) * Decimal(value)
                for column, (weight, value) in enumerate(zip(result["weights"], values, strict=True))
                if column not in commercial
            ),
            Decimal(0),
        )
        found.append(
            {
                "price": None if offer.total is None else plain(offer.total),
                "quality": plain(quality.quantize(Decimal(1).scaleb(-DIGITS))),
                "submitted": offer.submitted,
            }
        )
    return found


def places(
    result: Mapping[str, Any], facts: Sequence[Mapping[str, Any]], ties: Sequence[str]
) -> list[tuple[Rank, str | None]]:
    """Rank and what settled it (None: nothing had to; "level": the rule could not either), by alternative."""
    contenders = [
        None
        if rank is None or score is None
        else Contender(
            Decimal(score),
            None if held.get("price") is None else Decimal(held["price"]),
            None if held.get("quality") is None else Decimal(held["quality"]),
            held.get("submitted"),
        )
        for rank, score, held in zip(result["ranking"], result["scores"], facts, strict=True)
    ]
    return with_tie_breaks(contenders, ties, digits=DIGITS)


def digits_needed(scores: Sequence[Decimal | None], least: int = 1, most: int = 10) -> int:
    """So many digits after the point that different scores look different."""
    known = {score for score in scores if score is not None}
    for digits in range(least, most):
        if len({round(score, digits) for score in known}) == len(known):
            return digits
    return most
