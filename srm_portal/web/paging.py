"""Pages of a list: fifty rows, the filters stay in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """`number` counts from 1; `total` is the number of all rows once known."""

    number: int
    size: int = SIZE
    total: int = 0

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        return min(self.offset + self.size, self.total)

    def of(self, total: int) -> Page:
        return replace(self, total=total)


def page_of(arguments: Mapping[str, str], size: int = SIZE) -> Page:
    """`?page=3`; anything else is page 1."""
    text = arguments.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return Page(max(1, number), size)
