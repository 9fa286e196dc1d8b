"""A first look at a release before anything is read: is it JSON of a bearable shape, and was its text wrapped?"""

from __future__ import annotations

from decimal import Decimal

from srm_portal.exchange.domain.ocds_read.node import Notes
from srm_portal.exchange.domain.repair import blanks_in_key

DEPTH_MAX, VALUES_MAX = 32, 200_000


def survey(data: dict[object, object], notes: Notes) -> int:
    """Refuse what is too deep, too large or not JSON. Returns the width of the blanks that broke its keys, or 0.

    Keys broken by a fixed run of blanks tell that the whole text was wrapped by a machine at some width: the texts of
    the release then carry the same run of blanks, and only then may it be taken out of them.
    """
    stack: list[tuple[object, int, str]] = [(data, 0, "")]
    widths: set[int] = set()
    seen = 0
    while stack:
        value, depth, path = stack.pop()
        seen += 1
        if depth > DEPTH_MAX or seen > VALUES_MAX:
            notes.refuse(path, "nested_too_deep" if depth > DEPTH_MAX else "too_many", most=str(VALUES_MAX))
            return 0
        if isinstance(value, dict):
            for key, member in value.items():
                widths.add(blanks_in_key(str(key)))
                stack.append((member, depth + 1, f"{path}.{key}" if path else str(key)))
        elif isinstance(value, list):
            stack.extend((member, depth + 1, f"{path}[{index}]") for index, member in enumerate(value))
        elif not _is_plain(value):
            notes.refuse(path, "not_a_number" if isinstance(value, (float, Decimal)) else "not_json", value)
    widths.discard(0)
    return widths.pop() if len(widths) == 1 else 0


def _is_plain(value: object) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite()
    return value is None or isinstance(value, (str, int))
