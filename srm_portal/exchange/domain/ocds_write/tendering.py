"""The tender section: what is bought, in which lots and lines, by which criteria, until when."""

from __future__ import annotations

from dataclasses import replace

from srm_portal.exchange.domain.ocds_write.parts import (
    Json,
    classification,
    documents,
    kept,
    milestones,
    moment,
    money,
    period,
    public_url,
)
from srm_portal.exchange.domain.ocds_write.roles import PartyList
from srm_portal.exchange.domain.ocds_write.values import (
    ExportCriterion,
    ExportEnquiry,
    ExportItem,
    ExportLot,
    ExportProject,
)

WHOLE_LOT_ID = "1"
_ONE_KIND = {"price": "priceOnly", "cost": "costOnly", "quality": "qualityOnly"}


def lots_of(project: ExportProject) -> tuple[ExportLot, ...]:
    """The lots; a project without any but with weighted criteria is one lot, because OCDS keeps weights on lots."""
    weighted = any(criterion.weight is not None for criterion in project.criteria)
    if project.lots or not weighted:
        return project.lots
    return (ExportLot(WHOLE_LOT_ID, project.title, status=project.status, value=project.value),)


def tender(project: ExportProject, parties: PartyList) -> Json:
    lots = lots_of(project)
    whole = WHOLE_LOT_ID if lots and not project.lots else None
    items = [replace(item, lot_id=whole) if whole else item for item in project.items]
    rated = [criterion for criterion in project.criteria if not criterion.knock_out]
    published = project.status != "planning"
    return kept(
        id=project.reference,
        title=project.title,
        description=project.description,
        status=project.status,
        procuringEntity=parties.reference(project.buyer.key),
        items=[item_entry(item, lots) for item in items],
        value=money(project.value),
        minValue=money(project.min_value),
        classification=classification(project.classification),
        additionalClassifications=[classification(entry) for entry in dict.fromkeys(project.additional)],
        procurementMethod=project.method,
        procurementMethodDetails=project.method_details,
        mainProcurementCategory=project.category,
        awardCriteria=_award_criteria(rated),
        submissionMethod=_submission(project) if published else [],
        tenderPeriod=period(project.tender_starts_at, project.tender_ends_at),
        enquiryPeriod=period(project.enquiries_start_at, project.enquiries_end_at),
        hasEnquiries=bool(project.enquiries) if published else None,
        enquiries=[_enquiry(enquiry, parties) for enquiry in project.enquiries],
        bidOpening=kept(date=moment(project.opened_at)),
        contractPeriod=period(project.contract_starts_at, project.contract_ends_at),
        techniques=_techniques(project),
        numberOfTenderers=len(dict.fromkeys(project.tenderer_keys)) or None,
        tenderers=parties.references(project.tenderer_keys),
        criteria=[_knock_out(criterion) for criterion in project.criteria if criterion.knock_out],
        lots=[_lot(lot, rated) for lot in lots],
        documents=documents(project.documents),
        milestones=milestones(project.milestones),
    )


def item_entry(item: ExportItem, lots: tuple[ExportLot, ...]) -> Json:
    if item.lot_id is not None and all(lot.id != item.lot_id for lot in lots):
        raise ValueError(f"not among the lots: {item.lot_id}")
    unit = kept(
        scheme="UNCEFACT" if item.unit_code else "",
        id=item.unit_code,
        name=item.unit_name,
        value=money(item.unit_price),
    )
    return kept(
        id=item.id,
        description=item.description,
        classification=classification(item.classification),
        quantity=item.quantity,
        unit=unit,
        relatedLot=item.lot_id,
    )


def _award_criteria(rated: list[ExportCriterion]) -> str | None:
    kinds = {criterion.kind for criterion in rated}
    return None if not kinds else _ONE_KIND[kinds.pop()] if len(kinds) == 1 else "ratedCriteria"


def _submission(project: ExportProject) -> list[str]:
    return ["electronicSubmission", *(["electronicAuction"] if project.has_auction else [])]


def _techniques(project: ExportProject) -> Json:
    if not project.has_auction:
        return {}
    return kept(hasElectronicAuction=True, electronicAuction=kept(url=public_url(project.auction_url)))


def _lot(lot: ExportLot, rated: list[ExportCriterion]) -> Json:
    here = [criterion for criterion in rated if criterion.lot_id in (None, lot.id)]
    return kept(
        id=lot.id,
        title=lot.title,
        description=lot.description,
        status=lot.status,
        value=money(lot.value),
        contractPeriod=period(lot.contract_starts_at, lot.contract_ends_at),
        awardCriteria=kept(criteria=[_criterion(criterion) for criterion in here]),
    )


def _criterion(criterion: ExportCriterion) -> Json:
    numbers = [] if criterion.weight is None else [{"number": criterion.weight, "weight": "decimalExact"}]
    return kept(type=criterion.kind, name=criterion.name, description=criterion.description, numbers=numbers)


def _knock_out(criterion: ExportCriterion) -> Json:
    requirement = kept(id=f"{criterion.id}-1", title=criterion.name, dataType="boolean", expectedValue=True)
    return kept(
        id=criterion.id,
        title=criterion.name,
        description=criterion.description,
        relatedLots=[criterion.lot_id] if criterion.lot_id else [],
        requirementGroups=[{"id": f"{criterion.id}-group", "requirements": [requirement]}],
    )


def _enquiry(enquiry: ExportEnquiry, parties: PartyList) -> Json:
    return kept(
        id=enquiry.id,
        date=moment(enquiry.asked_at),
        author=parties.reference(enquiry.author_key) if enquiry.author_key else None,
        title=enquiry.title,
        description=enquiry.question,
        answer=enquiry.answer,
        dateAnswered=moment(enquiry.answered_at),
        relatedLot=enquiry.lot_id,
    )
