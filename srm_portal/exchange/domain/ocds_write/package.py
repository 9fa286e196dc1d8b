"""A project as an OCDS 1.1.5 release package: one release that says all that may be said, every reference resolved."""

from __future__ import annotations

from urllib.parse import quote

from srm_portal.exchange.domain.json_out import dump_json
from srm_portal.exchange.domain.moments import write_moment
from srm_portal.exchange.domain.ocds_write import awarding, tendering
from srm_portal.exchange.domain.ocds_write.parts import Json, documents, kept, money, public_url
from srm_portal.exchange.domain.ocds_write.roles import PartyList
from srm_portal.exchange.domain.ocds_write.values import ExportProject, ExportPublisher

_EXTENSIONS = "https://raw.githubusercontent.com/open-contracting-extensions/ocds_{}_extension/{}/extension.json"
_CANCELLED = frozenset({"cancelled", "withdrawn"})


def write_package(project: ExportProject, publisher: ExportPublisher) -> Json:
    """The release package of one project; amounts are `Decimal`, so write it with `package_bytes`.

    Raises ValueError where the view refers to a party, lot, item, bid or award that it does not hold.
    """
    release = _release(project, publisher)
    return kept(
        uri=f"{publisher.base_url.rstrip('/')}/ocds/{quote(project.reference, safe='')}.json",
        version="1.1",
        publishedDate=write_moment(project.changed_at),
        extensions=_extensions(release),
        publisher=kept(name=publisher.name, uri=public_url(publisher.base_url)),
        license=public_url(publisher.license_url),
        releases=[release],
    )


def package_bytes(package: Json) -> bytes:
    """The file of a package; the same project gives the same bytes."""
    return dump_json(package)


def _release(project: ExportProject, publisher: ExportPublisher) -> Json:
    ocid = project.imported_ocid or f"{publisher.ocid_prefix}-{project.reference}"
    parties = PartyList(project)
    return kept(
        ocid=ocid,
        id=f"{ocid}-{project.changed_at:%Y%m%d%H%M%S}",
        date=write_moment(project.changed_at),
        tag=_tags(project),
        initiationType="tender",
        language=project.language,
        parties=parties.listed(),
        buyer=parties.reference(project.buyer.key),
        planning=_planning(project),
        tender=tendering.tender(project, parties),
        bids=awarding.bids(project, parties),
        awards=awarding.awards(project, parties),
        contracts=awarding.contracts(project, parties),
    )


def _tags(project: ExportProject) -> list[str]:
    if project.status == "planning":
        return ["planning"]
    tags = ["tenderCancellation" if project.status in _CANCELLED else "tender"]
    return tags + ["award"] * bool(project.awards) + ["contract"] * bool(project.contracts)


def _planning(project: ExportProject) -> Json:
    return kept(
        rationale=project.rationale,
        budget=kept(amount=money(project.budget)),
        documents=documents(project.planning_documents),
    )


def _extensions(release: Json) -> list[str]:
    """Only those whose fields the release really has, in a fixed order."""
    tender = release.get("tender", {})
    contracts = release.get("contracts", [])
    lots = tender.get("lots", [])
    used = (
        ("bid", "v1.1.5", "bids" in release),
        ("lots", "v1.1.5", bool(lots)),
        ("enquiry", "v1.1.5", "enquiries" in tender),
        ("requirements", "master", "criteria" in tender),
        ("awardCriteria", "master", any("awardCriteria" in lot for lot in lots)),
        ("techniques", "master", "techniques" in tender),
        ("bidOpening", "master", "bidOpening" in tender),
        ("tenderClassification", "master", "classification" in tender or "additionalClassifications" in tender),
        ("contract_suppliers", "master", any("suppliers" in contract for contract in contracts)),
        ("contract_signatories", "master", any("signatories" in contract for contract in contracts)),
    )
    return [_EXTENSIONS.format(name, version) for name, version, is_used in used if is_used]
