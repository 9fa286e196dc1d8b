"""The difference of two versions, clause by clause and word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from srm_portal.contracts.domain.clauses import Clause

Mark = Literal["same", "gone", "new"]
WORDS_PRODUCT_MAX = 1_000_000
"""Above this many pairs of words a changed passage is shown as replaced whole."""
_TOKEN = re.compile(r"\s*\w+|\s*[^\w\s]|\s+", re.UNICODE)
_SENTENCE = re.compile(r"[^.;:!?\n]*[.;:!?\n]+\s*|[^.;:!?\n]+$", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Piece:
    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class ClauseDifference:
    """One clause in both versions. `kind`: same, changed, added, removed; `pieces` are the text with its marks."""

    key: str
    kind: str
    title: tuple[Piece, ...]
    pieces: tuple[Piece, ...]


def words(old: str, new: str) -> tuple[Piece, ...]:
    """The new text with what went and what came: sentence by sentence, then word by word where sentences differ."""
    if old == new:
        return (Piece("same", old),) if old else ()
    return tuple(_joined(_pieces(_SENTENCE.findall(old), _SENTENCE.findall(new), deeper=True)))


def _pieces(old: Sequence[str], new: Sequence[str], *, deeper: bool) -> Iterator[Piece]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        if tag == "equal":
            yield Piece("same", come)
            continue
        if deeper and b - a == d - c > 1:
            for one, other in zip(old[a:b], new[c:d], strict=True):
                yield from _pieces([one], [other], deeper=True)
            continue
        if deeper and gone and come:
            before, after = _TOKEN.findall(gone), _TOKEN.findall(come)
            if len(before) * len(after) <= WORDS_PRODUCT_MAX:
                yield from _pieces(before, after, deeper=False)
                continue
        if gone:
            yield Piece("gone", gone)
        if come:
            yield Piece("new", come)


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours of one mark as one; a blank between two changes belongs to the change."""
    held: list[Piece] = []
    for piece in pieces:
        if held and held[-1].mark == piece.mark:
            held[-1] = Piece(piece.mark, held[-1].text + piece.text)
        else:
            held.append(piece)
    yield from held


def difference(old: Sequence[Clause], new: Sequence[Clause]) -> list[ClauseDifference]:
    """Every clause of both versions in the new order; a removed one stands where it was."""
    before = {clause.key: clause for clause in old}
    after = {clause.key for clause in new}
    found: list[ClauseDifference] = []
    for clause in new:
        known = before.get(clause.key)
        if known is None:
            title, text = (Piece("new", clause.title),), (Piece("new", clause.text),)
            found.append(ClauseDifference(clause.key, "added", title, text))
            continue
        same = (known.title, known.text) == (clause.title, clause.text)
        kind = "same" if same else "changed"
        marks = words(known.title, clause.title), words(known.text, clause.text)
        found.append(ClauseDifference(clause.key, kind, *marks))
    for place, clause in enumerate(old):
        if clause.key not in after:
            gone = ClauseDifference(
                clause.key, "removed", (Piece("gone", clause.title),), (Piece("gone", clause.text),)
            )
            previous = old[place - 1].key if place else None
            spot = next((n + 1 for n, one in enumerate(found) if one.key == previous), 0)
            found.insert(spot, gone)
    return found


def changed(differences: Sequence[ClauseDifference]) -> list[ClauseDifference]:
    return [one for one in differences if one.kind != "same"]


def price_difference(
    old: Sequence[dict[str, str | None]], new: Sequence[dict[str, str | None]]
) -> list[tuple[str, str, str]]:
    """(what, before, after) of every price or quantity that differs; rows are matched by lot and number."""

    def keyed(rows: Sequence[dict[str, str | None]]) -> dict[tuple[str, str], dict[str, str | None]]:
        return {(str(one.get("lot")), str(one.get("number", "total"))): one for one in rows}

    before, after = keyed(old), keyed(new)
    found = []
    for key in [*after, *(one for one in before if one not in after)]:
        a, b = before.get(key, {}), after.get(key, {})
        for field in ("quantity", "unit_price", "lot_total"):
            if a.get(field) != b.get(field):
                title = str((b or a).get("title", ""))
                found.append((title, str(a.get(field) or "–"), str(b.get(field) or "–")))
    return found
