"""The companies of releases in the registry: found again by register number or name, else added as prospects."""

from __future__ import annotations

from datetime import datetime

from srm_portal.exchange.domain.ocds_project import register_country, register_number, supplying
from srm_portal.exchange.domain.ocds_read import ImportedParty, ImportedRelease
from srm_portal.exchange.ports import RegisterBook, Registers
from srm_portal.infra.gateways import gateway
from srm_portal.kernel.errors import FieldProblem, Invalid
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import queries as suppliers
from srm_portal.suppliers import services as registry
from srm_portal.suppliers.domain.record import TEXT_MAX, SupplierData

SOURCE = "OCDS"


def registers() -> Registers:
    known = {category.code for category in suppliers.categories()}
    book = gateway(RegisterBook)  # type: ignore[type-abstract]
    return book(lambda code: code in known)


class Companies:
    """Asks the registry for every company of a release, and adds those whose country is known."""

    def __init__(self, actor: Actor, now: datetime) -> None:
        self._actor, self._now = actor, now
        self._registers = registers()

    def of(self, release: ImportedRelease) -> tuple[dict[str, str], list[FieldProblem]]:
        """Party id -> supplier id, and a warning for each company that is only listed with the project."""
        found: dict[str, str] = {}
        listed: list[FieldProblem] = []
        for party in supplying(release):
            supplier_id = self._one(party, release)
            if supplier_id:
                found[party.id] = supplier_id
            else:
                listed.append(FieldProblem("parties", "only_listed", release.row, party.name[:80]))
        return found, listed

    def _one(self, party: ImportedParty, release: ImportedRelease) -> str | None:
        country = self._country(party)
        numbers = [register_number(party), party.identifier]
        known = suppliers.known_as(self._actor.organisation_id, party.name, country=country, numbers=numbers)
        if known is not None:
            return known.id
        return self._add(party, country, release) if country else None

    def _country(self, party: ImportedParty) -> str:
        named = self._registers.country_named(party.country_name) if party.country_name else None
        return named or register_country(party.scheme)

    def _add(self, party: ImportedParty, country: str, release: ImportedRelease) -> str | None:
        code = release.classification.code if release.classification else ""
        data = SupplierData(
            name=party.name,
            legal_name=_fitting("legal_name", party.legal_name),
            country=country,
            region=_fitting("region", party.region),
            city=_fitting("city", party.locality),
            postcode=_fitting("postcode", party.postal_code),
            street=_fitting("street", party.street),
            registration_number=_fitting("registration_number", register_number(party)),
            website=_fitting("website", party.url or ""),
            phone=_fitting("phone", party.telephone),
            categories=(code,) if self._registers.known_category(code) else (),
        )
        try:
            supplier_id = registry.add_prospect(self._actor, data, now=self._now, source=SOURCE, accept_duplicates=True)
        except Invalid:
            return None
        self._add_contact(supplier_id, party)
        return supplier_id

    def _add_contact(self, supplier_id: str, party: ImportedParty) -> None:
        if not party.email:
            return
        try:
            registry.add_contact(
                self._actor, supplier_id, name=(party.contact_name or party.name)[:200], email=party.email,
                phone=_fitting("phone", party.telephone), now=self._now,
            )  # fmt: skip
        except Invalid:
            return


def _fitting(field: str, text: str) -> str:
    """A text beside the matter that is too long for its field stays with the project's source only."""
    return text if len(text) <= TEXT_MAX[field] else ""
