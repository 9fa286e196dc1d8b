"""The parties of a release with the roles they play in it; a reference can only be made to one of them."""

from __future__ import annotations

from srm_portal.exchange.domain.ocds_write.parts import Json, kept, public_url
from srm_portal.exchange.domain.ocds_write.values import ExportParty, ExportProject

_ROLE_ORDER = ("buyer", "procuringEntity", "enquirer", "tenderer", "supplier")


class PartyList:
    """Ids are those of a public register where one is known (`SCHEME-identifier`), the portal's own otherwise."""

    def __init__(self, project: ExportProject) -> None:
        self._parties: dict[str, ExportParty] = {project.buyer.key: project.buyer}
        self._parties.update((party.key, party) for party in project.parties)
        self._ids = _public_ids(self._parties)
        self._roles: dict[str, set[str]] = {}
        self._play(project)

    def _play(self, project: ExportProject) -> None:
        self._roles[project.buyer.key] = {"buyer", "procuringEntity"}
        playing = {
            "tenderer": (*project.tenderer_keys, *(bid.tenderer_key for bid in project.bids)),
            "enquirer": tuple(enquiry.author_key for enquiry in project.enquiries if enquiry.author_key),
            "supplier": (
                *(key for award in project.awards for key in award.supplier_keys),
                *(key for contract in project.contracts for key in contract.supplier_keys),
            ),
        }  # fmt: skip
        for role, keys in playing.items():
            for key in keys:
                self._roles.setdefault(key, set()).add(role)
        for contract in project.contracts:
            for key in contract.signatory_keys:
                self._roles.setdefault(key, set())

    def reference(self, key: str) -> Json:
        if key not in self._parties:
            raise ValueError(f"not among the parties: {key}")
        return {"id": self._ids[key], "name": self._parties[key].name}

    def references(self, keys: tuple[str, ...]) -> list[Json]:
        return [self.reference(key) for key in dict.fromkeys(keys)]

    def listed(self) -> list[Json]:
        """Every party that plays a part, in the order given; the others are nobody's business."""
        return [self._entry(party) for key, party in self._parties.items() if key in self._roles]

    def _entry(self, party: ExportParty) -> Json:
        roles = self._roles[party.key]
        return kept(
            id=self._ids[party.key],
            name=party.name,
            identifier=kept(
                scheme=party.scheme, id=party.identifier, legalName=party.legal_name or party.name
            ) if party.identifier else kept(legalName=party.legal_name),
            address=kept(
                streetAddress=party.street, locality=party.locality, region=party.region,
                postalCode=party.postal_code, countryName=party.country_name,
            ),
            contactPoint=kept(name=party.contact_name, email=party.email, telephone=party.telephone),
            details=kept(url=public_url(party.url)),
            roles=[role for role in _ROLE_ORDER if role in roles],
        )  # fmt: skip


def _public_ids(parties: dict[str, ExportParty]) -> dict[str, str]:
    ids: dict[str, str] = {}
    for key, party in parties.items():
        registered = f"{party.scheme}-{party.identifier}" if party.scheme and party.identifier else ""
        taken = registered in ids.values() or registered in parties
        ids[key] = registered if registered and not taken else key
    return ids
