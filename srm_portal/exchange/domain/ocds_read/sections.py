"""The parts of a release that are read alike wherever they stand: periods, classes, lots, items, documents, awards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Literal, TypeVar

from srm_portal.exchange.domain.ocds_read.node import Node
from srm_portal.exchange.domain.ocds_read.parties import PartyBook
from srm_portal.exchange.domain.ocds_read.values import (
    ImportedAward,
    ImportedBudgetLine,
    ImportedClassification,
    ImportedContract,
    ImportedCriterion,
    ImportedDocument,
    ImportedItem,
    ImportedLot,
    ImportedMilestone,
    ImportedPeriod,
)

DAYS_MAX = 36_525
TENDER_STATUSES = frozenset({"planning", "planned", "active", "cancelled", "unsuccessful", "complete", "withdrawn"})
_AWARD_STATUSES = frozenset({"pending", "active", "cancelled", "unsuccessful"})
_CONTRACT_STATUSES = frozenset({"pending", "active", "cancelled", "terminated"})
_SHARES = {"decimalExact": Decimal(1), "percentageExact": Decimal(100)}

Value = TypeVar("Value")
Section = Literal["planning", "tender", "award", "contract"]


def unique(node: Node, key: str, read: Callable[[Node], Value]) -> Iterator[Value]:
    """Entries with an id of their own. One without an id, or with an id used before, keeps the release out."""
    seen: set[str] = set()
    for entry in node.nodes(key):
        entry_id = entry.identifier()
        if not entry_id:
            entry.notes.refuse(entry.at("id"), "missing")
        elif entry_id in seen:
            entry.notes.refuse(entry.at("id"), "id_twice", entry_id)
        seen.add(entry_id)
        yield read(entry)


def period(node: Node, key: str) -> ImportedPeriod | None:
    """A span; one that ends before it starts is left out with a warning."""
    span = node.node(key)
    if span is None:
        return None
    starts, ends, days = span.moment("startDate"), span.moment("endDate"), span.whole("durationInDays")
    if starts and ends and ends < starts:
        span.notes.warn(span.path, "period_reversed", f"{starts:%Y-%m-%d} > {ends:%Y-%m-%d}")
        return None
    if days is not None and days > DAYS_MAX:
        span.notes.warn(span.at("durationInDays"), "date_out_of_range", days)
        days = None
    return None if starts is None and ends is None and not days else ImportedPeriod(starts, ends, days or None)


def classification(node: Node | None) -> ImportedClassification | None:
    if node is None:
        return None
    code, scheme = node.identifier(), node.text("scheme")
    if not code:
        return None
    if scheme.upper() == "CPV" and not _is_cpv(code):
        node.notes.warn(node.at("id"), "bad_cpv_code", code)
        return None
    return ImportedClassification(scheme, code[:8] if scheme.upper() == "CPV" else code, node.text("description"))


def _is_cpv(code: str) -> bool:
    digits, dash, check = code.partition("-")
    whole = digits.isascii() and digits.isdigit() and len(digits) == 8
    return whole and (not dash or (check.isascii() and check.isdigit() and len(check) == 1))


def classifications(node: Node) -> tuple[ImportedClassification, ...]:
    found = (classification(entry) for entry in node.nodes("additionalClassifications"))
    return tuple(dict.fromkeys(entry for entry in found if entry is not None))


def documents(node: Node, section: Section) -> tuple[ImportedDocument, ...]:
    """Documents are listed whatever their faults: one without a sound address is listed without a link."""
    listed: list[ImportedDocument] = []
    for entry in node.nodes("documents"):
        key = entry.identifier()
        if key and any(document.id == key for document in listed):
            entry.notes.warn(entry.at("id"), "id_twice", key)
        url = entry.url("url")
        if entry.get("url") is None:
            entry.notes.warn(entry.at("url"), "url_missing", key)
        kind, title, prose = entry.text("documentType"), entry.text("title"), entry.prose("description")
        listed.append(
            ImportedDocument(
                id=key or str(len(listed) + 1),
                section=section,
                kind=kind,
                title=title or prose[:120] or kind or key,
                description=prose,
                url=url,
                format=entry.text("format"),
                language=entry.text("language"),
                published_at=entry.moment("datePublished"),
            )
        )
    return tuple(listed)


def milestones(node: Node) -> tuple[ImportedMilestone, ...]:
    return tuple(
        ImportedMilestone(
            entry.identifier(), entry.text("title"), entry.text("type"), entry.moment("dueDate"), entry.text("status")
        )
        for entry in node.nodes("milestones")
    )


def budget_lines(budget: Node) -> tuple[ImportedBudgetLine, ...]:
    return tuple(
        ImportedBudgetLine(
            entry.identifier(), entry.prose("description"), entry.money("amount"), period(entry, "period")
        )
        for entry in budget.nodes("budgetBreakdown")
    )


def lot(node: Node) -> ImportedLot:
    return ImportedLot(
        id=node.identifier(),
        title=node.text("title"),
        description=node.prose("description"),
        status=node.choice("status", TENDER_STATUSES),
        value=node.money("value"),
        contract_period=period(node, "contractPeriod"),
        criteria=criteria(node),
    )


def criteria(node: Node) -> tuple[ImportedCriterion, ...]:
    award = node.node("awardCriteria")
    return tuple(_criterion(entry) for entry in award.nodes("criteria")) if award else ()


def _criterion(node: Node) -> ImportedCriterion:
    weights = [
        number / _SHARES[kind]
        for entry in node.nodes("numbers")
        if (number := entry.number("number")) is not None and (kind := entry.text("weight")) in _SHARES
    ]
    weight = weights[0] if len(weights) == 1 else None
    if weight is not None and weight > 1:
        node.notes.warn(node.at("numbers"), "weight_above_one", weight)
        weight = None
    return ImportedCriterion(node.text("type"), node.text("name") or node.text("description"), weight)


def item(node: Node, lot_ids: frozenset[str]) -> ImportedItem:
    unit = node.sub("unit")
    quantity = node.number("quantity")
    if quantity == 0:
        node.notes.warn(node.at("quantity"), "zero_quantity")
        quantity = None
    addresses = [*node.nodes("deliveryAddresses"), *([single] if (single := node.node("deliveryAddress")) else [])]
    return ImportedItem(
        id=node.identifier(),
        description=node.prose("description"),
        classification=classification(node.node("classification")),
        additional=classifications(node),
        quantity=quantity,
        unit_code=unit.identifier(),
        unit_name=unit.text("name"),
        unit_price=unit.money("value"),
        lot_id=_known(node, "relatedLot", node.text("relatedLot"), lot_ids),
        places=tuple(dict.fromkeys(place for address in addresses if (place := _place(address)))),
    )


def _place(address: Node) -> str:
    parts = (address.text(key) for key in ("streetAddress", "postalCode", "locality", "region", "countryName"))
    return ", ".join(part for part in parts if part)


def _known(node: Node, key: str, value: str, known: frozenset[str]) -> str | None:
    if value and value not in known:
        node.notes.warn(node.at(key), "unknown_lot", value)
        return None
    return value or None


def award(node: Node, book: PartyBook, lot_ids: frozenset[str]) -> ImportedAward:
    related = (_known(node, "relatedLots", value, lot_ids) for value in node.texts("relatedLots"))
    return ImportedAward(
        id=node.identifier(),
        title=node.text("title"),
        description=node.prose("description"),
        status=node.choice("status", _AWARD_STATUSES),
        awarded_at=node.moment("date"),
        value=node.money("value"),
        supplier_ids=book.refer_all(node, "suppliers", "supplier"),
        lot_ids=tuple(lot_id for lot_id in related if lot_id),
        contract_period=period(node, "contractPeriod"),
        documents=documents(node, "award"),
    )


def contract(node: Node, book: PartyBook, award_ids: frozenset[str]) -> ImportedContract:
    award_id = node.identifier("awardID")
    if award_id not in award_ids:
        node.notes.warn(node.at("awardID"), "unknown_award", award_id)
    return ImportedContract(
        id=node.identifier(),
        award_id=award_id,
        title=node.text("title"),
        description=node.prose("description"),
        status=node.choice("status", _CONTRACT_STATUSES),
        value=node.money("value"),
        period=period(node, "period"),
        signed_at=node.moment("dateSigned"),
        supplier_ids=book.refer_all(node, "suppliers", "supplier"),
        documents=documents(node, "contract"),
    )
