"""Figures with their targets, and the table that shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `most` or `least` is its target; a figure without one is shown for orientation."""

    name: str
    reached: float | None
    unit: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def target(self) -> str:
        if self.most is not None:
            return f"<= {self.most:g}"
        return f">= {self.least:g}" if self.least is not None else ""

    @property
    def ok(self) -> bool | None:
        """None where nothing was asked or nothing could be measured."""
        if self.reached is None or (self.most is None and self.least is None):
            return None
        return self.reached <= self.most if self.most is not None else self.reached >= (self.least or 0)

    def plain(self) -> dict[str, Any]:
        return {"name": self.name, "reached": self.reached, "unit": self.unit, "target": self.target, "ok": self.ok}


_WORDS = {True: "yes", False: "NO", None: ""}


def shown(groups: Iterable[tuple[str, Sequence[Figure]]]) -> str:
    """The figures as aligned text, one group below the other."""
    lines = [("figure", "target", "reached", "ok")]
    for group, figures in groups:
        for one in figures:
            value = "not measured" if one.reached is None else f"{one.reached:.4g} {one.unit}".strip()
            lines.append((f"{group}: {one.name}", one.target, value, _WORDS[one.ok]))
    widths = [max(len(line[place]) for line in lines) for place in range(4)]
    texts = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([texts[0], "-" * len(texts[0]), *texts[1:]])
