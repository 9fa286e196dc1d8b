"""Tryton 8 as the CRM: its JSON-RPC, spoken as its own client does. docs/crm.md says how the fields meet.

Only the protocol is used, nothing of Tryton is imported. One session a run; a company's own party and its employees
are no customers and are left out.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol
from urllib.parse import quote

from srm_portal.integrations.ports import Access, CrmFailure, Record, Unreachable
from srm_portal.kernel.money import plain

PAGE = 1000
ANSWER_MAX = 64 * 1024 * 1024
_EU = frozenset(
    {*("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT")}
)
_EU |= {"LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
_PHASES = {
    "lead": "lead",
    "opportunity": "open",
    "converted": "won",
    "won": "won",
    "lost": "lost",
    "cancelled": "lost",
}
_BUTTONS = {"lead": "lead", "open": "opportunity", "lost": "lost"}
_MARK = "\n\n-- SRM portal --\n"
_PARTY = (
    "name", "code", "identifiers.type", "identifiers.code", "addresses.city", "addresses.country",
    "addresses.country.code", "contact_mechanisms.type", "contact_mechanisms.value", "contact_mechanisms.name",
)  # fmt: skip
_OPPORTUNITY = (
    "description", "comment", "amount", "currency.code", "conversion_probability", "end_date", "state", "party", "reference",
    "lines.product.rec_name", "lines.product", "lines.quantity", "lines.unit", "lines.unit.symbol", "lines.description",
)  # fmt: skip
Row = dict[str, Any]


class Sender(Protocol):
    def send(self, url: str, headers: Mapping[str, str], body: bytes, answer_max: int) -> tuple[int, bytes]:
        """(status, answer); raises Unreachable."""
        ...


class TrytonCrm:
    """A session with one database of one Tryton server."""

    def __init__(self, access: Access, sender: Sender) -> None:
        self._url = f"{access.url.rstrip('/')}/{quote(access.database, safe='')}/rpc/"
        self._sender, self._session = sender, ""
        answer = self._call("common.db.login", access.login, {"password": access.password}, "en")
        if not isinstance(answer, list) or len(answer) < 2:
            raise CrmFailure("crm_rubbish")
        token = f"{access.login}:{answer[0]}:{answer[1]}".encode()
        self._session = "Session " + base64.b64encode(token).decode()
        preferences = self._call("model.res.user.get_preferences", True, {})
        self._context = {name: preferences[name] for name in ("company", "employee") if preferences.get(name)}
        self._countries: dict[str, int] = {}
        self._parties: dict[int, Row] = {}

    def _call(self, method: str, *parameters: Any) -> Any:
        body = json.dumps({"id": 1, "method": method, "params": parameters}).encode()
        headers = {"Content-Type": "application/json"}
        if self._session:
            headers["Authorization"] = self._session
        try:
            status, answer = self._sender.send(self._url, headers, body, ANSWER_MAX)
        except Unreachable as wrong:
            raise CrmFailure("crm_slow" if wrong.code == "too_slow" else "crm_unreachable", wrong.code) from None
        if status in (401, 403):
            raise CrmFailure("crm_login")
        if status == 404:
            raise CrmFailure("crm_database")
        if status != 200:
            raise CrmFailure("crm_unreachable", f"HTTP {status}")
        return _result(answer)

    def _all(self, model: str, names: Sequence[str], domain: Sequence[Any] = ()) -> list[Row]:
        found: list[Row] = []
        while True:
            page = self._call(
                f"model.{model}.search_read",
                list(domain),
                len(found),
                PAGE,
                [["id", "ASC"]],
                list(names),
                self._context,
            )
            if not isinstance(page, list) or not all(isinstance(one, dict) and "id" in one for one in page):
                raise CrmFailure("crm_rubbish")
            found += page
            if len(page) < PAGE:
                return found

    def read(self, kind: str) -> Sequence[Record]:
        try:
            if kind == "opportunity":
                return [_opportunity(row) for row in self._all("sale.opportunity", _OPPORTUNITY)]
            rows = self._customers()
            if kind == "party":
                return [_party(row) for row in rows]
            return [contact for row in rows for contact in _contacts(row)]
        except (KeyError, TypeError, AttributeError, InvalidOperation) as wrong:
            raise CrmFailure("crm_rubbish", type(wrong).__name__) from None

    def _customers(self) -> list[Row]:
        if not self._parties:
            own = [one["party"] for one in self._all("company.company", ("party",))]
            own += [one["party"] for one in self._all("company.employee", ("party",))]
            domain = [["id", "not in", own]] if own else []
            self._parties = {row["id"]: row for row in self._all("party.party", _PARTY, domain)}
        return list(self._parties.values())

    def _country(self, code: str) -> int | None:
        if not code:
            return None
        if not self._countries:
            rows = self._all("country.country", ("code",))
            self._countries = {one["code"]: one["id"] for one in rows if one.get("code")}
        if code not in self._countries:
            raise CrmFailure("crm_refused", f"The country {code} is not among the countries of the CRM.")
        return self._countries[code]

    def create(self, kind: str, records: Sequence[Record]) -> Sequence[str]:
        if kind == "contact":
            return [self._create_contact(one) for one in records]
        model = {"party": "party.party", "opportunity": "sale.opportunity"}[kind]
        values = [self._new_party(one) if kind == "party" else _new_opportunity(one) for one in records]
        made = [str(one) for one in self._call(f"model.{model}.create", values, self._context)]
        if kind == "opportunity":
            self._press([(one, record) for one, record in zip(made, records, strict=True)], new=True)
        return made

    def _new_party(self, record: Record) -> Row:
        given = record.values
        mechanisms = [{"type": "website", "value": given["website"]}] if given.get("website") else []
        address = {"city": given.get("city") or None, "country": self._country(given.get("country", ""))}
        row: Row = {"name": given["name"], "code": record.key, "addresses": [["create", [address]]]}
        if given.get("vat"):
            row["identifiers"] = [["create", [_identifier(given["vat"])]]]
        return row | ({"contact_mechanisms": [["create", mechanisms]]} if mechanisms else {})

    def _create_contact(self, record: Record) -> str:
        values = [
            {"party": int(record.party), "type": kind, "value": record.values[kind], "name": record.values["name"]}
            for kind in ("email", "phone")
            if record.values.get(kind)
        ]
        if not values:
            raise CrmFailure("crm_refused", "A contact there needs an e-mail address or a telephone number.")
        return str(min(self._call("model.party.contact_mechanism.create", values, self._context)))

    def write(self, kind: str, records: Sequence[Record]) -> None:
        for one in records:
            if kind == "party":
                self._write_party(one)
            elif kind == "contact":
                self._write_contact(one)
            else:
                values = _opportunity_values(one.values)
                if values:
                    self._call("model.sale.opportunity.write", [int(one.id)], values, self._context)
                self._press([(one.id, one)], new=False)

    def _press(self, pairs: Sequence[tuple[str, Record]], *, new: bool) -> None:
        """Stages are changed there by buttons. Winning makes a sale there, which is not ours to do."""
        for one, record in pairs:
            phase = record.values.get("phase", "")
            button = _BUTTONS.get(phase)
            if button and not (new and phase == "lead"):
                self._call(f"model.sale.opportunity.{button}", [int(one)], self._context)

    def _write_party(self, record: Record) -> None:
        self._customers()
        row, given = self._parties[int(record.id)], record.values
        values: Row = {"name": given["name"]} if "name" in given else {}
        changed = _address(given, self._country)
        if changed:
            addresses = row["addresses."]
            act = ["write", [addresses[0]["id"]], changed] if addresses else ["create", [changed]]
            values["addresses"] = [act]
        if "website" in given:
            values["contact_mechanisms"] = _set(_first(row, "website"), {"type": "website"}, given["website"], "value")
        if "vat" in given:
            start = _identifier(given["vat"])
            values["identifiers"] = _set(_vat_row(row), start, start["code"], "code")
        self._call("model.party.party.write", [int(record.id)], values, self._context)

    def _write_contact(self, record: Record) -> None:
        self._customers()
        row = next((one for one in self._parties.values() if any(record.id == c.id for c in _contacts(one))), None)
        if row is None:
            raise CrmFailure("crm_refused", "The contact is gone there.")
        group = _groups(row)[int(record.id)]
        name = record.values.get("name", group[0]["name"] or group[0]["value"])
        acts: list[Any] = []
        gone = set[int]()
        for kind in ("email", "phone"):
            kept = next((one for one in group if one["type"] in _ALSO[kind]), None)
            if kind in record.values:
                acts += _set(kept, {"type": kind, "name": name}, record.values[kind], "value")
                gone |= {kept["id"]} if kept and not record.values[kind] else set()
        left = [one["id"] for one in group if one["id"] not in gone]
        if "name" in record.values and left:
            acts.append(["write", left, {"name": name}])
        self._call("model.party.party.write", [row["id"]], {"contact_mechanisms": acts}, self._context)


_ALSO = {"email": ("email",), "phone": ("phone", "mobile")}


def _result(answer: bytes) -> Any:
    try:
        document = json.loads(answer)
    except (ValueError, RecursionError):
        raise CrmFailure("crm_rubbish") from None
    if not isinstance(document, dict):
        raise CrmFailure("crm_rubbish")
    if document.get("error"):
        raise CrmFailure("crm_refused", _words(document["error"]))
    if "result" not in document:
        raise CrmFailure("crm_rubbish")
    return document["result"]


def _words(error: Any) -> str:
    """Tryton answers ["UserError", [message, description, ...]], or [text, trace]."""
    if isinstance(error, list) and error:
        inner = error[1] if len(error) > 1 and isinstance(error[1], list) and error[1] else error
        return str(inner[0])[:200]
    return ""


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _identifier(code: str) -> Row:
    return {"type": "eu_vat" if code[:2] in _EU or code[:2] == "EL" else None, "code": code}


def _address(given: Mapping[str, str], country: Any) -> Row:
    row: Row = {}
    if "city" in given:
        row["city"] = given["city"] or None
    if given.get("country"):
        row["country"] = country(given["country"])
    return row


def _set(kept: Row | None, start: Row, value: str, name: str) -> list[Any]:
    """Acts on a one-to-many that leave this value in it: change, add or take away."""
    if kept is None:
        return [["create", [start | {name: value}]]] if value else []
    return [["write", [kept["id"]], {name: value}]] if value else [["delete", [kept["id"]]]]


def _first(row: Row, kind: str) -> Row | None:
    return next((one for one in row["contact_mechanisms."] if one["type"] == kind), None)


def _vat_row(row: Row) -> Row | None:
    return next((one for one in row["identifiers."] if one["type"] in ("eu_vat", None)), None)


def _party(row: Row) -> Record:
    address = next(iter(row["addresses."]), {})
    country = (address.get("country.") or {}).get("code")
    vat, website = _vat_row(row), _first(row, "website")
    values = {
        "name": _text(row["name"]),
        "city": _text(address.get("city")),
        "vat": "".join(_text(vat["code"]).split()) if vat else "",
        "website": _text(website["value"]) if website else "",
    }
    return Record(str(row["id"]), values | ({"country": country} if country else {}), key=_text(row["code"]))


def _groups(row: Row) -> dict[int, list[Row]]:
    """A person there is the addresses and numbers that share a name; without a name each stands alone."""
    found: dict[str, list[Row]] = {}
    for one in sorted(row["contact_mechanisms."], key=lambda one: int(one["id"])):
        if one["type"] in ("email", "phone", "mobile"):
            found.setdefault(_text(one["name"]) or f"#{one['id']}", []).append(one)
    return {int(group[0]["id"]): group for group in found.values()}


def _contacts(row: Row) -> list[Record]:
    records = []
    for one, group in _groups(row).items():
        values = {"name": _text(group[0]["name"]) or _text(group[0]["value"])}
        for kind, types in _ALSO.items():
            kept = next((entry for entry in group if entry["type"] in types), None)
            values[kind] = _text(kept["value"]) if kept else ""
        records.append(Record(str(one), values, party=str(row["id"])))
    return records


def _new_opportunity(record: Record) -> Row:
    return _opportunity_values(record.values) | {"party": int(record.party), "reference": record.key}


def _opportunity_values(given: Mapping[str, str]) -> Row:
    row: Row = {}
    if "title" in given:
        row["description"] = given["title"]
    if "description" in given or "business" in given:
        row["comment"] = given.get("description", "") + (_MARK + given["business"] if given.get("business") else "")
    if "amount" in given:
        amount = given["amount"]
        row["amount"] = {"__class__": "Decimal", "decimal": amount} if amount else None
    if "probability" in given:
        row["conversion_probability"] = int(given["probability"] or 0) / 100
    if "expected_on" in given:
        row["end_date"] = _date(given["expected_on"])
    return row


def _date(text: str) -> Row | None:
    if not text:
        return None
    year, month, day = (int(part) for part in text.split("-"))
    return {"__class__": "date", "year": year, "month": month, "day": day}


def _opportunity(row: Row) -> Record:
    comment, _mark, business = _text(row["comment"]).partition(_MARK.strip())
    end, amount = row["end_date"], row["amount"]
    values = {
        "title": _text(row["description"]),
        "description": comment.strip(),
        "business": business.strip(),
        "amount": plain(Decimal(amount["decimal"])) if amount else "",
        "probability": str(round(row["conversion_probability"] * 100)),
        "expected_on": f"{end['year']:04d}-{end['month']:02d}-{end['day']:02d}" if end else "",
        "phase": _PHASES[row["state"]],
        "currency": _text((row.get("currency.") or {}).get("code")),
        "lines": "\n".join(_line(one) for one in row["lines."]),
    }
    party = row["party"]
    return Record(str(row["id"]), values, party=str(party) if party else "", key=_text(row["reference"]))


def _line(row: Row) -> str:
    """ "quantity|unit|title", the form in which lines are compared."""
    product, unit = row.get("product.") or {}, row.get("unit.") or {}
    title = _text(product.get("rec_name")) or _text(row.get("description"))
    quantity = plain(Decimal(str(row["quantity"] or 0)))
    return f"{quantity}|{_text(unit.get('symbol'))}|{title}".replace("\n", " ")
