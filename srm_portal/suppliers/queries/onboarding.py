"""Registrations, papers and questionnaires as pages show them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from srm_portal.infra.db import db
from srm_portal.infra.keys import open_secret
from srm_portal.infra.once import once
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.domain import questionnaires as rules
from srm_portal.suppliers.domain.record import SupplierData, from_row
from srm_portal.suppliers.models import (
    BankAccount,
    Certificate,
    Questionnaire,
    QuestionnaireAnswer,
    Registration,
    SupplierSettings,
)


@dataclass(frozen=True, slots=True)
class SettingsView:
    registration_open: bool
    welcome: str
    weights: dict[str, int]
    gates: dict[str, Any]
    version: int


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """A company on its way in; `data` without its account number."""

    id: str
    organisation_id: str
    origin: str
    state: str
    name: str
    contact_name: str
    email: str
    language: str
    data: SupplierData
    iban_masked: str
    proposed_by: str | None
    proposed_name: str
    reason: str
    created_at: datetime
    submitted_at: datetime | None
    decided_name: str
    decided_at: datetime | None
    decision_reason: str
    supplier_id: str | None
    version: int


@dataclass(frozen=True, slots=True)
class AccountView:
    id: str
    iban_masked: str
    holder: str
    state: str
    by_supplier: bool
    asked_by: str
    asked_name: str
    asked_at: datetime
    decided_name: str
    decided_at: datetime | None
    evidence: str


@dataclass(frozen=True, slots=True)
class CertificateView:
    id: str
    supplier_id: str
    kind: str
    number: str
    issuer: str
    issued_on: date | None
    valid_until_on: date | None
    state: str
    added_name: str
    checked_name: str
    note: str

    def standing(self, on: date) -> str:
        """claimed, checked or refused; `expired` after the last day."""
        over = self.valid_until_on is not None and self.valid_until_on < on
        return "expired" if over and self.state != "refused" else self.state


@dataclass(frozen=True, slots=True)
class QuestionnaireView:
    id: str
    organisation_id: str
    family_id: str
    edition: int
    title: str
    purpose: str
    category: str
    state: str
    questions: tuple[rules.Question, ...]
    created_name: str
    created_at: datetime
    published_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class AnswerView:
    id: str
    questionnaire: QuestionnaireView
    subject_type: str
    subject_id: str
    state: str
    answers: dict[str, Any]
    score: int | None
    due_on: date | None
    asked_name: str
    asked_at: datetime
    submitted_at: datetime | None
    submitted_name: str


@once
def settings(organisation_id: str) -> SettingsView:
    """What the organisation has decided, or what holds until it does."""
    return settings_view(
        db.session.scalar(select(SupplierSettings).where(SupplierSettings.organisation_id == organisation_id))
    )


def settings_view(row: SupplierSettings | None) -> SettingsView:
    if row is None:
        return SettingsView(False, "", {}, {}, 0)
    return SettingsView(row.registration_open, row.welcome, dict(row.weights), dict(row.gates), row.version)


def taking_registrations() -> list[str]:
    """Organisations that strangers may register with."""
    query = select(SupplierSettings.organisation_id).where(SupplierSettings.registration_open.is_(True))
    return list(db.session.scalars(query))


def _registration(row: Registration) -> RegistrationView:
    return RegistrationView(
        row.id, row.organisation_id, row.origin, row.state, row.name, row.contact_name, row.email, row.language,
        from_row(row.data), row.iban_masked, row.proposed_by, row.proposed_name, row.reason, row.created_at,
        row.submitted_at, row.decided_name, row.decided_at, row.decision_reason, row.supplier_id, row.version,
    )  # fmt: skip


def registration_by_token(token: str) -> RegistrationView:
    row = db.session.scalar(
        select(Registration).where(Registration.token_hash == hashlib.sha256(token.encode()).hexdigest())
    )
    if row is None:
        raise NotFound
    return _registration(row)


def registration_for(actor: Actor, registration_id: str) -> RegistrationView:
    row = db.session.get(Registration, registration_id)
    if row is None or row.organisation_id != actor.organisation_id or actor.supplier_id or row.state == "unconfirmed":
        raise NotFound
    return _registration(row)


def registration_data(view: RegistrationView) -> SupplierData:
    """With the account number opened, to look for companies that share it."""
    row = db.session.get_one(Registration, view.id)
    iban = open_secret(row.iban_sealed) if row.iban_sealed else None
    return SupplierData(
        **{name: getattr(view.data, name) for name in SupplierData.__slots__ if name != "iban"}, iban=iban
    )


def registrations(actor: Actor) -> list[RegistrationView]:
    """Waiting ones first, then the newest decided; the unconfirmed are nobody's business."""
    query = select(Registration).where(
        Registration.organisation_id == actor.organisation_id, Registration.state != "unconfirmed"
    )
    rows = db.session.scalars(
        query.order_by(Registration.state != "submitted", Registration.created_at.desc()).limit(200)
    )
    return [_registration(row) for row in rows]


