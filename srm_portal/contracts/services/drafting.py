"""Drafting contracts from an award, and changing the draft clause by clause."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.awards import queries as awards
from srm_portal.contracts import queries
from srm_portal.contracts.domain import clauses as library
from srm_portal.contracts.models import Contract
from srm_portal.contracts.store import add_version, contract_row
from srm_portal.identity import queries as identity
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.numbering import next_reference
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, Refused, Stale
from srm_portal.kernel.money import plain
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.offers import queries as offers
from srm_portal.sourcing import queries as sourcing

TERM_DAYS = 365


def _prices(project: sourcing.ProjectView, award: awards.AwardView, supplier_id: str) -> list[dict[str, Any]]:
    """The price list: the offer's unit prices, and the awarded amount of each lot, which holds where it is lower."""
    event = sourcing.main_event(project.id)
    offered = {one.supplier_id: one for one in offers.opened(event.id)} if event else {}
    offer = offered.get(supplier_id)
    totals = {line.line_id: line for line in offer.lines} if offer else {}
    won = {line.lot_id: line for line in award.lines if line.supplier_id == supplier_id}
    rows: list[dict[str, Any]] = []
    for line in sourcing.lines(project.id):
        if line.lot_id not in won:
            continue
        quoted = totals.get(line.id)
        rows.append(
            {
                "lot": line.lot_number,
                "number": line.number,
                "title": line.title,
                "quantity": plain(line.quantity),
                "unit": line.unit,
                "unit_price": plain(quoted.unit_price) if quoted and quoted.unit_price is not None else None,
                "source": won[line.lot_id].source,
            }
        )
    lots = {lot.id: lot for lot in sourcing.lots(project.id)}
    for lot_id, line in sorted(won.items(), key=lambda pair: lots[pair[0]].number):
        rows.append(
            {
                "lot": lots[lot_id].number,
                "title": lots[lot_id].title,
                "lot_total": plain(line.amount),
                "source": line.source,
            }
        )
    return rows


def _facts(row: Contract, event: sourcing.EventView | None, award_reference: str) -> dict[str, str]:
    return {
        "event": event.reference if event else "–",
        "award": award_reference,
        "payment_days": str(event.payment_days if event and event.payment_days is not None else 30),
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "notice_days": str(row.notice_days),
    }


