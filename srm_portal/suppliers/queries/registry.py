"""The registry's list: searched and filtered in the database, measured in kilometres here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, union_all

from srm_portal.infra.db import db
from srm_portal.infra.keys import open_secret
from srm_portal.infra.once import once_each
from srm_portal.kernel.names import folded, name_key
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.domain.categories import bare, is_cpv, subtree
from srm_portal.suppliers.domain.places import Point, great_circle_km, latitude_band, middle, parse_point
from srm_portal.suppliers.domain.qualification import APPROVED, covering
from srm_portal.suppliers.domain.record import SupplierData, masked_iban
from srm_portal.suppliers.models import (
    BankAccount,
    Publication,
    Qualification,
    Supplier,
    SupplierCategory,
    SupplierRegion,
)
from srm_portal.suppliers.queries.cards import SupplierCard, card, place_of
from srm_portal.web.paging import Page

SORTS = ("name", "-name", "score", "-score", "country", "-country", "reference", "-reference")


@dataclass(frozen=True, slots=True)
class SupplierFilter:
    """What the list is narrowed to; empty means all. `near` sorts by distance."""

    text: str = ""
    category: str = ""
    region: str = ""
    country: str = ""
    qualification: str = ""
    on: date | None = None
    near: tuple[Point, int] | None = None
    min_score: int | None = None
    state: str = ""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """One line of the list: the card, categories offered, cells approved today, the nearest expiry, kilometres.

    `mention` is the title of a page of theirs that holds every searched word.
    """

    supplier: SupplierCard
    categories: tuple[str, ...]
    approved: int
    conditional: int
    waiting: int
    valid_until_on: date | None
    distance_km: int | None
    mention: str = ""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A company in the registry that looks like the one typed; `why`: name, vat, lei, number, domain, account."""

    id: str
    reference: str
    name: str
    why: tuple[str, ...]


def visible(actor: Actor) -> Select[Any]:
    """The suppliers this actor may know of."""
    query = select(Supplier).where(Supplier.organisation_id == actor.organisation_id)
    return query.where(Supplier.id == actor.supplier_id) if actor.supplier_id else query


def _offers(category: str) -> Any:
    low, high = subtree(category) if is_cpv(category) else (category, category)
    return (
        select(SupplierCategory.id)
        .where(SupplierCategory.supplier_id == Supplier.id, SupplierCategory.code.between(low, high))
        .exists()
    )


def _published(word: str) -> Any:
    """The word stands on a page that the supplier has published."""
    return (
        select(Publication.id)
        .where(
            Publication.supplier_id == Supplier.id,
            Publication.withdrawn_at.is_(None),
            Publication.search_key.contains(word, autoescape=True),
        )
        .exists()
    )


def _delivers(region: str) -> Any:
    lowered = region.casefold()
    wider = [lowered[:length] for length in range(2, len(lowered) + 1)]
    served = select(SupplierRegion.id).where(
        SupplierRegion.supplier_id == Supplier.id,
        or_(func.lower(SupplierRegion.region).in_(wider), func.lower(SupplierRegion.region).startswith(lowered)),
    )
    return or_(func.lower(Supplier.region).startswith(lowered), served.exists())


def _approved(category: str, on: date) -> Any:
    query = select(Qualification.id).where(
        Qualification.supplier_id == Supplier.id,
        Qualification.superseded_at.is_(None),
        Qualification.status.in_(APPROVED),
        Qualification.valid_from_on <= on,
        Qualification.valid_until_on >= on,
    )
    return (query.where(Qualification.category.in_(covering(category))) if category else query).exists()


def _has_open(status: str) -> Any:
    return (
        select(Qualification.id)
        .where(
            Qualification.supplier_id == Supplier.id,
            Qualification.superseded_at.is_(None),
            Qualification.status == status,
        )
        .exists()
    )


def _filtered(actor: Actor, wanted: SupplierFilter) -> Select[Any]:
    query = visible(actor)
    for word in folded(wanted.text).split():
        query = query.where(or_(Supplier.search_key.contains(word, autoescape=True), _published(word)))
    if wanted.category:
        query = query.where(_offers(bare(wanted.category)))
    if wanted.region:
        query = query.where(_delivers(wanted.region))
    if wanted.country:
        query = query.where(Supplier.country == wanted.country)
    if wanted.qualification == "qualified" and wanted.on:
        query = query.where(_approved(bare(wanted.category), wanted.on))
    elif wanted.qualification in ("applied", "disqualified"):
        query = query.where(_has_open(wanted.qualification))
    elif wanted.qualification == "none" and wanted.on:
        query = query.where(~_approved(bare(wanted.category), wanted.on))
    if wanted.min_score is not None:
        query = query.where(Supplier.score >= wanted.min_score)
    if wanted.state:
        return query.where(Supplier.state == wanted.state)
    return query.where(Supplier.state != "archived")


