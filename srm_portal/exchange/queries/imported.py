"""What an imported project's page shows of where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from srm_portal.exchange.domain.ocds_project import FORMAT
from srm_portal.exchange.queries.faults import FaultView, fault_view
from srm_portal.kernel.canonical import parse_moment
from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.money import Money
from srm_portal.sourcing import queries as sourcing


@dataclass(frozen=True, slots=True)
class PartyLine:
    name: str
    roles: tuple[str, ...]
    place: str
    supplier_id: str | None


@dataclass(frozen=True, slots=True)
class AwardLine:
    title: str
    winners: tuple[str, ...]
    value: Money | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class DocumentLine:
    title: str
    kind: str
    url: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class SourceView:
    """Where a project comes from; lists are cut at a length a page can bear, `more` says how many are not shown."""

    format: str
    ocid: str
    reference: str
    buyer: str
    method: str
    released_at: datetime | None
    tender_ends_at: datetime | None
    parties: tuple[PartyLine, ...]
    awards: tuple[AwardLine, ...]
    documents: tuple[DocumentLine, ...]
    warnings: tuple[FaultView, ...]
    more: int


LINES_MAX = 40


def source_of(project: sourcing.ProjectView) -> SourceView | None:
    """None for a project that was written here."""
    source = sourcing.source(project.id) if project.source_id else None
    if source is None:
        return None
    if source.get("format") != FORMAT:
        place = str(source.get("place", ""))
        return SourceView(
            str(source.get("format", "")),
            "",
            str(source.get("reference", "")),
            "",
            place,
            None,
            None,
            (),
            (),
            (),
            (),
            0,
        )
    release: dict[str, Any] = source["release"]
    names = {party["id"]: party["name"] for party in release.get("parties", ())}
    parties = [_party(party, source["suppliers"]) for party in release.get("parties", ())]
    awards = [_award(award, names) for award in release.get("awards", ())]
    documents = [_document(entry) for entry in _all_documents(release)]
    warnings = [fault_view(_problem(entry)) for entry in source.get("warnings", ())]
    lists = (parties, awards, documents, warnings)
    period = release.get("tender_period", {})
    return SourceView(
        format=FORMAT,
        ocid=release["ocid"],
        reference=release.get("reference", ""),
        buyer=names.get(release.get("buyer_id", ""), ""),
        method=release.get("method_details") or release.get("method", ""),
        released_at=_moment(release.get("released_at")),
        tender_ends_at=_moment(period.get("ends_at")),
        parties=tuple(parties[:LINES_MAX]),
        awards=tuple(awards[:LINES_MAX]),
        documents=tuple(documents[:LINES_MAX]),
        warnings=tuple(warnings[:LINES_MAX]),
        more=sum(max(0, len(one) - LINES_MAX) for one in lists),
    )


def _moment(text: str | None) -> datetime | None:
    return parse_moment(text) if text else None


def _party(party: dict[str, Any], suppliers: dict[str, str]) -> PartyLine:
    place = ", ".join(part for part in (party.get("locality"), party.get("country_name")) if part)
    return PartyLine(party["name"], tuple(party.get("roles", ())), place, suppliers.get(party["id"]))


def _award(award: dict[str, Any], names: dict[str, str]) -> AwardLine:
    winners = tuple(names.get(key, key) for key in award.get("supplier_ids", ()))
    return AwardLine(award.get("title", ""), winners, _money(award.get("value")), _moment(award.get("awarded_at")))


def _money(value: dict[str, str] | None) -> Money | None:
    return Money(Decimal(value["amount"]), value["currency"]) if value else None


def _all_documents(release: dict[str, Any]) -> list[dict[str, Any]]:
    holders = [release, *release.get("awards", ()), *release.get("contracts", ())]
    return [entry for holder in holders for entry in holder.get("documents", ())]


def _document(entry: dict[str, Any]) -> DocumentLine:
    title = entry.get("title") or entry.get("description") or entry.get("kind") or entry.get("id", "")
    return DocumentLine(str(title)[:200], entry.get("kind", ""), entry.get("url"), _moment(entry.get("published_at")))


def _problem(entry: dict[str, Any]) -> FieldProblem:
    facts = tuple((str(name), str(value)) for name, value in entry.get("facts", ()))
    return FieldProblem(entry.get("field", ""), entry["code"], entry.get("row"), entry.get("value", ""), facts)
