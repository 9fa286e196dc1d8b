"""A need of a workbook as a project."""

from __future__ import annotations

from decimal import Decimal

from srm_portal.exchange.domain.needs_file import NeedLine, NeedRow
from srm_portal.kernel.canonical import canonical, sha256_hex
from srm_portal.kernel.errors import FieldProblem
from srm_portal.sourcing.domain.imported import STORED_MAX, TITLE_MAX, ImportedProject, LotInput
from srm_portal.sourcing.domain.need import LineInput

FORMAT = "needs"
REGION_MAX, LOT_NUMBER_MAX = 60, 200


def source_id(need: NeedRow) -> str:
    """The same reference and title mean the same need, whichever file it comes in."""
    return f"need:{sha256_hex(canonical([need.reference, need.title]))[:40]}"


def project_of_need(need: NeedRow, *, default_currency: str) -> ImportedProject | list[FieldProblem]:
    """The project, or what keeps the need out (all its prices are in one currency)."""
    currencies = {line.target_price.currency for line in need.lines if line.target_price}
    if len(currencies) > 1:
        found = ", ".join(sorted(currencies))
        return [FieldProblem("currency", "several_currencies", need.row, found)]
    numbers = _lot_numbers(need.lines)
    return ImportedProject(
        source_id=source_id(need),
        source={"format": FORMAT, "reference": need.reference, "place": need.place},
        title=need.title[:TITLE_MAX],
        description=need.description if len(need.title) <= TITLE_MAX else f"{need.title}\n\n{need.description}",
        category=need.category,
        region=need.place if len(need.place) <= REGION_MAX else "",
        currency=next(iter(currencies), default_currency),
        needed_on=need.needed_by,
        budget=_worth(need.lines),
        lots=tuple(LotInput(number, lot) for lot, number in numbers.items() if not lot.isdigit()),
        lines=tuple(_line(line, numbers) for line in need.lines),
    )


def _lot_numbers(lines: tuple[NeedLine, ...]) -> dict[str, int]:
    """Numbered lots keep their numbers, named ones take the next free; without any there is one."""
    named = list(dict.fromkeys(line.lot for line in lines))
    numbers = {lot: int(lot) for lot in named if lot.isascii() and lot.isdigit() and 0 < int(lot) <= LOT_NUMBER_MAX}
    free = (number for number in range(1, len(lines) + LOT_NUMBER_MAX) if number not in set(numbers.values()))
    for lot in named:
        if lot not in numbers:
            numbers[lot] = next(free) if lot or len(named) > 1 else 1
    return numbers


def _line(line: NeedLine, numbers: dict[str, int]) -> LineInput:
    text = line.description
    return LineInput(
        lot=numbers[line.lot],
        title=text.partition("\n")[0][:TITLE_MAX],
        quantity=line.quantity,
        unit=line.unit,
        description=text if len(text) > TITLE_MAX or "\n" in text else "",
        target_price=line.target_price.amount if line.target_price else None,
    )


def _worth(lines: tuple[NeedLine, ...]) -> Decimal | None:
    """The budget: quantity times target price over all lines, None unless every line has one."""
    total = Decimal(0)
    for line in lines:
        if line.target_price is None:
            return None
        total += line.quantity * line.target_price.amount
    if not lines or total >= STORED_MAX:
        return total if lines else None
    return total.quantize(Decimal("0.01"))
