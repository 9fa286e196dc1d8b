"""Second opinions on a ranking: other methods on the same values. They are shown beside it and decide nothing.

Every opinion is a scoring file of its own, so that anybody can run it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from srm_portal.evaluation.domain import scoring_file
from srm_portal.evaluation.domain.assembly import leaves_of
from srm_portal.evaluation.domain.ranking import Rank
from srm_portal.kernel.errors import InputError

METHODS = ("topsis", "vikor", "promethee_ii")
IN_MONEY = ("price_per_quality", "reduced_price")
ALL = (*METHODS, *IN_MONEY)


@dataclass(frozen=True, slots=True)
class Opinion:
    """Ranks and scores in the order of all alternatives; None for those that are out. `first_differs` from the run's.

    `reversal`: in this method a loser's leaving would change who is first. `problem`: why there is no opinion.
    """

    method: str
    ranks: tuple[Rank, ...]
    scores: tuple[str | None, ...]
    first_differs: bool = False
    reversal: bool = False
    problem: str = ""


def opinions(document: Mapping[str, Any], result: Mapping[str, Any], price: int | None) -> tuple[Opinion, ...]:
    """All second opinions on a kept run; `price` is the column of the matrix that holds the price, None without one."""
    return tuple(_opinion(method, document, result, price) for method in ALL)


def opinion_file(
    method: str, document: Mapping[str, Any], result: Mapping[str, Any], price: int | None
) -> dict[str, Any] | None:
    """The scoring file of one opinion: the run's values 0..1 as marks, more is better; prices as they were offered.

    None where the method needs a price and there is none.
    """
    if method in IN_MONEY and price is None:
        return None
    leaves = leaves_of(document["criteria"])
    kept = [at for at in _kept(document, result) if method in METHODS or _price(document, at, price) is not None]
    criteria = [
        {"name": "price", "direction": "min", "value": {"kind": "raw"}}
        if j == price and method in IN_MONEY
        else {"name": f"{j + 1}. {leaf['name']}", "direction": "max", "weight": weight, "value": _share()}
        for j, (leaf, weight) in enumerate(zip(leaves, result["weights"], strict=True))
    ]
    values = result["details"]["values"]
    return {
        "method": method,
        "alternatives": [document["alternatives"][at] for at in kept],
        "criteria": criteria,
        "matrix": [
            [
                _price(document, at, price) if j == price and method in IN_MONEY else value
                for j, value in enumerate(values[at])
            ]
            for at in kept
        ],
        "parameters": {},
    }


def _share() -> dict[str, str]:
    return {"kind": "points", "max": "1"}


def _kept(document: Mapping[str, Any], result: Mapping[str, Any]) -> list[int]:
    return [at for at in range(len(document["alternatives"])) if result["ranking"][at] is not None]


def _price(document: Mapping[str, Any], at: int, price: int | None) -> Any:
    return None if price is None else document["matrix"][at][price]


def _opinion(method: str, document: Mapping[str, Any], result: Mapping[str, Any], price: int | None) -> Opinion:
    count = len(document["alternatives"])
    nobody: tuple[None, ...] = (None,) * count
    file = opinion_file(method, document, result, price)
    if file is None:
        return Opinion(method, nobody, nobody, problem="no_price")
    if not file["alternatives"]:
        return Opinion(method, nobody, nobody, problem="no_offers")
    try:
        answer = scoring_file.run(file)
    except InputError as wrong:
        return Opinion(method, nobody, nobody, problem=wrong.remedy)
    held = dict(zip(file["alternatives"], zip(answer["ranking"], answer["scores"], strict=True), strict=True))
    found = [held.get(name, (None, None)) for name in document["alternatives"]]
    ranks = tuple(rank for rank, _score in found)
    return Opinion(
        method,
        ranks,
        tuple(score for _rank, score in found),
        first_differs=_firsts(ranks) != _firsts(result["ranking"]),
        reversal=any(warning["code"] == "rank_reversal" for warning in answer["warnings"]),
    )


def _firsts(ranks: Sequence[Rank]) -> set[int]:
    return {at for at, rank in enumerate(ranks) if rank == 1}