def _near(query: Select[Any], centre: Point, km: int, page: Page) -> tuple[list[tuple[str, int]], int]:
    """(id, kilometres) of the page, nearest first, and the number of all within reach."""
    low, high = latitude_band(centre, km)
    spots = query.with_only_columns(Supplier.id, Supplier.latitude, Supplier.longitude)
    spots = spots.where(Supplier.latitude.between(low, high), Supplier.longitude.is_not(None))
    measured = [
        (supplier_id, great_circle_km(centre, Point(latitude, longitude)))
        for supplier_id, latitude, longitude in db.session.execute(spots)
        if latitude is not None and longitude is not None
    ]
    within = sorted((pair for pair in measured if pair[1] <= km), key=lambda pair: (pair[1], pair[0]))
    return within[page.offset : page.offset + page.size], len(within)


def _order(query: Select[Any], sort: str) -> Select[Any]:
    key = sort.removeprefix("-")
    columns = {
        "name": Supplier.sort_key,
        "score": Supplier.score,
        "country": Supplier.country,
        "reference": Supplier.reference,
    }
    column = columns.get(key, Supplier.sort_key)
    ordered = column.desc() if sort.startswith("-") else column.asc()
    if key == "score":
        ordered = ordered.nulls_last()
    return query.order_by(ordered, Supplier.sort_key, Supplier.id)


def search(actor: Actor, wanted: SupplierFilter, page: Page) -> tuple[list[SupplierRow], int]:
    """The page of the registry and the number of all that match: five statements whatever the number of rows."""
    query = _filtered(actor, wanted)
    distances: dict[str, int] = {}
    if wanted.near:
        nearest, total = _near(query, *wanted.near, page)
        distances = dict(nearest)
        rows = list(db.session.scalars(select(Supplier).where(Supplier.id.in_(distances))))
        rows.sort(key=lambda row: (distances[row.id], row.id))
    else:
        total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
        rows = list(db.session.scalars(_order(query, wanted.sort).limit(page.size).offset(page.offset)))
    return _rows(rows, wanted, distances), total


def _rows(rows: list[Supplier], wanted: SupplierFilter, distances: dict[str, int]) -> list[SupplierRow]:
    ids, on = [row.id for row in rows], wanted.on
    offered: dict[str, list[str]] = {one: [] for one in ids}
    mentions: dict[str, str] = {}
    lines: Any = select(SupplierCategory.supplier_id, literal("offers"), SupplierCategory.code)
    lines = lines.where(SupplierCategory.supplier_id.in_(ids))
    if words := folded(wanted.text).split():
        lines = union_all(lines, _mentioning(ids, words))
    for supplier_id, what, text in sorted(db.session.execute(lines)):
        if what == "offers":
            offered[supplier_id].append(text)
        else:
            mentions.setdefault(supplier_id, text)
    cells: dict[str, list[Qualification]] = {one: [] for one in ids}
    current = select(Qualification).where(Qualification.supplier_id.in_(ids), Qualification.superseded_at.is_(None))
    for cell in db.session.scalars(current):
        cells[cell.supplier_id].append(cell)
    return [
        _row(row, tuple(offered[row.id]), cells[row.id], on, distances.get(row.id), mentions.get(row.id, ""))
        for row in rows
    ]


def _mentioning(ids: list[str], words: list[str]) -> Select[Any]:
    """Pages of these suppliers that hold every word."""
    return select(Publication.supplier_id, literal("mentions"), Publication.title).where(
        Publication.supplier_id.in_(ids),
        Publication.withdrawn_at.is_(None),
        *(Publication.search_key.contains(word, autoescape=True) for word in words),
    )


def _row(
    row: Supplier,
    offered: tuple[str, ...],
    cells: list[Qualification],
    on: date | None,
    distance: int | None,
    mention: str,
) -> SupplierRow:
    valid = [
        cell
        for cell in cells
        if on and cell.valid_from_on and cell.valid_until_on and cell.valid_from_on <= on <= cell.valid_until_on
    ]
    ends = [cell.valid_until_on for cell in valid if cell.valid_until_on and cell.status in APPROVED]
    return SupplierRow(
        card(row),
        offered,
        sum(cell.status == "qualified" for cell in valid),
        sum(cell.status == "conditional" for cell in valid),
        sum(cell.status == "applied" for cell in cells),
        min(ends, default=None),
        distance,
        mention,
    )


def countries(actor: Actor) -> list[str]:
    """Countries that occur in the registry."""
    query = visible(actor).with_only_columns(Supplier.country).distinct().order_by(Supplier.country)
    return list(db.session.scalars(query))


