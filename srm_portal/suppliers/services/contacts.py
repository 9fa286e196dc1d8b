"""People at suppliers: added by the buyer or by the supplier, invited as portal users by the buyer."""

from __future__ import annotations

from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.identity import queries as identity
from srm_portal.identity.services import accounts
from srm_portal.infra.db import db
from srm_portal.infra.outbox import queue_mail
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused, Stale
from srm_portal.kernel.names import domain_of
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.models import Supplier, SupplierContact
from srm_portal.suppliers.services.loading import contact_row_for, only_staff, supplier_row_for

SIGN_IN_PATH = "/supplier/sign-in"


def _address(supplier_id: str, name: str, email: str, but: str | None = None) -> str:
    """The checked address; Invalid with every problem of name and address."""
    problems = [] if name.strip() else [FieldProblem("name", "required")]
    address = email.strip()
    try:
        address = validate_email(address, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        problems.append(FieldProblem("email", "not_an_email", value=email))
    query = select(SupplierContact.id).where(
        SupplierContact.supplier_id == supplier_id, SupplierContact.email_key == address.casefold()
    )
    if (known := db.session.scalar(query)) is not None and known != but:
        problems.append(FieldProblem("email", "contact_known", value=address))
    if problems:
        raise Invalid(problems)
    return address


@command
def add_contact(
    actor: Actor,
    supplier_id: str,
    *,
    name: str,
    email: str,
    now: datetime,
    phone: str = "",
    role: str = "",
    language: str = "en",
) -> str:
    """A person at the supplier; returns the contact's id. Each address once per supplier."""
    supplier = supplier_row_for(actor, supplier_id)
    address = _address(supplier.id, name, email)
    row = SupplierContact(
        supplier_id=supplier.id,
        name=name.strip(),
        email=address,
        email_key=address.casefold(),
        phone=phone.strip(),
        role=role.strip(),
        language=language,
        created_at=now,
    )
    db.session.add(row)
    if not supplier.email_domain:
        supplier.email_domain = domain_of(address)
    db.session.flush()
    record(actor, "contact.added", "supplier", supplier.id, now=now, label=row.name, contact=row.id)
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
    language: str,
    version: int | None,
    now: datetime,
) -> None:
    """Change a contact. The address of somebody who may sign in stays: it is their key."""
    row, supplier = contact_row_for(actor, contact_id)
    typed = {"name": name.strip(), "email": email.strip(), "phone": phone.strip(), "role": role.strip()}
    changed = {field: (getattr(row, field), value) for field, value in typed.items() if getattr(row, field) != value}
    if not row.check_version(version):
        raise Stale(changed)
    address = _address(supplier.id, name, email, but=row.id)
    if row.user_id and address.casefold() != row.email_key:
        raise Invalid([FieldProblem("email", "sign_in_address", value=row.email)])
    row.name, row.email, row.email_key = typed["name"], address, address.casefold()
    row.phone, row.role, row.language = typed["phone"], typed["role"], language
    row.touch()
    record(
        actor, "contact.changed", "supplier", supplier.id, now=now, label=row.name, contact=row.id,
        changed={field: list(pair) for field, pair in changed.items()},
    )  # fmt: skip


@command
def remove_contact(actor: Actor, contact_id: str, *, now: datetime) -> None:
    """Take a contact out of the record. Who may sign in must lose that first."""
    row, supplier = contact_row_for(actor, contact_id)
    if row.user_id is not None:
        raise Refused("contact_signs_in", name=row.name)
    record(actor, "contact.removed", "supplier", supplier.id, now=now, label=row.name, contact=row.id)
    db.session.delete(row)


@command
def invite_contact(actor: Actor, contact_id: str, *, may_bid: bool, now: datetime) -> str:
    """Let a contact sign in for their company; mails them the way in and returns the user's id.

    Asked again for somebody invited before, only the mail goes out once more.
    """
    user_id = open_access(actor, contact_id, may_bid=may_bid, now=now)
    row, supplier = contact_row_for(actor, contact_id)
    _mail_access(actor, row, supplier, now)
    record(actor, "contact.invited", "supplier", supplier.id, now=now, label=row.name, contact=row.id, may_bid=may_bid)
    return user_id


@command
def open_access(actor: Actor, contact_id: str, *, may_bid: bool, now: datetime) -> str:
    """The account of a contact, made when there is none; returns the user's id and mails nothing."""
    only_staff(actor)
    row, supplier = contact_row_for(actor, contact_id)
    if supplier.state in ("blocked", "archived"):
        raise Refused("wrong_state", current=supplier.state)
    if row.user_id is None:
        row.user_id = accounts.create_user(
            actor,
            email=row.email,
            name=row.name,
            roles=["supplier_user"],
            supplier_id=supplier.id,
            may_bid=may_bid,
            language=row.language,
            zone=identity.organisation(actor.organisation_id).zone,
            now=now,
        )
        row.touch()
    return row.user_id


def _mail_access(actor: Actor, row: SupplierContact, supplier: Supplier, now: datetime) -> None:
    queue_mail(
        "supplier_access",
        row.email,
        language=row.language,
        now=now,
        organisation_id=supplier.organisation_id,
        user_id=row.user_id,
        about=row.id,
        name=row.name,
        by=actor.name,
        buyer=identity.organisation(supplier.organisation_id).name,
        company=supplier.name,
        address=row.email,
        link=current_app.config["PUBLIC_URL"] + SIGN_IN_PATH,
    )


def _user_of(actor: Actor, contact_id: str) -> tuple[SupplierContact, Supplier, identity.PersonView]:
    only_staff(actor)
    row, supplier = contact_row_for(actor, contact_id)
    if row.user_id is None:
        raise Refused("contact_no_access", name=row.name)
    person = identity.person(row.user_id)
    if person is None:
        raise NotFound
    return row, supplier, person


@command
def set_may_bid(actor: Actor, contact_id: str, *, may_bid: bool, now: datetime) -> None:
    """Whether this person may bind their company with offers and bids. Their sessions end with the change."""
    row, supplier, person = _user_of(actor, contact_id)
    if person.may_bid == may_bid:
        raise Refused("already_done")
    accounts.change_user(
        actor,
        person.id,
        roles=list(person.roles),
        limit=None,
        may_bid=may_bid,
        name=person.name,
        version=None,
        now=now,
    )
    record(actor, "contact.may_bid_set", "supplier", supplier.id, now=now, label=row.name, may_bid=may_bid)


@command
def end_access(actor: Actor, contact_id: str, *, reason: str, now: datetime) -> None:
    """The contact may sign in no more; their sessions end at once."""
    row, supplier, person = _user_of(actor, contact_id)
    accounts.disable_user(actor, person.id, reason=reason, now=now)
    record(actor, "contact.access_ended", "supplier", supplier.id, now=now, label=row.name, reason=reason)


@command
def renew_access(actor: Actor, contact_id: str, *, now: datetime) -> None:
    row, supplier, person = _user_of(actor, contact_id)
    accounts.enable_user(actor, person.id, now=now)
    record(actor, "contact.access_renewed", "supplier", supplier.id, now=now, label=row.name)
