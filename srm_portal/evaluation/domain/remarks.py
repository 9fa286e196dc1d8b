"""What a reader of a ranking must know: coded remarks, with the sentence that the scoring file prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from srm_portal.evaluation.domain import values
from srm_portal.evaluation.domain.criteria import Criterion, weight_sum
from srm_portal.evaluation.domain.figures import printed

TEXTS = {
    "weights_not_100": "the weights of {of} add up to {sum}, not to 100; they were normalised",
    "no_spread": "all offers are alike on {criterion}: it cannot tell them apart",
    "zero_price": "{alternative} asks a price of 0 on {criterion}, where the formula has no meaning of its own",
    "relative_price_formula": (
        "the value of {criterion} depends on the other offers: an offer that cannot win can change the order"
    ),
    "relative_price_formula_shown": (
        "the value of {criterion} depends on the other offers: without {withdrawn}, which does not win, {change}"
    ),
    "rank_reversal": "without {withdrawn}, which does not win, {change}",
    "inconsistent_pairwise": (
        "the comparisons contradict each other (consistency ratio {cr}, at most 0.10 is good); look again at {pair}"
    ),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """A code and the facts that fill its sentence. `variant` picks another sentence of the same code."""

    code: str
    facts: tuple[tuple[str, str], ...] = ()
    variant: str = ""

    @property
    def text(self) -> str:
        return TEXTS[self.code + self.variant].format(**dict(self.facts))

    def as_document(self) -> dict[str, str]:
        return {"code": self.code, "text": self.text}


def remark(code: str, *, variant: str = "", **facts: str) -> Remark:
    return Remark(code, tuple(facts.items()), variant)


def on_weights(tree: Sequence[Criterion], of: str = "the criteria", whole: Fraction | None = None) -> list[Remark]:
    """Sums other than 100 or 1; children may also add up to the weight of their group."""
    total = weight_sum(tree)
    found = [] if total in (1, 100, whole) else [remark("weights_not_100", of=of, sum=printed(total))]
    for criterion in tree:
        if criterion.children:
            found += on_weights(criterion.children, criterion.name, criterion.weight)
    return found


def on_spread(columns: Sequence[Criterion], cells: Any) -> list[Remark]:
    """Criteria on which all offers say the same; `cells` are the rows, two or more of them, of any kind."""
    if len(cells) < 2:
        return []
    return [
        remark("no_spread", criterion=leaf.name)
        for j, leaf in enumerate(columns)
        if all(row[j] == cells[0][j] for row in cells)
    ]


def on_zero_prices(
    columns: Sequence[Criterion], cells: Sequence[Sequence[Any]], names: Sequence[str], price: int | None = None
) -> list[Remark]:
    """Prices of 0, on criteria with a price formula and on the column `price`."""
    return [
        remark("zero_price", criterion=leaf.name, alternative=name)
        for j, leaf in enumerate(columns)
        if j == price or isinstance(leaf.value, values.PRICE) or _least_divides(leaf)
        for row, name in zip(cells, names, strict=True)
        if row[j] == 0
    ]


def _least_divides(leaf: Criterion) -> bool:
    return isinstance(leaf.value, values.OfBest) and leaf.direction == "min"


def has_relative_price(leaf: Criterion) -> bool:
    """A price formula that compares with other offers, or a general relative one on a criterion that is a price."""
    if isinstance(leaf.value, values.RELATIVE_PRICE):
        return True
    named = any(word in leaf.name.casefold() for word in ("price", "cost"))
    return named and isinstance(leaf.value, (values.BestWorst, values.OfBest))
