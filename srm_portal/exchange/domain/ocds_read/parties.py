"""The organisations of a release: listed once each, found again from every reference."""

from __future__ import annotations

import re
from dataclasses import replace

from srm_portal.exchange.domain.ocds_read.node import Node, Notes
from srm_portal.exchange.domain.ocds_read.values import ImportedParty

_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+")


class PartyBook:
    """Parties by id. A reference to one that is not listed adds it, with a warning: no reference dangles."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._parties: dict[str, ImportedParty] = {}

    @property
    def parties(self) -> tuple[ImportedParty, ...]:
        return tuple(self._parties.values())

    def with_role(self, *roles: str) -> str | None:
        return next((party.id for party in self.parties if set(roles) & set(party.roles)), None)

    def list(self, node: Node) -> None:
        """Take one entry of `parties`."""
        party = _party(node)
        if party is None:
            return
        known = self._parties.get(party.id)
        if known is None:
            self._parties[party.id] = party
            return
        self._notes.warn(node.at("id"), "party_twice", party.id)
        names = {known.name, *known.also_named}
        also = known.also_named if party.name in names else (*known.also_named, party.name)
        roles = tuple(dict.fromkeys((*known.roles, *party.roles)))
        self._parties[party.id] = replace(known, also_named=also, roles=roles)

    def refer(self, node: Node, role: str) -> str | None:
        """The id of the party that a reference means; None where it says nothing."""
        key, name = node.identifier(), node.text("name")
        if not key and not name:
            return None
        if not key:
            key = next((party.id for party in self.parties if name == party.name), "")
            node.notes.warn(node.at("id"), "missing", name)
        if not key:
            key = f"name:{name}"
        known = self._parties.get(key)
        if known is None:
            node.notes.warn(node.path, "party_not_listed", name or key)
            known = ImportedParty(key, name or key, ())
        if role not in known.roles:
            known = replace(known, roles=(*known.roles, role))
        self._parties[key] = known
        return key

    def refer_all(self, node: Node, key: str, role: str) -> tuple[str, ...]:
        found = [self.refer(reference, role) for reference in node.nodes(key)]
        ids = [party_id for party_id in found if party_id is not None]
        if len(set(ids)) < len(ids):
            node.notes.warn(node.at(key), "party_twice")
        return tuple(dict.fromkeys(ids))


def _party(node: Node) -> ImportedParty | None:
    key, name = node.identifier(), node.text("name")
    identifier, address, contact, details = (
        node.sub("identifier"), node.sub("address"), node.sub("contactPoint"), node.sub("details"),
    )  # fmt: skip
    legal_name = identifier.text("legalName")
    if not key and not (name or legal_name):
        node.notes.warn(node.path, "empty_party")
        return None
    if not key:
        node.notes.warn(node.at("id"), "missing", name)
        key = f"name:{name or legal_name}"
    if not name:
        node.notes.warn(node.at("name"), "name_missing", key)
    return ImportedParty(
        id=key,
        name=name or legal_name or key,
        roles=node.texts("roles"),
        legal_name=legal_name,
        scheme=identifier.text("scheme"),
        identifier=identifier.identifier(),
        street=address.text("streetAddress"),
        locality=address.text("locality"),
        region=address.text("region"),
        postal_code=address.text("postalCode"),
        country_name=address.text("countryName"),
        contact_name=contact.text("name"),
        email=_email(contact),
        telephone=contact.text("telephone"),
        url=details.url("url") or contact.url("url"),
        scale=details.text("scale"),
    )


def _email(contact: Node) -> str:
    text = contact.text("email")
    if text and not _EMAIL.fullmatch(text):
        contact.notes.warn(contact.at("email"), "bad_email", text)
        return ""
    return text
