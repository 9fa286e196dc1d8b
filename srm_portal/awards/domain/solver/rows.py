"""A mixed-integer program in arrays, its rows gathered block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from srm_portal.awards.domain.columns import Bools, Floats, Ints

INF = float("inf")
Block = tuple[Ints, Ints, Floats]


@dataclass(frozen=True, slots=True)
class Mip:
    """min cost.x, lower <= x <= upper, row_lower <= A x <= row_upper, A in compressed rows."""

    cost: Floats
    lower: Floats
    upper: Floats
    integer: Bools
    start: Ints
    index: Ints
    value: Floats
    row_lower: Floats
    row_upper: Floats


@dataclass(slots=True)
class Builder:
    """Variables and rows under construction."""

    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    integer: list[Bools] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    row_lower: list[Floats] = field(default_factory=list)
    row_upper: list[Floats] = field(default_factory=list)
    variables: int = 0
    rows: int = 0

    def add_variables(self, upper: Floats, *, integer: bool, lower: Floats | None = None) -> int:
        """Append variables from 0 (or `lower`) to `upper`; returns the position of the first."""
        first = self.variables
        self.lower.append(np.zeros(len(upper)) if lower is None else lower)
        self.upper.append(upper)
        self.integer.append(np.full(len(upper), integer))
        self.variables += len(upper)
        return first

    def add_rows(self, row: Ints, variable: Ints, value: Floats, low: Floats, high: Floats) -> None:
        """Append len(low) rows; `row` counts from 0 inside the block."""
        self.blocks.append((row + self.rows, variable, value))
        self.row_lower.append(low)
        self.row_upper.append(high)
        self.rows += len(low)

    def add_row(self, variable: Ints | Sequence[int], value: Floats | Sequence[float], low: float, high: float) -> None:
        variable = np.asarray(variable, dtype=np.int64)
        self.add_rows(
            np.zeros(len(variable), dtype=np.int64),
            variable,
            np.asarray(value, dtype=np.float64),
            np.array([low]),
            np.array([high]),
        )

    def mip(self, cost: Floats) -> Mip:
        row, variable, value = (np.concatenate([block[i] for block in self.blocks] or [np.zeros(0)]) for i in range(3))
        row, variable = row.astype(np.int64), variable.astype(np.int64)
        order = np.argsort(row, kind="stable")
        counts = np.bincount(row, minlength=self.rows)
        return Mip(
            cost=cost,
            lower=np.concatenate([*self.lower, np.zeros(0)]),
            upper=np.concatenate([*self.upper, np.zeros(0)]),
            integer=np.concatenate([*self.integer, np.zeros(0, dtype=np.bool_)]),
            start=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)]),
            index=variable[order],
            value=value[order].astype(np.float64),
            row_lower=np.concatenate([*self.row_lower, np.zeros(0)]),
            row_upper=np.concatenate([*self.row_upper, np.zeros(0)]),
        )
