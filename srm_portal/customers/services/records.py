"""Making, changing and erasing customers and their contacts."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.customers.domain import record as rules
from srm_portal.customers.domain.record import CustomerData
from srm_portal.customers.models import Customer, CustomerContact, Interaction, Satisfaction
from srm_portal.customers.queries.records import Duplicate, duplicates
from srm_portal.customers.services.loading import contact_row_for, customer_row_for
from srm_portal.identity import queries as identity
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.legal_ids import vat_number
from srm_portal.infra.numbering import next_reference
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused, Stale
from srm_portal.kernel.names import folded, name_key, search_key
from srm_portal.kernel.permissions import Actor
from srm_portal.web.formats import country_names

ERASED = "—"
_FIELDS = tuple(field.name for field in fields(CustomerData))


def _checked(actor: Actor, data: CustomerData) -> CustomerData:
    """Tidied, with the VAT number in its usual form; raises Invalid with everything that is wrong."""
    tidy = rules.tidy(data)
    problems = {(problem.field, problem.code): problem for problem in rules.problems(tidy)}
    if tidy.country not in country_names("en"):
        problems["country", "country_unknown"] = FieldProblem("country", "country_unknown", value=tidy.country)
    elif tidy.vat:
        try:
            tidy = replace(tidy, vat=vat_number(tidy.country, tidy.vat))
        except ValueError:
            facts = (("country", tidy.country),)
            problems["vat", "vat_wrong"] = FieldProblem("vat", "vat_wrong", value=tidy.vat, facts=facts)
    if tidy.owner_id and tidy.owner_id not in {one.id for one in identity.staff(actor.organisation_id)}:
        problems["owner_id", "person_unknown"] = FieldProblem("owner_id", "person_unknown")
    if problems:
        raise Invalid(list(problems.values()))
    return tidy


def _refuse_duplicates(hits: list[Duplicate], accepted: bool) -> None:
    if hits and not accepted:
        names = ", ".join(f"{hit.name} ({hit.reference})" for hit in hits[:5])
        raise Invalid([FieldProblem("accept_duplicates", "looks_like_duplicate", facts=(("names", names),))])


def values_of(row: Customer) -> CustomerData:
    """The record as it stands, as it would be typed."""
    return CustomerData(**{name: getattr(row, name) for name in _FIELDS if name != "roles"}, roles=tuple(row.roles))


def _write(row: Customer, data: CustomerData) -> None:
    for name in _FIELDS:
        setattr(row, name, getattr(data, name))
    row.roles = list(data.roles)
    row.role_key = "|" + "|".join(data.roles) + "|"
    row.email_domain, row.name_key, row.sort_key = data.domain, name_key(data.name), folded(data.name)[:200]
    row.search_key = search_key(
        row.name, row.legal_name, row.city, row.reference, row.vat, row.segment, row.email_domain
    )


@command
def add_customer(
    actor: Actor, data: CustomerData, *, now: datetime, source: str = "typed", accept_duplicates: bool = False
) -> str:
    """A new customer; returns its id.

    Invalid: wrong values by field; `looks_like_duplicate` (on `accept_duplicates`) when the compared name, the VAT
    number or the domain is known already and the person did not say that it is another company.
    """
    if actor.supplier_id is not None:
        raise NotFound
    found = _checked(actor, data)
    if not accept_duplicates:
        _refuse_duplicates(duplicates(actor.organisation_id, found), False)
    row = Customer(
        organisation_id=actor.organisation_id,
        reference=next_reference(actor.organisation_id, "C", now),
        source=source,
        created_at=now,
    )
    _write(row, found)
    db.session.add(row)
    db.session.flush()
    record(actor, "customer.added", "customer", row.id, now=now, label=row.name, source=source)
    jobs.publish("CustomerChanged", {"customer": row.id, "act": "added"}, now=now)
    return row.id


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)


def _differences(before: CustomerData, after: CustomerData) -> dict[str, tuple[str, str]]:
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in _FIELDS}
    return {name: (_text(old), _text(new)) for name, (old, new) in pairs.items() if old != new}


@command
def edit_customer(
    actor: Actor,
    customer_id: str,
    data: CustomerData,
    *,
    version: int | None,
    now: datetime,
    accept_duplicates: bool = False,
) -> None:
    """Change the record. Stale carries theirs and yours by field; Invalid as for `add_customer`."""
    row = customer_row_for(actor, customer_id)
    if row.erased_at is not None:
        raise Refused("customer_erased")
    found = _checked(actor, data)
    changed = _differences(values_of(row), found)
    if not row.check_version(version):
        raise Stale(changed)
    if changed.keys() & {"name", "legal_name", "vat", "website"}:
        _refuse_duplicates(duplicates(actor.organisation_id, found, but=row.id), accept_duplicates)
    _write(row, found)
    row.touch()
    pairs = {name: list(pair) for name, pair in changed.items()}
    record(actor, "customer.changed", "customer", row.id, now=now, label=row.name, changed=pairs)
    jobs.publish("CustomerChanged", {"customer": row.id, "act": "changed"}, now=now)


@command
def erase_customer(actor: Actor, customer_id: str, *, reason: str, now: datetime) -> None:
    """Take out names, addresses and what was said; numbers, dates and order values stay for the accounts."""
    if not reason.strip():
        raise Refused("reason_needed")
    row = customer_row_for(actor, customer_id)
    if row.erased_at is not None:
        raise Refused("already_done")
    for contact in db.session.scalars(select(CustomerContact).where(CustomerContact.customer_id == row.id)):
        db.session.delete(contact)
    for talk in db.session.scalars(select(Interaction).where(Interaction.customer_id == row.id)):
        talk.subject, talk.text, talk.resolution = ERASED, "", ERASED if talk.resolution else ""
    for said in db.session.scalars(select(Satisfaction).where(Satisfaction.customer_id == row.id)):
        said.comment, said.by_name = "", ""
    _write(row, CustomerData(name=row.reference, country=row.country, segment=row.segment, roles=tuple(row.roles)))
    row.erased_at = now
    row.touch()
    record(actor, "customer.erased", "customer", row.id, now=now, label=row.reference, reason=reason.strip())
    jobs.publish("CustomerChanged", {"customer": row.id, "act": "erased"}, now=now)


def _contact_problems(name: str, email: str, customer_id: str, but: str | None = None) -> list[FieldProblem]:
    problems = [] if name.strip() else [FieldProblem("name", "required")]
    address = email.strip()
    if not address:
        return problems
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return [*problems, FieldProblem("email", "not_an_email", value=email)]
    known = select(CustomerContact.id, CustomerContact.email).where(CustomerContact.customer_id == customer_id)
    if any(kept.casefold() == address.casefold() and one != but for one, kept in db.session.execute(known)):
        problems.append(FieldProblem("email", "contact_known", value=address))
    return problems


@command
def add_contact(
    actor: Actor, customer_id: str, *, name: str, now: datetime, email: str = "", phone: str = "", role: str = ""
) -> str:
    """A person at the customer; returns the contact's id."""
    customer = customer_row_for(actor, customer_id)
    if customer.erased_at is not None:
        raise Refused("customer_erased")
    problems = _contact_problems(name, email, customer.id)
    if problems:
        raise Invalid(problems)
    row = CustomerContact(
        customer_id=customer.id,
        name=name.strip(),
        email=email.strip(),
        phone=phone.strip(),
        role=role.strip(),
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "contact.added", "customer", customer.id, now=now, label=row.name, contact=row.id)
    return row.id


