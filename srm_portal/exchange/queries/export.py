"""A project as it may be published: only what was published, opened or decided, from the rooms that know it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import current_app

from srm_portal.auctions import queries as auctions
from srm_portal.audit.queries import stream_history
from srm_portal.exchange.domain.ocds_again import Said, said
from srm_portal.exchange.domain.ocds_project import FORMAT
from srm_portal.exchange.domain.ocds_write import (
    ExportClassification,
    ExportCriterion,
    ExportEnquiry,
    ExportItem,
    ExportLot,
    ExportParty,
    ExportProject,
    ExportPublisher,
    package_bytes,
    write_package,
)
from srm_portal.exchange.queries import export_bids, export_decisions
from srm_portal.exchange.queries.export_parties import supplier_parties
from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.kernel.measure import UNITS
from srm_portal.kernel.money import Money
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.queries import EventView, ProjectView
from srm_portal.suppliers import queries as suppliers
from srm_portal.web.formats import country

_ALL = 1_000_000
_PUBLISHED = frozenset({"published", "opened"})


def may_be_exported(project: ProjectView) -> bool:
    """A need that nobody has approved is nobody's business yet; an imported process was public before it came."""
    return project.stage != "need" or project.need_state == "approved" or _from_ocds(project)


def _from_ocds(project: ProjectView) -> bool:
    return project.source_id is not None and not project.source_id.startswith("need:")


def exportable(actor: Actor) -> list[ProjectView]:
    """Every project that can be exported, by reference."""
    if not actor.may("project:export"):
        raise NotFound
    found = [
        project
        for archived in (False, True)
        for project in sourcing.projects(actor, archived=archived, limit=_ALL)[0]
        if may_be_exported(project)
    ]
    return sorted(found, key=lambda project: project.reference)


def export_of(actor: Actor, project_id: str) -> bytes:
    """The OCDS release package of a project; the same project gives the same bytes.

    Refused: `not_exportable`. NotFound for who may not export.
    """
    if not actor.may("project:export"):
        raise NotFound
    project = sourcing.project_for(actor, project_id)
    if not may_be_exported(project):
        raise Refused("not_exportable")
    organisation = identity.organisation(project.organisation_id)
    publisher = ExportPublisher(organisation.name, current_app.config["OCID_PREFIX"], current_app.config["PUBLIC_URL"])
    return package_bytes(write_package(_project(actor, project, organisation), publisher))


def _project(actor: Actor, project: ProjectView, organisation: identity.OrganisationView) -> ExportProject:
    event = sourcing.main_event(project.id)
    published = event if event is not None and event.state in _PUBLISHED else None
    opened = published is not None and published.state == "opened"
    source = sourcing.source(project.id) if _from_ocds(project) else None
    before = said(source) if source and source.get("format") == FORMAT else None
    bids = export_bids.bids(published)
    awards, contracts = export_decisions.decided(project.id, {bid.tenderer_key: bid.id for bid in bids})
    keys = {bid.tenderer_key for bid in bids} | {key for award in awards for key in award.supplier_keys}
    lots = sourcing.lots(project.id)
    numbers = {lot.id: str(lot.number) for lot in lots}
    own = ExportParty(
        organisation.id,
        organisation.name,
        country_name=country(organisation.country, "en") if organisation.country else "",
    )
    written = ExportProject(
        reference=project.reference,
        title=project.title,
        changed_at=_changed_at(actor, project),
        status=_status(project, published),
        buyer=own,
        language=organisation.language,
        description=project.description,
        method="selective" if published else None,
        classification=_classification(project),
        budget=_budget(project) if opened else None,
        tender_starts_at=published.published_at if published else None,
        tender_ends_at=published.deadline_at if published else None,
        enquiries_start_at=published.published_at if published and published.questions_until else None,
        enquiries_end_at=published.questions_until if published else None,
        opened_at=published.opened_at if published else None,
        has_auction=bool(auctions.results(project.id)),
        parties=supplier_parties(actor, sorted(keys)),
        tenderer_keys=tuple(bid.tenderer_key for bid in bids),
        lots=tuple(ExportLot(numbers[lot.id], lot.title, lot.description, _status(project, published)) for lot in lots),
        items=tuple(_item(line) for line in sourcing.lines(project.id)),
        criteria=tuple(_criteria(published)),
        enquiries=tuple(_enquiries(published)),
        bids=bids,
        statistics=export_bids.statistics(published, bids),
        awards=export_decisions.with_lots(awards, numbers),
        contracts=contracts,
    )
    return _with_source(written, before, published) if before else written


