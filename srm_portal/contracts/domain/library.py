"""Choosing clauses from the library: which are needed, which wording, with which facts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from srm_portal.contracts.domain.clauses import FACTS, LIBRARY, Clause, Entry, Wording

UNKNOWN = "–"
"""How a fact is given that a contract does not have."""
_NAME = re.compile(r"\{(\w*)\}")


def unknown_names(text: str) -> list[str]:
    """Names in curly brackets that no contract can fill."""
    return sorted({name for name in _NAME.findall(text) if name not in FACTS})


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The text with its facts. Only whole names are replaced: a text is never code."""
    return _NAME.sub(lambda found: facts.get(found[1], found[0]), text)


def overlaid(own: Sequence[Entry], retired: frozenset[str] = frozenset()) -> tuple[Entry, ...]:
    """The built-in library with an organisation's entries put over it by key, in order of position."""
    held = {entry.key: (place * 10, entry) for place, entry in enumerate(LIBRARY, start=1) if entry.key not in retired}
    for entry in own:
        before = held.get(entry.key)
        wordings = dict(before[1].wordings) if before else {}
        merged = Entry(
            entry.key,
            entry.kinds,
            wordings | dict(entry.wordings),
            entry.position,
            entry.value_from,
            entry.category,
            entry.risk,
            own=True,
        )
        held[entry.key] = (entry.position or (before[0] if before else 1000), merged)
    return tuple(entry for _place, entry in sorted(held.values(), key=lambda pair: (pair[0], pair[1].key)))


def needed(entries: Sequence[Entry], kind: str, value: Decimal, category: str, risk: str) -> list[Entry]:
    """The entries that a contract of this kind, value, category and risk has to have."""
    return [one for one in entries if one.needed(kind, value, category, risk)]


def draft(
    kind: str,
    language: str,
    facts: Mapping[str, str],
    *,
    entries: Sequence[Entry] = LIBRARY,
    value: Decimal = Decimal(0),
    category: str = "",
    risk: str = "low",
) -> list[Clause]:
    """The clauses a contract needs, filled with facts; English where the language has no text.

    The standard wording, unless it names a fact that this contract lacks (an award, say) and the library has an
    alternative that does not.
    """
    found = []
    for entry in needed(entries, kind, value, category, risk):
        for variant in ("standard", "alternative"):
            wording = entry.wording(language, variant)
            if wording is not None and (variant == "alternative" or not _lacks(entry, wording, language, facts)):
                found.append(taken(entry, variant, wording, facts))
                break
    return found


def _lacks(entry: Entry, wording: Wording, language: str, facts: Mapping[str, str]) -> bool:
    """Whether the wording names what is not known while an alternative could stand instead."""
    named = _NAME.findall(wording.text)
    other = entry.wording(language, "alternative")
    return other is not None and any(facts.get(name) == UNKNOWN for name in named)


def taken(entry: Entry, variant: str, wording: Wording, facts: Mapping[str, str]) -> Clause:
    """A clause from the library; a fallback position still counts as a deviation."""
    return Clause(
        entry.key,
        wording.title,
        filled(wording.text, facts),
        variant != "fallback",
        variant,
        wording.number,
    )


def missing(entries: Sequence[Entry], held: Sequence[Clause], language: str) -> list[str]:
    """Titles of needed clauses that the text lacks."""
    keys = {clause.key for clause in held}
    lacking = [(entry, entry.wording(language)) for entry in entries if entry.key not in keys]
    return [wording.title if wording else entry.key for entry, wording in lacking]
