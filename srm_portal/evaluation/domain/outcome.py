"""What a ranking method hands back, before it is printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from srm_portal.evaluation.domain.criteria import Exclusion
from srm_portal.evaluation.domain.figures import Array, printed
from srm_portal.evaluation.domain.methods import Model
from srm_portal.evaluation.domain.ranking import Rank, competition
from srm_portal.evaluation.domain.remarks import Remark


@dataclass(frozen=True, slots=True)
class Outcome:
    """Scores for all alternatives (None where there is none), and the model of the admissible ones.

    `rows` are the admissible alternatives in order; `model` and `without` speak of positions in it.
    `candidates`: positions whose withdrawal can matter (None: any).
    """

    weights: tuple[Fraction, ...]
    scores: tuple[Fraction | float | None, ...]
    rows: tuple[int, ...]
    exclusions: tuple[Exclusion, ...] = ()
    smaller_is_better: bool = False
    model: Model | None = None
    without: Callable[[int], Array] | None = None
    candidates: Sequence[int] | None = None
    details: dict[str, Any] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()

    def printed(self) -> list[str | None]:
        return [None if score is None else printed(score) for score in self.scores]

    def ranking(self) -> list[Rank]:
        """Competition ranks of the admissible alternatives, from the scores as printed; None for the others."""
        admissible = set(self.rows)
        shown = [
            Decimal(text) if text is not None and row in admissible else None for row, text in enumerate(self.printed())
        ]
        return competition(shown, smaller_is_better=self.smaller_is_better)
