"""How far a kept ranking can be trusted: everything the page on sensitivity draws, from the run's own two documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from srm_portal.evaluation.domain import scoring_file
from srm_portal.evaluation.domain.assembly import leaves_of
from srm_portal.evaluation.domain.methods import Additive
from srm_portal.evaluation.domain.sensitivity import effective_weights, tornado

WITHDRAWALS_MAX = 60
COMPRESSED = 0.10
"""From this difference between a weight and what it amounts to on, the page says so."""


@dataclass(frozen=True, slots=True)
class Bar:
    """The winner's lead, in points of 100, when a weight goes to 0 and to double."""

    criterion: str
    weight: float
    at_zero: float
    at_double: float


@dataclass(frozen=True, slots=True)
class Range:
    """The weight of a criterion today and the range in which the winner stays first, in percent."""

    criterion: str
    weight: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Without:
    """Who is first when this offer is away; `changes` when that is somebody else although this offer does not win."""

    offer: str
    first: tuple[str, ...]
    changes: bool


@dataclass(frozen=True, slots=True)
class Effective:
    """What a weight amounts to, given how far the offers differ, in percent."""

    criterion: str
    weight: float
    amounts_to: float

    @property
    def compressed(self) -> bool:
        return abs(self.amounts_to - self.weight) > COMPRESSED * 100


@dataclass(frozen=True, slots=True)
class Analysis:
    """`winners` are the names at first place; `lead` their lead in points of 100 over the best rival."""

    winners: tuple[str, ...]
    lead: float
    bars: tuple[Bar, ...]
    ranges: tuple[Range, ...]
    without: tuple[Without, ...]
    effective: tuple[Effective, ...]
    acceptability: tuple[tuple[str, tuple[float, ...]], ...]
    samples: int
    change: Mapping[str, Any] | None


def analyse(document: Mapping[str, Any], result: Mapping[str, Any]) -> Analysis | None:
    """None where no offer is ranked."""
    names = document["alternatives"]
    ranked = [at for at, rank in enumerate(result["ranking"]) if rank is not None]
    if not ranked:
        return None
    leaves = [leaf["name"] for leaf in leaves_of(document["criteria"])]
    weights = np.array([float(one) for one in result["weights"]])
    values = np.array([[float(cell) for cell in result["details"]["values"][at]] for at in ranked])
    values = values.reshape(len(ranked), len(leaves))
    first = [at for at in ranked if result["ranking"][at] == 1]
    winner = ranked.index(first[0])
    scores = values @ weights
    rivals = [float(score) for at, score in enumerate(scores) if at != winner]
    bars = tornado(Additive(values), weights, winner, 1.0)
    amounts = effective_weights(values, weights)
    told = result.get("sensitivity", {})
    return Analysis(
        winners=tuple(names[at] for at in first),
        lead=100 * (float(scores[winner]) - max(rivals)) if rivals else 100 * float(scores[winner]),
        bars=tuple(
            Bar(leaves[bar.criterion], 100 * weights[bar.criterion], 100 * bar.lead_at_low, 100 * bar.lead_at_high)
            for bar in bars
        ),
        ranges=tuple(
            Range(name, 100 * float(weight), 100 * float(low), 100 * float(high))
            for name, weight, (low, high) in zip(leaves, weights, told.get("intervals", []), strict=False)
        ),
        without=_withdrawn(document, result, ranked) if len(ranked) <= WITHDRAWALS_MAX else (),
        effective=tuple(
            Effective(name, 100 * float(weight), 100 * float(amount))
            for name, weight, amount in zip(leaves, weights, amounts, strict=True)
        ),
        acceptability=_acceptability(document, result, ranked),
        samples=int(document.get("sensitivity", {}).get("smaa", {}).get("samples", 0)),
        change=told.get("smallest_change"),
    )


def _acceptability(
    document: Mapping[str, Any], result: Mapping[str, Any], ranked: list[int]
) -> tuple[tuple[str, tuple[float, ...]], ...]:
    smaa = result.get("sensitivity", {}).get("smaa")
    if not smaa:
        return ()
    rows = smaa["rank_acceptability"]
    return tuple((document["alternatives"][at], tuple(float(share or 0) for share in rows[at])) for at in ranked)


def _withdrawn(document: Mapping[str, Any], result: Mapping[str, Any], ranked: list[int]) -> tuple[Without, ...]:
    names = document["alternatives"]
    today = {names[at] for at in ranked if result["ranking"][at] == 1}
    found = []
    for gone in ranked:
        rest = {
            **document,
            "alternatives": [name for at, name in enumerate(names) if at != gone],
            "matrix": [row for at, row in enumerate(document["matrix"]) if at != gone],
        }
        rest.pop("sensitivity", None)
        first = winners_of(rest)
        found.append(Without(names[gone], first, set(first) != today - {names[gone]} and names[gone] not in today))
    return tuple(found)


def winners_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The names at first place of a scoring file."""
    answer = scoring_file.run(document)
    return tuple(
        name for name, rank in zip(document["alternatives"], answer["ranking"], strict=True) if rank == 1
    )  # fmt: skip
