"""Two sets of records that should say the same: who is who, which values go where, and what a person must decide.

A field is compared three ways: ours, theirs, and the value both had when they last agreed (`base`). A side that left the
base has changed; where both did, the rule of the connection decides, or the field is left as it is and shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from srm_portal.kernel.measure import UNITS
from srm_portal.kernel.money import plain
from srm_portal.kernel.names import name_key

DIRECTIONS = ("both", "in", "out", "off")
RULES = ("ask", "ours", "theirs")
FIELDS: dict[str, dict[str, str]] = {
    "party": dict.fromkeys(("name", "country", "city", "vat", "website"), "both"),
    "contact": dict.fromkeys(("name", "email", "phone"), "both"),
    "opportunity": {
        **dict.fromkeys(("title", "description", "amount", "probability", "expected_on", "phase"), "both"),
        "lines": "in",
        "business": "out",
    },
}
"""What can be kept in step, and in which direction at most: lines only come in, what was bought only goes out."""
KINDS = tuple(FIELDS)
_MUST = {"party": "name", "contact": "name", "opportunity": "title"}
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """A record of one side. `party`: our id of the customer it belongs to. `key`: our id that the CRM kept for us."""

    id: str
    values: Values
    party: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """Two ids that mean the same, and the values both had when they last agreed."""

    ours: str
    theirs: str
    base: Values


@dataclass(frozen=True, slots=True)
class Step:
    """What has to be done with one record.

    `act`: same, update, create_here, create_there, gone_there, gone_here, ambiguous, twice, without_party.
    `here` and `there`: values to write on each side. `base`: what both agree on once that is done.
    `conflicts`: (field, ours, theirs) that both changed.
    """

    act: str
    ours: str = ""
    theirs: str = ""
    label: str = ""
    party: str = ""
    here: Values = field(default_factory=dict)
    there: Values = field(default_factory=dict)
    base: Values = field(default_factory=dict)
    conflicts: tuple[tuple[str, str, str], ...] = ()


def directions(kind: str, chosen: Mapping[str, str]) -> dict[str, str]:
    """Direction of every field of a kind; what was not chosen goes as far as it may."""
    found = {}
    for name, allowed in FIELDS[kind].items():
        wanted = chosen.get(f"{kind}-{name}", allowed)
        found[name] = wanted if wanted in ("off", allowed) or allowed == "both" else allowed
    return found


_SYMBOLS = {name: code for code, name in UNITS.items()} | {"u": "C62", "h": "HUR", "d": "DAY", "pcs": "C62", "": "C62"}


def lines_of(text: str) -> list[tuple[Decimal, str, str]]:
    """(quantity, unit code, title) of lines written "quantity|unit|title"; units that we do not know become pieces."""
    found = []
    for line in text.splitlines():
        quantity, _one, rest = line.partition("|")
        unit, _two, title = rest.partition("|")
        try:
            number = Decimal(quantity)
        except InvalidOperation:
            continue
        if title.strip() and number > 0:
            code = unit if unit in UNITS else _SYMBOLS.get(unit.strip(), "C62")
            found.append((number, code, title.strip()))
    return found


def lines_text(lines: Iterable[tuple[Decimal, str, str]]) -> str:
    """The one way to write lines, so that the same lines compare equal."""
    return "\n".join(f"{plain(quantity)}|{unit}|{' '.join(title.split())}" for quantity, unit, title in lines)


def signs(kind: str, item: Item) -> list[str]:
    """What may tell that two records are the same, the surest first."""
    values = item.values
    if kind == "party":
        vat = "".join(sign for sign in values.get("vat", "").upper() if sign.isalnum())
        name = f"name:{name_key(values.get('name', ''))}:{values.get('country', '')}"
        return [*([f"vat:{vat}"] if vat else []), name]
    if kind == "contact":
        email = values.get("email", "").casefold()
        return [f"{item.party}:{email or values.get('name', '').casefold()}"]
    return [f"{item.party}:{values.get('title', '').casefold()}"]


def merge(
    ours: Values, theirs: Values, base: Values | None, ways: Mapping[str, str], rule: str
) -> tuple[dict[str, str], dict[str, str], dict[str, str], tuple[tuple[str, str, str], ...]]:
    """(values to write here, there, the new base, conflicts) of two records that are the same thing.

    `base` None: they were never compared; an empty value then gives way to a filled one.
    """
    here, there, agreed, conflicts = dict[str, str](), dict[str, str](), dict(base or {}), list[tuple[str, str, str]]()
    for name, way in ways.items():
        if way == "off" or name not in ours or name not in theirs:
            continue
        mine, other = ours[name], theirs[name]
        winner = _winner(mine, other, base.get(name) if base is not None else None, way, rule)
        if winner is None:
            conflicts.append((name, mine, other))
            continue
        if winner == "theirs" and mine != other:
            here[name] = other
        elif winner == "ours" and mine != other:
            there[name] = mine
        agreed[name] = other if winner == "theirs" else mine
    return here, there, agreed, tuple(conflicts)


def _winner(mine: str, other: str, base: str | None, way: str, rule: str) -> str | None:
    if mine == other:
        return "ours"
    if way in ("in", "out"):
        return "theirs" if way == "in" else "ours"
    if base is None:
        if not mine or not other:
            return "theirs" if not mine else "ours"
    elif mine == base or other == base:
        return "theirs" if mine == base else "ours"
    return rule if rule in ("ours", "theirs") else None


def compare(
    kind: str, ours: Sequence[Item], theirs: Sequence[Item], known: Iterable[Known], ways: Mapping[str, str], rule: str
) -> list[Step]:
    """Every record of both sides once, with what is to be done."""
    steps = list[Step]()
    theirs_by, twice = _once(theirs)
    steps += [Step("twice", theirs=one.id, label=_label(kind, one)) for one in twice]
    ours_by = {one.id: one for one in ours}
    pairs = {one.ours: one for one in known}
    taken = {one.theirs for one in pairs.values()}
    for link in pairs.values():
        mine, other = ours_by.get(link.ours), theirs_by.get(link.theirs)
        if mine is None or other is None:
            gone = "gone_there" if other is None else "gone_here"
            left = mine or other
            label = _label(kind, left) if left is not None else ""
            steps.append(Step(gone, link.ours, link.theirs, label))
        else:
            steps.append(_both(kind, mine, other, link.base, ways, rule))
    free_ours = [one for one in ours if one.id not in pairs]
    free_theirs = [one for one in theirs_by.values() if one.id not in taken]
    return steps + _strangers(kind, free_ours, free_theirs, ways, rule)


def _once(theirs: Sequence[Item]) -> tuple[dict[str, Item], list[Item]]:
    """Each id once; the ids that came again with other values are named."""
    found, twice = dict[str, Item](), list[Item]()
    for one in theirs:
        first = found.setdefault(one.id, one)
        if first is not one and dict(first.values) != dict(one.values):
            twice.append(one)
    return found, twice


def _label(kind: str, item: Item) -> str:
    return item.values.get(_MUST[kind], "")


def _both(kind: str, mine: Item, other: Item, base: Values | None, ways: Mapping[str, str], rule: str) -> Step:
    here, there, agreed, conflicts = merge(mine.values, other.values, base, ways, rule)
    must = _MUST[kind]
    if must in here and not here[must]:
        del here[must]
    act = "update" if here or there or conflicts or base is None or dict(base) != agreed else "same"
    return Step(act, mine.id, other.id, _label(kind, mine), mine.party, here, there, agreed, conflicts)


def _strangers(
    kind: str, ours: Sequence[Item], theirs: Sequence[Item], ways: Mapping[str, str], rule: str
) -> list[Step]:
    """Records without a partner: found by our key and a shared sign, by what they say, or made on the other side.

    A key alone joins nothing: another installation may have numbered its customers the same way.
    """
    steps, left = list[Step](), {one.id: one for one in ours}
    others = list[Item]()
    for other in theirs:
        mine = left.get(other.key) if other.key else None
        if mine is not None and set(signs(kind, mine)) & set(signs(kind, other)):
            del left[mine.id]
            steps.append(_both(kind, mine, other, None, ways, rule))
        else:
            others.append(other)
    match = _matches(kind, list(left.values()), others)
    for other in others:
        found, sure = match(other)
        if found and not sure:
            names = "; ".join(sorted(one.id for one in found))
            steps.append(Step("ambiguous", names, other.id, _label(kind, other)))
        elif found:
            left.pop(found[0].id, None)
            steps.append(_both(kind, found[0], other, None, ways, rule))
        elif kind != "party" and not other.party:
            steps.append(Step("without_party", theirs=other.id, label=_label(kind, other)))
        else:
            values = {
                name: other.values[name] for name, way in ways.items() if way in ("both", "in") and name in other.values
            }
            if any(values.values()):
                steps.append(
                    Step("create_here", "", other.id, _label(kind, other), other.party, here=values, base=values)
                )
    undecided = {one for step in steps if step.act == "ambiguous" for one in step.ours.split("; ")}
    for mine in left.values():
        values = {
            name: mine.values[name] for name, way in ways.items() if way in ("both", "out") and name in mine.values
        }
        if mine.id not in undecided and values.get(_MUST[kind]):
            steps.append(Step("create_there", mine.id, "", _label(kind, mine), mine.party, there=values, base=values))
    return steps


def _matches(kind: str, ours: Sequence[Item], theirs: Sequence[Item]) -> Callable[[Item], tuple[list[Item], bool]]:
    """Ours that look like one of theirs, by the surest sign that any shares, and whether it is the only pair."""
    by_sign: dict[str, list[Item]] = defaultdict(list)
    rivals: dict[str, int] = defaultdict(int)
    for one in ours:
        for sign in signs(kind, one):
            by_sign[sign].append(one)
    for one in theirs:
        for sign in signs(kind, one):
            rivals[sign] += 1
    used = set[str]()

    def match(other: Item) -> tuple[list[Item], bool]:
        for sign in signs(kind, other):
            found = [one for one in by_sign.get(sign, ()) if one.id not in used]
            sure = len(found) == 1 and rivals[sign] == 1
            if sure:
                used.add(found[0].id)
            if found:
                return found, sure
        return [], False

    return match
