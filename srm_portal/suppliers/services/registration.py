"""Companies that come by themselves: a mail proves the address, they tell about themselves, somebody decides."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.documents import services as store
from srm_portal.identity import queries as identity
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.keys import open_secret, seal_secret
from srm_portal.infra.outbox import queue_mail
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor, system_actor
from srm_portal.suppliers.domain.record import SupplierData, from_row, letter_problems, masked_iban, to_row
from srm_portal.suppliers.models import QuestionnaireAnswer, Registration
from srm_portal.suppliers.queries.onboarding import RegistrationView, settings
from srm_portal.suppliers.services import answering
from srm_portal.suppliers.services.registry import checked_record
from srm_portal.suppliers.services.telling import tell_buyers

OBJECT = "registration"
LAPSE_JOB = "suppliers.registration_lapsed"
CONFIRM_DAYS = 14
MAIL_AGAIN_AFTER = timedelta(minutes=10)
FILES_MAX = 20
OPEN_STATES = ("unconfirmed", "draft")


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def applicant(row: Registration) -> Actor:
    """Who writes in the trail for somebody without an account."""
    return replace(system_actor(row.organisation_id, row.contact_name), user_id="applicant", language=row.language)


def applicant_of(view: RegistrationView) -> Actor:
    return replace(
        system_actor(view.organisation_id, view.contact_name), user_id="applicant", language=view.language
    )  # fmt: skip


def _checked_start(name: str, country: str, contact_name: str, email: str) -> str:
    problems = [FieldProblem(field, "required") for field, text in (("name", name), ("contact_name", contact_name))
                if not text.strip()]  # fmt: skip
    problems += letter_problems("name", name) + letter_problems("contact_name", contact_name)
    try:
        address = validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        problems.append(FieldProblem("email", "not_an_email", value=email))
        address = ""
    if problems:
        raise Invalid(problems)
    return address


@command
def start_registration(
    organisation_id: str, *, name: str, country: str, contact_name: str, email: str, language: str, now: datetime
) -> None:
    """Mail a link to who wants to register. What is answered never depends on who is known already.

    NotFound where the organisation takes no registrations. A known user gets a mail that says where to sign in; an
    address that asked before gets a fresh link, at most one in ten minutes.
    """
    if not settings(organisation_id).registration_open:
        raise NotFound
    address = _checked_start(name, country, contact_name, email)
    buyer = identity.organisation(organisation_id).name
    if identity.actor_by_email(address) is not None:
        record(
            system_actor(organisation_id), "registration.known_address", "organisation", organisation_id, now=now
        )  # fmt: skip
        queue_mail(
            "registration_known", address, language=language, now=now, organisation_id=organisation_id,
            name=contact_name.strip(), buyer=buyer, link=current_app.config["PUBLIC_URL"] + "/supplier/sign-in",
        )  # fmt: skip
        return
    row = _open_registration(organisation_id, address)
    if row is None:
        row = Registration(
            organisation_id=organisation_id,
            origin="self",
            state="unconfirmed",
            name=name.strip(),
            contact_name=contact_name.strip(),
            email=address,
            email_key=address.casefold(),
            language=language,
            data=to_row(SupplierData(name=name.strip(), country=country)),
            created_at=now,
        )
        db.session.add(row)
    elif row.token_hash and now - row.created_at < MAIL_AGAIN_AFTER:
        return
    token = secrets.token_urlsafe(32)
    row.token_hash, row.created_at = digest(token), now
    db.session.flush()
    record(applicant(row), "registration.started", OBJECT, row.id, now=now, label=row.name)
    queue_mail(
        "registration", address, language=language, now=now, organisation_id=organisation_id, about=row.id,
        secret=True, name=row.contact_name, buyer=buyer, company=row.name, days=CONFIRM_DAYS,
        link=f"{current_app.config['PUBLIC_URL']}/register/mine/{token}",
    )  # fmt: skip
    due = now + timedelta(days=CONFIRM_DAYS)
    jobs.enqueue(LAPSE_JOB, {"registration": row.id}, now=now, due_at=due, key=f"{LAPSE_JOB}:{row.id}:{now.date()}")


def _open_registration(organisation_id: str, address: str) -> Registration | None:
    query = select(Registration).where(
        Registration.organisation_id == organisation_id,
        Registration.email_key == address.casefold(),
        Registration.state.in_((*OPEN_STATES, "submitted")),
    )
    return db.session.scalar(query)


def registration_row(token: str) -> Registration:
    row = db.session.scalar(select(Registration).where(Registration.token_hash == digest(token)))
    if row is None:
        raise NotFound
    return row


def _editable(token: str) -> Registration:
    row = registration_row(token)
    if row.state not in OPEN_STATES:
        raise Refused("registration_handed_in")
    return row


@command
def confirm_address(token: str, *, now: datetime) -> None:
    """The link was pressed: the address is theirs, the questionnaires for newcomers are laid out."""
    row = registration_row(token)
    if row.state != "unconfirmed":
        return
    row.state, row.confirmed_at = "draft", now
    answering.lay_out(row.organisation_id, OBJECT, row.id, "registration", now)
    record(applicant(row), "registration.confirmed", OBJECT, row.id, now=now, label=row.name)


@command
def save_registration(token: str, data: SupplierData, *, version: int | None, now: datetime) -> None:
    """Keep what was typed so far; wrong values are named (Invalid) and nothing is kept."""
    row = _editable(token)
    if row.state != "draft":
        raise Refused("address_not_confirmed")
    found = checked_record(data)
    if found.iban is not None:
        row.iban_sealed = seal_secret(found.iban) if found.iban else ""
        row.iban_masked = masked_iban(found.iban)
    row.name, row.data = found.name, to_row(found)
    row.touch()
    record(applicant(row), "registration.saved", OBJECT, row.id, now=now, label=row.name)


@command
def attach_to_registration(token: str, upload: store.Upload | None, *, note: str, now: datetime) -> str:
    """A paper for the application; judged like every file."""
    row = _editable(token)
    if store.count(OBJECT, row.id) >= FILES_MAX:
        raise Refused("files_too_many", max=FILES_MAX)
    return store.store(applicant(row), OBJECT, row.id, upload, now=now, note=note)


@command
def remove_from_registration(token: str, file_id: str, *, now: datetime) -> None:
    row = _editable(token)
    store.remove_of(applicant(row), OBJECT, row.id, file_id, now=now)


@command
def hand_in(token: str, *, now: datetime) -> None:
    """The application is complete. Refused `registration_gaps` with what is missing."""
    row = _editable(token)
    if row.state != "draft":
        raise Refused("address_not_confirmed")
    data = from_row(row.data)
    problems = [FieldProblem(field, "required") for field in ("city", "categories") if not getattr(data, field)]
    if not (data.vat or data.registration_number):
        problems.append(FieldProblem("registration_number", "number_needed"))
    if problems:
        raise Invalid(problems)
    query = select(QuestionnaireAnswer).where(
        QuestionnaireAnswer.subject_type == OBJECT, QuestionnaireAnswer.subject_id == row.id
    )
    if any(answer.state != "submitted" for answer in db.session.scalars(query)):
        raise Refused("questionnaires_open")
    row.state, row.submitted_at = "submitted", now
    row.touch()
    record(applicant(row), "registration.handed_in", OBJECT, row.id, now=now, label=row.name)
    tell_buyers(
        row.organisation_id, "registration_handed_in", but="", path=f"/suppliers/registrations/{row.id}", now=now,
        about=row.id, company=row.name,
    )  # fmt: skip


@command
def lapse(registration_id: str, *, now: datetime) -> bool:
    """Forget who never pressed the link: nothing is kept of a stranger's address."""
    row = db.session.get(Registration, registration_id)
    if row is None or row.state != "unconfirmed" or now - row.created_at < timedelta(days=CONFIRM_DAYS):
        return False
    record(system_actor(row.organisation_id), "registration.lapsed", OBJECT, row.id, now=now)
    db.session.delete(row)
    return True


def bank_number(row: Registration) -> str | None:
    return open_secret(row.iban_sealed) if row.iban_sealed else None