@once_each
def suppliers(ids: Iterable[str]) -> dict[str, SupplierCard]:
    """Several suppliers by id, for rooms that already know they may."""
    found = db.session.scalars(select(Supplier).where(Supplier.id.in_(list(ids))))
    return {row.id: card(row) for row in found}


def by_category(organisation_id: str, category: str) -> list[SupplierCard]:
    """Everybody who offers a category or something below it, blocked and archived ones left out."""
    query = select(Supplier).where(
        Supplier.organisation_id == organisation_id,
        Supplier.state.not_in(("blocked", "archived")),
        _offers(bare(category)),
    )
    return [card(row) for row in db.session.scalars(query.order_by(Supplier.sort_key))]


def place(actor: Actor, text: str) -> Point | None:
    """A place as typed: "48.85, 2.35", or a town in which a supplier with coordinates sits; None when unknown."""
    point = parse_point(text)
    if point is not None or not text.strip():
        return point
    query = visible(actor).where(func.lower(Supplier.city) == text.strip().lower(), Supplier.latitude.is_not(None))
    spots = [spot for row in db.session.scalars(query) if (spot := place_of(row)) is not None]
    return middle(spots) if spots else None


def _same_account(organisation_id: str, iban: str) -> set[str]:
    """Suppliers that named this very account: found by what is shown of it, compared unsealed."""
    query = select(BankAccount.supplier_id, BankAccount.iban_sealed).where(
        BankAccount.organisation_id == organisation_id,
        BankAccount.iban_masked == masked_iban(iban),
        BankAccount.state.in_(("waiting", "confirmed")),
    )
    return {supplier_id for supplier_id, sealed in db.session.execute(query) if open_secret(sealed) == iban}


def duplicates(organisation_id: str, data: SupplierData, but: str | None = None) -> list[Duplicate]:
    """Companies that share the compared name, a number, the domain or the bank account with what was typed."""
    key, domain = name_key(data.name), data.domain
    keys = {key, name_key(data.legal_name) if data.legal_name else key}
    numbers = {"vat": data.vat, "lei": data.lei, "number": data.registration_number}
    columns = {"vat": Supplier.vat, "lei": Supplier.lei, "number": Supplier.registration_number}
    tests: list[ColumnElement[bool]] = [Supplier.name_key.in_(keys)]
    tests += [columns[name] == number for name, number in numbers.items() if number]
    if domain:
        tests.append(Supplier.email_domain == domain)
    account = _same_account(organisation_id, data.iban) if data.iban else set()
    if account:
        tests.append(Supplier.id.in_(account))
    query = select(Supplier).where(Supplier.organisation_id == organisation_id, or_(*tests)).order_by(Supplier.sort_key)
    if but:
        query = query.where(Supplier.id != but)
    found = []
    for row in db.session.scalars(query.limit(20)):
        own = {"vat": row.vat, "lei": row.lei, "number": row.registration_number}
        same = {"name": row.name_key in keys} | {
            name: bool(value) and own[name] == value for name, value in numbers.items()
        }
        same |= {"domain": bool(domain) and row.email_domain == domain, "account": row.id in account}
        found.append(Duplicate(row.id, row.reference, row.name, tuple(name for name, yes in same.items() if yes)))
    return found


def known_as(
    organisation_id: str, name: str, *, country: str = "", vat: str = "", numbers: Iterable[str] = ()
) -> SupplierCard | None:
    """The one company meant by a register number, a VAT number, or the compared name; None when there is none.

    A name alone does not do where the countries differ, or where both companies have a register number and they differ.
    """
    given = {number for number in numbers if number}
    tests: list[Any] = [Supplier.name_key == name_key(name)]
    if vat:
        tests.append(Supplier.vat == vat)
    if given:
        tests.append(Supplier.registration_number.in_(given))
    query = select(Supplier).where(Supplier.organisation_id == organisation_id, or_(*tests))
    rows = list(db.session.scalars(query.order_by(Supplier.created_at, Supplier.id).limit(50)))
    same = [row for row in rows if (vat and row.vat == vat) or row.registration_number in given]
    alike = [row for row in rows if row.name_key == name_key(name) and not (country and row.country != country)]
    alike = [row for row in alike if not (given and row.registration_number) and not (vat and row.vat)]
    found = [*same, *alike]
    return card(found[0]) if found else None


def named(organisation_id: str, text: str) -> str | None:
    """The id of the one supplier with this reference, VAT number or name; None for none or several."""
    wanted = text.strip()
    query = select(Supplier.id).where(
        Supplier.organisation_id == organisation_id,
        or_(Supplier.reference == wanted, Supplier.vat == wanted, Supplier.name_key == name_key(wanted)),
    )
    found = list(db.session.scalars(query.limit(2)))
    return found[0] if len(found) == 1 else None
