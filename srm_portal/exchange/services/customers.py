"""Customers, people at customers and orders out of files: a table of companies, business cards, a table of order lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from srm_portal.customers import queries as registry
from srm_portal.customers import services
from srm_portal.customers.domain.record import CustomerData
from srm_portal.customers.services import OrderRow
from srm_portal.exchange.domain.csv_text import read_csv
from srm_portal.exchange.domain.orders_file import OrderLine, read_orders
from srm_portal.exchange.domain.report import ImportReport, RowOutcome, in_order, refused_rows
from srm_portal.exchange.domain.suppliers_file import SupplierRow, read_suppliers
from srm_portal.exchange.domain.vcards import Card, read_cards
from srm_portal.exchange.services.carrying import Progress, attempt, authorise, carry_out
from srm_portal.exchange.services.companies import registers
from srm_portal.exchange.services.notes import ignored, rowless
from srm_portal.kernel.errors import FieldProblem, Invalid
from srm_portal.kernel.permissions import Actor

SOURCE = "import"


def import_customers(
    actor: Actor, data: bytes, *, partial: bool, now: datetime, preview: bool = False, progress: Progress | None = None
) -> ImportReport:
    """A table of companies (.csv, the headings of suppliers). One that is known by VAT number or name is left as it is."""
    authorise(actor, "customer:edit")
    reading = read_suppliers(read_csv(data).sheet, registers())

    def work() -> ImportReport:
        outcomes = refused_rows(problem for problem in reading.problems if problem.code not in rowless)
        for done, row in enumerate(reading.suppliers, start=1):
            outcomes.append(_company(actor, row, now))
            if progress:
                progress(done, len(reading.suppliers))
        problems = tuple(problem for problem in reading.problems if problem.code in rowless)
        return ImportReport("customers", in_order(outcomes), problems, ignored(reading.ignored_columns))

    return carry_out(work, partial=partial, preview=preview)


def _company(actor: Actor, row: SupplierRow, now: datetime) -> RowOutcome:
    data = CustomerData(
        name=row.name,
        country=row.country,
        legal_name=row.legal_name,
        city=row.city[:100],
        vat=row.vat_number,
        website=row.website[:200],
    )
    known = [one for one in registry.duplicates(actor.organisation_id, data) if {"name", "vat"} & set(one.why)]
    if known:
        return RowOutcome(row.row, "already_imported", row.name, "customer", known[0].id, known[0].reference)

    def write() -> RowOutcome:
        made = services.add_customer(actor, data, now=now, source=SOURCE, accept_duplicates=True)
        if row.email:
            name = row.contact_name or row.name
            services.add_contact(actor, made, name=name[:200], email=row.email, phone=row.phone[:40], now=now)
        return RowOutcome(row.row, "imported", row.name, "customer", made, registry.customers([made])[made].reference)

    return attempt(row.row, row.name, "customer", write)


def import_cards(
    actor: Actor, data: bytes, *, partial: bool, now: datetime, preview: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Business cards (.vcf). A card goes to the customer of its organisation; a new organisation becomes a prospect.

    A person whose e-mail address is known at that customer is left as it is.
    """
    authorise(actor, "customer:edit")
    cards, country_named = read_cards(data), registers().country_named

    def work() -> ImportReport:
        outcomes = []
        for done, card in enumerate(cards, start=1):
            outcomes.append(_person(actor, card, country_named, now))
            if progress:
                progress(done, len(cards))
        return ImportReport("cards", in_order(outcomes), ())

    return carry_out(work, partial=partial, preview=preview)


def _person(actor: Actor, card: Card, country_named: Callable[[str], str | None], now: datetime) -> RowOutcome:
    label = card.name or card.organisation
    missing = [name for name, value in (("FN", card.name), ("ORG", card.organisation)) if not value]
    if missing:
        problems = tuple(FieldProblem(name, "missing", card.row) for name in missing)
        return RowOutcome(card.row, "refused", label, "contact", problems=problems)
    country = (country_named(card.country) if card.country else None) or ""
    data = CustomerData(name=card.organisation, country=country, city=card.city[:100], roles=("prospect",))
    known = [one for one in registry.duplicates(actor.organisation_id, data) if "name" in one.why]
    if known and card.email:
        people = registry.contacts([known[0].id])[known[0].id]
        same = next((one for one in people if one.email.casefold() == card.email.casefold()), None)
        if same is not None:
            return RowOutcome(card.row, "already_imported", label, "contact", known[0].id, known[0].reference)

    def write() -> RowOutcome:
        if not known and not country:
            raise Invalid([FieldProblem("ADR", "unknown_country", value=card.country)])
        customer = known[0].id if known else services.add_customer(actor, data, now=now, source=SOURCE)
        services.add_contact(
            actor,
            customer,
            name=card.name[:200],
            email=card.email,
            phone=card.phone[:40],
            role=card.role[:100],
            now=now,
        )
        reference = registry.customers([customer])[customer].reference
        return RowOutcome(card.row, "imported", label, "contact", customer, reference)

    return attempt(card.row, label, "contact", write)


def import_orders(
    actor: Actor, data: bytes, *, partial: bool, now: datetime, preview: bool = False, progress: Progress | None = None
) -> ImportReport:
    """A table of order lines (.csv). A line known by order and line number is replaced."""
    authorise(actor, "customer:edit")
    reading = read_orders(read_csv(data).sheet)

    def work() -> ImportReport:
        outcomes = refused_rows(problem for problem in reading.problems if problem.code not in rowless)
        by_reference = registry.customer_ids_by_reference(actor, {line.customer for line in reading.lines})
        by_name: dict[str, str] = {}
        for done, line in enumerate(reading.lines, start=1):
            customer = by_reference.get(line.customer) or _named(actor, line.customer, by_name)
            outcomes.append(_order(actor, line, customer, now))
            if progress:
                progress(done, len(reading.lines))
        problems = tuple(problem for problem in reading.problems if problem.code in rowless)
        return ImportReport("orders", in_order(outcomes), problems, ignored(reading.ignored_columns))

    return carry_out(work, partial=partial, preview=preview)


def _named(actor: Actor, name: str, known: dict[str, str]) -> str:
    """The only customer of this name, or nothing."""
    if name not in known:
        twins = registry.duplicates(actor.organisation_id, CustomerData(name=name, country=""))
        found = [one.id for one in twins if "name" in one.why]
        known[name] = found[0] if len(found) == 1 else ""
    return known[name]


def _order(actor: Actor, line: OrderLine, customer: str, now: datetime) -> RowOutcome:
    label = f"{line.number}/{line.line}"

    def write() -> RowOutcome:
        if not customer:
            raise Invalid([FieldProblem("customer", "customer_unknown", value=line.customer)])
        row = OrderRow(
            customer, line.number, line.ordered_on, line.net, line.currency, line.product, line.quantity, line.line,
            needed_on=line.needed_on,
        )  # fmt: skip
        services.record_orders(actor, [row], now=now, source=SOURCE)
        return RowOutcome(line.row, "imported", label, "order", customer, line.number)

    return attempt(line.row, label, "order", write)