@command
def edit_contact(
    actor: Actor,
    contact_id: str,
    *,
    name: str,
    email: str,
    phone: str,
    role: str,
    version: int | None,
    now: datetime,
) -> None:
    row, customer = contact_row_for(actor, contact_id)
    typed = {"name": name.strip(), "email": email.strip(), "phone": phone.strip(), "role": role.strip()}
    changed = {field: (getattr(row, field), value) for field, value in typed.items() if getattr(row, field) != value}
    if not row.check_version(version):
        raise Stale(changed)
    problems = _contact_problems(name, email, customer.id, but=row.id)
    if problems:
        raise Invalid(problems)
    for field, value in typed.items():
        setattr(row, field, value)
    row.touch()
    record(actor, "contact.changed", "customer", customer.id, now=now, label=row.name, contact=row.id)


@command
def set_consent(actor: Actor, contact_id: str, consent: str, *, note: str, now: datetime) -> None:
    """Whether this person lets us write to them about offers, and how we know (`note`)."""
    row, customer = contact_row_for(actor, contact_id)
    problems = []
    if consent not in rules.CONSENTS:
        facts = (("choices", ", ".join(rules.CONSENTS)),)
        problems.append(FieldProblem("consent", "unknown_value", value=consent, facts=facts))
    if not note.strip():
        problems.append(FieldProblem("note", "required"))
    if problems:
        raise Invalid(problems)
    row.consent, row.consent_at, row.consent_note = consent, now, note.strip()[:300]
    row.touch()
    record(
        actor, "contact.consent_set", "customer", customer.id, now=now, label=row.name, reason=row.consent_note,
        contact=row.id, consent=consent,
    )  # fmt: skip


@command
def remove_contact(actor: Actor, contact_id: str, *, now: datetime) -> None:
    row, customer = contact_row_for(actor, contact_id)
    record(actor, "contact.removed", "customer", customer.id, now=now, label=row.name, contact=row.id)
    db.session.delete(row)
