"""A project that comes from elsewhere: a need to work on, or a finished one for the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from srm_portal.kernel.errors import FieldProblem
from srm_portal.sourcing.domain.need import LineInput, line_problems

TITLE_MAX, SOURCE_ID_MAX = 300, 120
STORED_MAX = Decimal(10) ** 12
"""Amounts and quantities are kept as whole millionths in 64 bits."""
DECIMALS_MAX = 6


@dataclass(frozen=True, slots=True)
class LotInput:
    number: int
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class ImportedProject:
    """`source_id` names the thing where it comes from and goes in once; `source` is what was said there, as plain
    values. An archived project is finished: what happened to it happened elsewhere."""

    source_id: str
    source: Mapping[str, Any]
    title: str
    currency: str
    lots: tuple[LotInput, ...]
    lines: tuple[LineInput, ...]
    description: str = ""
    category: str = ""
    product: str = ""
    region: str = ""
    budget: Decimal | None = None
    baseline: Decimal | None = None
    needed_on: date | None = None
    archived: bool = False


def storable(amount: Decimal) -> str | None:
    """The code of what keeps an amount or quantity from being kept exactly, or None."""
    if abs(amount) >= STORED_MAX:
        return "amount_too_large"
    digits = -int(amount.normalize().as_tuple().exponent)
    return "too_precise" if digits > DECIMALS_MAX else None


def problems(project: ImportedProject) -> list[FieldProblem]:
    """Everything that keeps it out; rows are those of its lines, from 1."""
    found = [] if project.title.strip() else [FieldProblem("title", "required")]
    for name, text, longest in (("title", project.title, TITLE_MAX), ("source_id", project.source_id, SOURCE_ID_MAX)):
        if len(text) > longest:
            found.append(FieldProblem(name, "too_long", value=text[:80], facts=(("max", str(longest)),)))
    for name, amount in (("budget", project.budget), ("baseline", project.baseline)):
        found.extend(_amount(name, amount, None))
    found.extend(line_problems(project.lines))
    for row, line in enumerate(project.lines, start=1):
        for name in ("quantity", "target_price", "baseline_price"):
            found.extend(_amount(name, getattr(line, name), row))
    return found


def _amount(name: str, amount: Decimal | None, row: int | None) -> list[FieldProblem]:
    code = storable(amount) if amount is not None else None
    facts = (("max", f"{STORED_MAX:f}" if code == "amount_too_large" else str(DECIMALS_MAX)),)
    return [FieldProblem(name, code, row, str(amount), facts)] if code else []