def _with_source(written: ExportProject, before: Said, published: EventView | None) -> ExportProject:
    """An imported process keeps its number and what it said before; what happened here since comes first."""
    here = published is not None
    decided = bool(written.awards)
    buyer = before.buyer or written.buyer
    return replace(
        written,
        imported_ocid=before.ocid,
        status=written.status if here or written.status == "cancelled" else before.status,
        lots=tuple(
            lot if here else replace(lot, status=before.status if written.status != "cancelled" else "cancelled")
            for lot in written.lots
        ),
        language=before.language or written.language,
        buyer=buyer,
        category=before.category,
        method=written.method or before.method,
        method_details=before.method_details,
        classification=written.classification or before.classification,
        additional=before.additional,
        value=before.value,
        min_value=before.min_value,
        budget=before.budget or written.budget,
        tender_starts_at=written.tender_starts_at or before.tender.starts_at,
        tender_ends_at=written.tender_ends_at if here else before.tender.ends_at,
        enquiries_start_at=written.enquiries_start_at if here else before.enquiries.starts_at,
        enquiries_end_at=written.enquiries_end_at if here else before.enquiries.ends_at,
        contract_starts_at=before.contract.starts_at,
        contract_ends_at=before.contract.ends_at,
        parties=(*(party for party in before.parties if party.key != buyer.key), *written.parties),
        criteria=written.criteria if here else before.criteria,
        awards=written.awards if decided else before.awards,
        contracts=written.contracts if decided else before.contracts,
        planning_documents=before.planning_documents,
        documents=before.documents,
        milestones=before.milestones,
    )


def _changed_at(actor: Actor, project: ProjectView) -> datetime:
    newest = stream_history(actor, project.stream, 1)
    return newest[0].at if newest else project.created_at


def _status(project: ProjectView, published: EventView | None) -> Any:
    if project.cancelled_at is not None:
        return "cancelled"
    if published is None:
        return "planning"
    return "complete" if project.stage == "finished" else "active"


def _classification(project: ProjectView) -> ExportClassification | None:
    if not project.category:
        return None
    known = suppliers.category(project.category)
    return ExportClassification(project.category, known.label("en") if known else "", known.scheme if known else "CPV")


def _budget(project: ProjectView) -> Money | None:
    return Money(project.budget, project.currency) if project.budget is not None else None


def _item(line: sourcing.LineView) -> ExportItem:
    """Target and today's prices stay inside."""
    text = f"{line.title}\n{line.description}" if line.description else line.title
    return ExportItem(
        str(line.number), text, line.quantity, line.unit, UNITS.get(line.unit, ""), lot_id=str(line.lot_number)
    )


def _criteria(published: EventView | None) -> list[ExportCriterion]:
    """As they were published; one that is weighted and knocks out is said twice, because OCDS keeps the two apart."""
    items = ((published.publication or {}).get("criteria") or {}).get("items", []) if published else []
    found: list[ExportCriterion] = []
    for item in items:
        weight = Decimal(item["weight"]) / 100
        kind: Any = "price" if item["kind"] == "price" else "quality"
        if weight or not item["knock_out"]:
            found.append(ExportCriterion(item["id"], item["name"], kind, weight, item["description"]))
        if item["knock_out"]:
            found.append(
                ExportCriterion(f"{item['id']}-must", item["name"], kind, None, item["description"], knock_out=True)
            )
    return found


def _enquiries(published: EventView | None) -> list[ExportEnquiry]:
    """Questions whose answer went to everybody; who asked is never told."""
    if published is None:
        return []
    return [
        ExportEnquiry(
            one.id, one.asked_at, one.question.partition("\n")[0][:80], one.question, one.answer, one.answered_at
        )
        for one in sourcing.clarifications(published.id)
        if one.to_all and one.answered_at is not None
    ]
