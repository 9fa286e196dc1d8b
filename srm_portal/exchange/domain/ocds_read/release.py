"""One release: a value that may go in as a whole, or the list of faults that keep it out as a whole."""

from __future__ import annotations

from typing import cast

from srm_portal.exchange.domain.ocds_read import sections
from srm_portal.exchange.domain.ocds_read.node import LIST_MAX, PROSE_MAX, Node, Notes
from srm_portal.exchange.domain.ocds_read.parties import PartyBook
from srm_portal.exchange.domain.ocds_read.shape import survey
from srm_portal.exchange.domain.ocds_read.sound import check_sense
from srm_portal.exchange.domain.ocds_read.values import (
    Category,
    ImportedAward,
    ImportedClassification,
    ImportedItem,
    ImportedRelease,
    Kind,
    Method,
)
from srm_portal.kernel.errors import FieldProblem

TITLE_FROM_PROSE_MAX = 120
_PLANNING_TAGS = frozenset({"planning", "planningUpdate"})
_TENDER_TAGS = frozenset({"tender", "tenderAmendment", "tenderUpdate"})
_CLOSED_TAGS = frozenset(
    {
        "tenderCancellation", "award", "awardUpdate", "awardCancellation", "contract", "contractUpdate",
        "contractAmendment", "contractTermination", "implementation", "implementationUpdate",
    }
)  # fmt: skip
_TAGS = _PLANNING_TAGS | _TENDER_TAGS | _CLOSED_TAGS | {"compiled"}
_CLOSED = frozenset({"cancelled", "unsuccessful", "complete", "withdrawn"})
_METHODS = frozenset({"open", "selective", "limited", "direct"})
_CATEGORIES = frozenset({"goods", "services", "works"})


def read_release(data: object, row: int) -> ImportedRelease | list[FieldProblem]:
    """Read one release of a package; `row` is its index there, from 0.

    Faults of structure, money, quantities, ids and dates refuse it; faults beside the matter (addresses of documents,
    damaged text, names given twice) are mended or left out and stand in `warnings`. Raises nothing.
    """
    notes = Notes(row)
    if not isinstance(data, dict):
        notes.refuse("", "not_an_object", data)
        return notes.problems
    notes.wrap = survey(data, notes)
    if notes.problems:
        return notes.problems
    release = _read(Node(data, "", notes), notes)
    return notes.problems if release is None or notes.problems else release


def _read(node: Node, notes: Notes) -> ImportedRelease | None:
    tender, planning = node.sub("tender"), node.sub("planning")
    budget = planning.sub("budget")
    book = PartyBook(notes)
    for entry in node.nodes("parties"):
        book.list(entry)
    buyer_id = _buyer(node, tender, book)
    lots = tuple(sections.unique(tender, "lots", sections.lot))
    lot_ids = frozenset(lot.id for lot in lots)
    awards = tuple(sections.unique(node, "awards", lambda entry: sections.award(entry, book, lot_ids)))
    award_ids = frozenset(award.id for award in awards)
    contracts = tuple(sections.unique(node, "contracts", lambda entry: sections.contract(entry, book, award_ids)))
    items = tuple(sections.unique(tender, "items", lambda entry: sections.item(entry, lot_ids)))
    tags, status = _tags(node), tender.choice("status", sections.TENDER_STATUSES)
    kind = _kind(tags, status, awards, has_tender=tender.get("id") is not None)
    classification = sections.classification(tender.node("classification"))
    title = _title(node, tender, planning, awards)
    description = tender.prose("description") or node.prose("description") or planning.prose("rationale")
    released_at, ocid, release_id = node.moment("date"), _needed(node, "ocid"), _needed(node, "id")
    if released_at is None:
        notes.refuse("date", "missing")
        return None
    release = ImportedRelease(
        row=notes.row,
        kind=kind,
        ocid=ocid,
        id=release_id,
        released_at=released_at,
        tags=tags,
        language=node.text("language").lower(),
        title=title,
        description=description,
        reference=tender.identifier(),
        status=status or ("complete" if kind == "archive" else "active" if kind == "tender" else "planning"),
        buyer_id=buyer_id,
        parties=book.parties,
        classification=classification or _first_class(items),
        additional=sections.classifications(tender),
        category=cast(Category | None, tender.choice("mainProcurementCategory", _CATEGORIES) or None),
        method=cast(Method | None, tender.choice("procurementMethod", _METHODS) or None),
        method_details=tender.text("procurementMethodDetails", PROSE_MAX),
        value=tender.money("value"),
        min_value=tender.money("minValue"),
        budget=budget.money("amount"),
        budget_lines=sections.budget_lines(budget),
        tender_period=sections.period(tender, "tenderPeriod"),
        enquiry_period=sections.period(tender, "enquiryPeriod"),
        contract_period=sections.period(tender, "contractPeriod"),
        lots=lots,
        items=items,
        documents=sections.documents(planning, "planning") + sections.documents(tender, "tender"),
        milestones=sections.milestones(planning) + sections.milestones(tender),
        awards=awards,
        contracts=contracts,
        ignored=(),
        warnings=(),
    )
    return check_sense(release, notes, (node, tender, planning, budget))


def _needed(node: Node, key: str) -> str:
    value = node.identifier(key)
    if not value:
        node.notes.refuse(node.at(key), "missing")
    return value


def _buyer(node: Node, tender: Node, book: PartyBook) -> str | None:
    tender_buyer = tender.node("procuringEntity")
    procuring = book.refer(tender_buyer, "procuringEntity") if tender_buyer else None
    named = node.node("buyer")
    buyer = book.refer(named, "buyer") if named else None
    found = buyer or procuring or book.with_role("buyer", "procuringEntity")
    if found is None:
        node.notes.warn("buyer", "missing")
    return found


def _tags(node: Node) -> tuple[str, ...]:
    tags = node.texts("tag")
    if not tags:
        node.notes.refuse("tag", "missing")
    for index, tag in enumerate(tags[:LIST_MAX]):
        if tag not in _TAGS:
            node.notes.refuse(f"tag[{index}]", "unknown_code", tag)
    return tags


def _kind(tags: tuple[str, ...], status: str, awards: tuple[ImportedAward, ...], *, has_tender: bool) -> Kind:
    """An open tender stays one even when a part of it is awarded; an award without one is history."""
    if status in _CLOSED:
        return "archive"
    if status == "active" and has_tender:
        return "tender"
    if awards or _CLOSED_TAGS & set(tags):
        return "archive"
    if status in ("planning", "planned") or not _TENDER_TAGS & set(tags):
        return "planning"
    return "tender"


def _title(node: Node, tender: Node, planning: Node, awards: tuple[ImportedAward, ...]) -> str:
    own = tender.text("title")
    names = (own, node.text("title"), planning.sub("budget").text("project"), *(award.title for award in awards))
    prose = (tender.prose("description"), node.prose("description"), planning.prose("rationale"))
    sentence = next((text for text in prose if text), "").partition("\n")[0][:TITLE_FROM_PROSE_MAX].strip()
    title = next((text for text in names if text), sentence)
    if not title:
        node.notes.refuse(tender.at("title"), "title_missing")
    elif not own:
        node.notes.warn(tender.at("title"), "title_missing", title)
    return title


def _first_class(items: tuple[ImportedItem, ...]) -> ImportedClassification | None:
    return next((item.classification for item in items if item.classification), None)