def proposals_of(actor: Actor) -> list[RegistrationView]:
    """What this person proposed."""
    query = select(Registration).where(
        Registration.organisation_id == actor.organisation_id, Registration.proposed_by == actor.user_id
    )
    return [_registration(row) for row in db.session.scalars(query.order_by(Registration.created_at.desc()).limit(100))]


def registrations_waiting(organisation_id: str) -> int:
    query = select(func.count()).select_from(Registration)
    query = query.where(Registration.organisation_id == organisation_id, Registration.state == "submitted")
    return db.session.scalar(query) or 0


def accounts(supplier_id: str) -> list[AccountView]:
    """Newest first."""
    query = select(BankAccount).where(BankAccount.supplier_id == supplier_id)
    query = query.order_by(BankAccount.state != "waiting", BankAccount.asked_at.desc())
    return [
        AccountView(
            row.id,
            row.iban_masked,
            row.holder,
            row.state,
            row.by_supplier,
            row.asked_by,
            row.asked_name,
            row.asked_at,
            row.decided_name,
            row.decided_at,
            row.evidence,
        )
        for row in db.session.scalars(query.limit(20))
    ]


def _certificate(row: Certificate) -> CertificateView:
    return CertificateView(
        row.id, row.supplier_id, row.kind, row.number, row.issuer, row.issued_on, row.valid_until_on, row.state,
        row.added_name, row.checked_name, row.note,
    )  # fmt: skip


def certificates(supplier_ids: Iterable[str]) -> dict[str, list[CertificateView]]:
    """By supplier, those that end first in front; every asked id has its list."""
    found: dict[str, list[CertificateView]] = {one: [] for one in supplier_ids}
    query = select(Certificate).where(Certificate.supplier_id.in_(list(found)))
    for row in db.session.scalars(query.order_by(Certificate.valid_until_on, Certificate.kind)):
        found[row.supplier_id].append(_certificate(row))
    return found


def certificate_for(actor: Actor, certificate_id: str) -> CertificateView:
    row = db.session.get(Certificate, certificate_id)
    if row is None or row.organisation_id != actor.organisation_id or actor.supplier_id not in (None, row.supplier_id):
        raise NotFound
    return _certificate(row)


def _questionnaire(row: Questionnaire) -> QuestionnaireView:
    return QuestionnaireView(
        row.id, row.organisation_id, row.family_id, row.edition, row.title, row.purpose, row.category, row.state,
        tuple(rules.from_row(one) for one in row.questions), row.created_name, row.created_at, row.published_at,
        row.version,
    )  # fmt: skip


def questionnaires(actor: Actor, *states: str) -> list[QuestionnaireView]:
    """Of the organisation, by title, the newest edition first."""
    query = select(Questionnaire).where(Questionnaire.organisation_id == actor.organisation_id)
    if states:
        query = query.where(Questionnaire.state.in_(states))
    return [
        _questionnaire(row)
        for row in db.session.scalars(query.order_by(Questionnaire.title, Questionnaire.edition.desc()))
    ]


def questionnaire_for(actor: Actor, questionnaire_id: str) -> QuestionnaireView:
    row = db.session.get(Questionnaire, questionnaire_id)
    if row is None or row.organisation_id != actor.organisation_id or actor.supplier_id:
        raise NotFound
    return _questionnaire(row)


def edition_before(view: QuestionnaireView) -> QuestionnaireView | None:
    query = select(Questionnaire).where(
        Questionnaire.family_id == view.family_id, Questionnaire.edition == view.edition - 1
    )
    row = db.session.scalar(query)
    return _questionnaire(row) if row is not None else None


def answers_of(subject_type: str, subject_id: str) -> list[AnswerView]:
    """Everything a company was asked: open ones first, then the newest."""
    query = (
        select(QuestionnaireAnswer, Questionnaire)
        .join(Questionnaire, Questionnaire.id == QuestionnaireAnswer.questionnaire_id)
        .where(QuestionnaireAnswer.subject_type == subject_type, QuestionnaireAnswer.subject_id == subject_id)
        .order_by(QuestionnaireAnswer.state == "submitted", QuestionnaireAnswer.asked_at.desc(), Questionnaire.title)
    )
    return [_answer(answer, form) for answer, form in db.session.execute(query)]


def answer_of(answer_id: str, subject: tuple[str, str] | None, organisation_id: str) -> AnswerView:
    """One answer: of this subject, or (None) of any company of the organisation."""
    row = db.session.get(QuestionnaireAnswer, answer_id)
    if row is None or row.organisation_id != organisation_id:
        raise NotFound
    if subject is not None and (row.subject_type, row.subject_id) != subject:
        raise NotFound
    return _answer(row, db.session.get_one(Questionnaire, row.questionnaire_id))


def _answer(row: QuestionnaireAnswer, form: Questionnaire) -> AnswerView:
    return AnswerView(
        row.id, _questionnaire(form), row.subject_type, row.subject_id, row.state, dict(row.answers), row.score,
        row.due_on, row.asked_name, row.asked_at, row.submitted_at, row.submitted_name,
    )  # fmt: skip
