"""Deciding who comes in: proposals from inside and registrations from outside, each by somebody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.documents import services as store
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.infra.outbox import queue_mail
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Forbidden, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.suppliers.domain.record import SupplierData, from_row, letter_problems, to_row
from srm_portal.suppliers.models import QuestionnaireAnswer, Registration
from srm_portal.suppliers.services.contacts import add_contact, invite_contact
from srm_portal.suppliers.services.loading import only_staff
from srm_portal.suppliers.services.registration import OBJECT, bank_number
from srm_portal.suppliers.services.registry import add_prospect, checked_record
from srm_portal.suppliers.services.telling import buying_people


@command
def propose_supplier(
    actor: Actor, data: SupplierData, *, contact_name: str, email: str, reason: str, now: datetime
) -> str:
    """Somebody inside knows a company; another person decides whether it comes in. Returns the proposal's id."""
    only_staff(actor)
    found = checked_record(data)
    problems = letter_problems("contact_name", contact_name) + letter_problems("reason", reason, one_line=False)
    if not reason.strip():
        problems.append(FieldProblem("reason", "required"))
    if bool(email.strip()) != bool(contact_name.strip()):
        problems.append(FieldProblem("email" if contact_name.strip() else "contact_name", "required"))
    if problems:
        raise Invalid(problems)
    row = Registration(
        organisation_id=actor.organisation_id,
        origin="proposal",
        state="submitted",
        name=found.name,
        contact_name=contact_name.strip(),
        email=email.strip(),
        email_key=email.strip().casefold(),
        data=to_row(found),
        proposed_by=actor.user_id,
        proposed_name=actor.name,
        reason=reason.strip(),
        created_at=now,
        submitted_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "registration.proposed", OBJECT, row.id, now=now, label=row.name, reason=row.reason)
    notify(
        buying_people(actor.organisation_id, "purchasing_manager") - {actor.user_id}, "supplier_proposed",
        path=f"/suppliers/registrations/{row.id}", now=now, about=row.id, company=row.name, by=actor.name,
    )  # fmt: skip
    return row.id


def _waiting(actor: Actor, registration_id: str) -> Registration:
    row = db.session.get(Registration, registration_id)
    if row is None or row.organisation_id != actor.organisation_id or actor.supplier_id is not None:
        raise NotFound
    if row.state != "submitted":
        raise Refused("already_done")
    if row.proposed_by == actor.user_id:
        raise Forbidden("own_work")
    if row.origin == "proposal" and not actor.may("supplier:govern"):
        raise Forbidden("manager_decides")
    return row


def _decide(row: Registration, actor: Actor, state: str, reason: str, now: datetime) -> None:
    row.state, row.decision_reason = state, reason.strip()
    row.decided_by, row.decided_name, row.decided_at = actor.user_id, actor.name, now
    row.touch()


@command
def accept_registration(
    actor: Actor, registration_id: str, *, now: datetime, reason: str = "", accept_duplicates: bool = False
) -> str:
    """Let the company in as a prospect with its papers and answers; returns the supplier's id.

    Forbidden `own_work` for who proposed it, `manager_decides` for a proposal. Invalid `looks_like_duplicate` as for a
    typed prospect. Its account number waits for a second look; its contact gets the way in by mail.
    """
    row = _waiting(actor, registration_id)
    data = replace(from_row(row.data), iban=bank_number(row))
    source = "registration" if row.origin == "self" else f"proposed by {row.proposed_name}"[:120]
    supplier_id = add_prospect(actor, data, now=now, source=source, accept_duplicates=accept_duplicates)
    row.supplier_id, row.iban_sealed = supplier_id, ""
    _decide(row, actor, "accepted", reason, now)
    store.hand_over(actor, (OBJECT, row.id), ("supplier", supplier_id), now=now)
    answers = select(QuestionnaireAnswer).where(
        QuestionnaireAnswer.subject_type == OBJECT, QuestionnaireAnswer.subject_id == row.id
    )
    for answer in db.session.scalars(answers):
        answer.subject_type, answer.subject_id = "supplier", supplier_id
    record(actor, "registration.accepted", OBJECT, row.id, now=now, label=row.name, reason=row.decision_reason)
    if row.email:
        contact_id = add_contact(
            actor, supplier_id, name=row.contact_name, email=row.email, language=row.language, now=now
        )
        if row.origin == "self":
            invite_contact(actor, contact_id, may_bid=True, now=now)
    _tell(row, actor, supplier_id, now)
    return supplier_id


@command
def refuse_registration(actor: Actor, registration_id: str, *, reason: str, now: datetime) -> None:
    """Say no, with the reason; who registered is told."""
    row = _waiting(actor, registration_id)
    if not reason.strip():
        raise Refused("reason_needed")
    _decide(row, actor, "refused", reason, now)
    row.iban_sealed = ""
    record(actor, "registration.refused", OBJECT, row.id, now=now, label=row.name, reason=row.decision_reason)
    _tell(row, actor, None, now)


def _tell(row: Registration, actor: Actor, supplier_id: str | None, now: datetime) -> None:
    if row.proposed_by:
        path = f"/suppliers/{supplier_id}" if supplier_id else "/suppliers/proposals"
        kind = "proposal_accepted" if supplier_id else "proposal_refused"
        notify([row.proposed_by], kind, path=path, now=now, about=row.id, company=row.name, by=actor.name)
    elif supplier_id is None:
        queue_mail(
            "registration_refused", row.email, language=row.language, now=now, organisation_id=row.organisation_id,
            about=row.id, name=row.contact_name, company=row.name, reason=row.decision_reason,
            buyer=identity.organisation(row.organisation_id).name,
        )  # fmt: skip
