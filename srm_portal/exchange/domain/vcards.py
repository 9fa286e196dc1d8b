"""Business cards (vCard): read in versions 2.1 to 4.0, written in 4.0 (RFC 6350)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from srm_portal.kernel.errors import InputError

CARDS_MAX = 5000
_ESCAPED = re.compile(r"\\([\\,;nN])")


@dataclass(frozen=True, slots=True)
class Card:
    """One card; `row` counts from 1 in the file."""

    row: int = 0
    name: str = ""
    organisation: str = ""
    email: str = ""
    phone: str = ""
    role: str = ""
    city: str = ""
    country: str = ""


def read_cards(data: bytes) -> list[Card]:
    """Every card of a .vcf file, also those without a name. Raises InputError where there is none, or too many."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    cards, card = list[Card](), None
    for line in _unfolded(text):
        head, _colon, value = line.partition(":")
        name, *parameters = head.split(";")
        name = name.rpartition(".")[2].strip().upper()
        if name == "BEGIN" and value.strip().upper() == "VCARD":
            card = Card(len(cards) + 1)
        elif name == "END" and card is not None:
            cards.append(card)
            card = None
            if len(cards) > CARDS_MAX:
                raise InputError("file", f"at most {CARDS_MAX} cards")
        elif card is not None:
            quoted = any("QUOTED-PRINTABLE" in one.upper() for one in parameters)
            card = _with(card, name, _decoded(value) if quoted else value)
    if not cards:
        raise InputError("file", "at least one card (BEGIN:VCARD … END:VCARD) is expected")
    return cards


def _unfolded(text: str) -> list[str]:
    """Long lines are continued by a blank at the start of the next one."""
    found = list[str]()
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line[:1] in (" ", "\t") and found:
            found[-1] += line[1:]
        elif found and found[-1].endswith("=") and "QUOTED-PRINTABLE" in found[-1].upper():
            found[-1] = found[-1][:-1] + line
        else:
            found.append(line)
    return found


def _decoded(value: str) -> str:
    raw = re.sub(r"=([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), value)
    try:
        return raw.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return raw


def _plain(value: str) -> str:
    text = _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
    return " ".join(text.replace("\x00", "").split())


def _parts(value: str) -> list[str]:
    return [_plain(one) for one in re.split(r"(?<!\\);", value)]


def _with(card: Card, name: str, value: str) -> Card:
    """The first value of a kind counts."""
    if name == "FN" and not card.name:
        return replace(card, name=_plain(value))
    if name == "N" and not card.name:
        family, given = [*_parts(value), "", ""][:2]
        return replace(card, name=f"{given} {family}".strip())
    if name == "ORG" and not card.organisation:
        return replace(card, organisation=_parts(value)[0])
    if name == "ADR" and not card.city:
        parts = [*_parts(value), *[""] * 7]
        return replace(card, city=parts[3], country=parts[6])
    text = _plain(value).removeprefix("tel:").removeprefix("mailto:")
    if name == "EMAIL" and not card.email:
        return replace(card, email=text)
    if name == "TEL" and not card.phone:
        return replace(card, phone=text)
    if name == "TITLE" and not card.role:
        return replace(card, role=text)
    return card


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;").replace("\n", "\\n")


def _folded(line: str) -> Iterable[str]:
    """At most 75 bytes a line, cut between characters."""
    piece, size = "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > 75:
            yield piece
            piece, size = " ", 1
        piece, size = piece + sign, size + width
    yield piece


def write_cards(cards: Iterable[Card]) -> bytes:
    lines = list[str]()
    for card in cards:
        lines += ["BEGIN:VCARD", "VERSION:4.0", f"FN:{_escaped(card.name)}"]
        for name, value in (("ORG", card.organisation), ("TITLE", card.role), ("EMAIL", card.email)):
            lines += [f"{name}:{_escaped(value)}"] if value else []
        lines += [f"TEL;VALUE=text:{_escaped(card.phone)}"] if card.phone else []
        if card.city or card.country:
            lines.append(f"ADR:;;;{_escaped(card.city)};;;{_escaped(card.country)}")
        lines.append("END:VCARD")
    return "".join(piece + "\r\n" for line in lines for piece in _folded(line)).encode()