@command
def draft_from_award(actor: Actor, award_id: str, supplier_id: str, *, now: datetime) -> str:
    """A contract for one winner of an approved award; the same award and supplier are drafted once. Returns the id."""
    award = awards.award_by_id(award_id)
    if award.state != "approved" or supplier_id not in award.suppliers:
        raise Refused("award_not_approved")
    query = select(Contract.id).where(Contract.award_id == award_id, Contract.supplier_id == supplier_id)
    existing = db.session.scalar(query)
    if existing is not None:
        return existing
    project = sourcing.project(award.project_id)
    organisation = identity.organisation(project.organisation_id)
    starts = (award.standstill_until or now).date() + timedelta(days=1)
    row = Contract(
        organisation_id=project.organisation_id,
        project_id=project.id,
        award_id=award.id,
        supplier_id=supplier_id,
        reference=next_reference(project.organisation_id, "CT", now),
        title=project.title,
        kind=project.engagement,
        language=organisation.language,
        currency=award.currency,
        value=sum((line.amount for line in award.lines if line.supplier_id == supplier_id), Decimal(0)),
        starts_on=starts,
        ends_on=starts + timedelta(days=TERM_DAYS - 1),
        owner_id=project.owner_id,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    text = library.draft(row.kind, row.language, _facts(row, sourcing.main_event(project.id), award.reference))
    version = add_version(actor, row, text, _prices(project, award, supplier_id), note="draft", now=now, number=1)
    record(
        actor,
        "contract.drafted",
        "contract",
        row.id,
        now=now,
        label=row.reference,
        stream=project.stream,
        organisation_id=row.organisation_id,
        sha256=version.sha256,
        value=row.value,
    )
    notify(
        [project.owner_id],
        "contract_drafted",
        path=f"/contracts/{row.id}",
        now=now,
        reference=row.reference,
        title=row.title,
    )
    return row.id


@command
def draft_for_supplier(
    actor: Actor,
    supplier_id: str,
    *,
    title: str,
    kind: str,
    value: Decimal | None,
    starts_on: date | None,
    ends_on: date | None,
    now: datetime,
    notice_days: int = 90,
    language: str = "en",
) -> str:
    """A contract by hand, without a project; returns its id."""
    problems = [
        FieldProblem(name, "required")
        for name, given in (("title", title.strip()), ("value", value), ("starts_on", starts_on), ("ends_on", ends_on))
        if not given
    ]
    if problems:
        raise Invalid(problems)
    assert value is not None and starts_on is not None and ends_on is not None
    if ends_on < starts_on:
        raise Invalid([FieldProblem("ends_on", "contract_ends_before_start")])
    organisation = identity.organisation(actor.organisation_id)
    row = Contract(
        organisation_id=actor.organisation_id,
        supplier_id=supplier_id,
        reference=next_reference(actor.organisation_id, "CT", now),
        title=title.strip(),
        kind=kind,
        language=language,
        currency=organisation.currency,
        value=value,
        starts_on=starts_on,
        ends_on=ends_on,
        notice_days=notice_days,
        owner_id=actor.user_id,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    text = library.draft(kind, language, _facts(row, None, "–"))
    version = add_version(actor, row, text, [], note="draft", now=now, number=1)
    record(
        actor, "contract.drafted", "contract", row.id, now=now, label=row.reference, sha256=version.sha256, value=value
    )
    return row.id


def _changeable(row: Contract, version: int | None, differences: dict[str, tuple[str, str]]) -> None:
    if row.state != "draft":
        raise Refused("contract_not_draft")
    if not row.check_version(version):
        raise Stale(differences)


@command
def edit_clause(
    actor: Actor, contract_id: str, key: str, *, title: str, text: str, version: int | None, now: datetime
) -> None:
    """Change one clause: makes the next version and marks the clause as leaving the standard."""
    row = contract_row(actor, contract_id)
    current = queries.current_version(row.id)
    clause = next((one for one in current.clauses if one.key == key), None)
    if clause is None:
        raise Refused("clause_unknown")
    _changeable(row, version, {"text": (clause.text, text)})
    if not title.strip() or not text.strip():
        raise Invalid([FieldProblem("text", "required")])
    if (clause.title, clause.text) == (title.strip(), text.strip()):
        return
    changed = library.edited(list(current.clauses), key, title.strip(), text.strip())
    made = add_version(
        actor, row, changed, list(current.prices), note=f"clause {key}", now=now, number=current.number + 1
    )
    row.touch()
    view = queries.contract(row.id)
    record(
        actor,
        "contract.edited",
        "contract",
        row.id,
        now=now,
        label=row.reference,
        stream=view.stream,
        clause=key,
        sha256=made.sha256,
    )


@command
def change_term(
    actor: Actor,
    contract_id: str,
    *,
    starts_on: date | None,
    ends_on: date | None,
    notice_days: int,
    version: int | None,
    now: datetime,
) -> None:
    """Change the dates: the term clause is written anew and a new version made."""
    row = contract_row(actor, contract_id)
    _changeable(row, version, {"ends_on": (str(row.ends_on), str(ends_on))})
    if starts_on is None or ends_on is None or ends_on < starts_on:
        raise Invalid([FieldProblem("ends_on", "contract_ends_before_start")])
    row.starts_on, row.ends_on, row.notice_days = starts_on, ends_on, notice_days
    current = queries.current_version(row.id)
    event = sourcing.main_event(row.project_id) if row.project_id else None
    award = awards.award_by_id(row.award_id).reference if row.award_id else "–"
    fresh = {clause.key: clause for clause in library.draft(row.kind, row.language, _facts(row, event, award))}
    text = [fresh["term"] if clause.key == "term" and clause.standard else clause for clause in current.clauses]
    made = add_version(actor, row, text, list(current.prices), note="term", now=now, number=current.number + 1)
    row.touch()
    view = queries.contract(row.id)
    record(
        actor,
        "contract.term_changed",
        "contract",
        row.id,
        now=now,
        label=row.reference,
        stream=view.stream,
        starts_on=starts_on,
        ends_on=ends_on,
        sha256=made.sha256,
    )


def draft_decided(work: jobs.Work) -> None:
    """Job handler for AwardDecided: one contract for each winner."""
    award = awards.award_by_id(work.args["award"])
    for supplier_id in award.suppliers:
        author = identity.active_actor(award.proposed_by)
        if author is not None:
            draft_from_award(author, award.id, supplier_id, now=work.now)
