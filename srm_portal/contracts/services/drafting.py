"""Drafting contracts from an award, and changing the draft clause by clause."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.awards import queries as awards
from srm_portal.contracts import queries
from srm_portal.contracts.domain import library
from srm_portal.contracts.domain.clauses import Clause
from srm_portal.contracts.domain.life import months_later
from srm_portal.contracts.models import Contract, Obligation
from srm_portal.contracts.store import add_version, contract_row, note_dates
from srm_portal.identity import queries as identity
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.numbering import next_reference
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, Refused
from srm_portal.kernel.money import plain
from srm_portal.kernel.permissions import Actor, system_actor
from srm_portal.negotiations import queries as negotiations
from srm_portal.notifications.services import notify
from srm_portal.offers import queries as offers
from srm_portal.sourcing import queries as sourcing
from srm_portal.suppliers import queries as suppliers
from srm_portal.web import formats

TERM_DAYS = 365
NOTICE_DAYS = 90


def _prices(project: sourcing.ProjectView, award: awards.AwardView, supplier_id: str) -> list[dict[str, Any]]:
    """The price list: the offer's unit prices, and the awarded amount of each lot, which holds where it is lower.

    Of a lot that is split between suppliers, each contract holds its share of every quantity.
    """
    event = sourcing.main_event(project.id)
    offered = {one.supplier_id: one for one in offers.opened(event.id)} if event else {}
    offer = offered.get(supplier_id)
    totals = {line.line_id: line for line in offer.lines} if offer else {}
    won = {line.lot_id: line for line in award.lines if line.supplier_id == supplier_id}
    rows: list[dict[str, Any]] = []
    for line in sourcing.lines(project.id):
        if line.lot_id not in won:
            continue
        quoted, share = totals.get(line.id), won[line.lot_id].share
        rows.append(
            {
                "lot": line.lot_number,
                "number": line.number,
                "title": line.title,
                "quantity": plain(line.quantity * share),
                "unit": line.unit,
                "unit_price": plain(quoted.unit_price) if quoted and quoted.unit_price is not None else None,
                "source": won[line.lot_id].source,
            }
            | _share(share)
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
            | _share(line.share)
        )
    return rows


def _share(share: Decimal) -> dict[str, Any]:
    """The part of a lot that is split, for price lists; nothing where the lot was won whole."""
    return {} if share == 1 else {"share": plain(share)}


def facts_of(row: Contract) -> dict[str, str]:
    """What clause texts may name of this contract."""
    event = sourcing.main_event(row.project_id) if row.project_id else None
    card = suppliers.suppliers([row.supplier_id]).get(row.supplier_id)
    return {
        "event": event.reference if event else library.UNKNOWN,
        "award": awards.award_by_id(row.award_id).reference if row.award_id else library.UNKNOWN,
        "value": formats.money(row.value, row.currency, row.language),
        "buyer": identity.organisation(row.organisation_id).name,
        "supplier": card.name if card else library.UNKNOWN,
        "framework": queries.contract(row.parent_id).reference if row.parent_id else library.UNKNOWN,
        "payment_days": str(event.payment_days if event and event.payment_days is not None else 30),
        "starts_on": formats.day(row.starts_on, row.language),
        "ends_on": formats.day(row.ends_on, row.language),
        "notice_days": str(row.notice_days),
    }


def standard_text(row: Contract) -> list[Clause]:
    """The clauses that the library asks for, filled."""
    return library.draft(
        row.kind,
        row.language,
        facts_of(row),
        entries=queries.entries(row.organisation_id),
        value=row.value,
        category=row.category,
        risk=row.risk,
    )


def _owed(row: Contract, project: sourcing.ProjectView, lots: set[str]) -> None:
    """Obligations from the award: what has to be delivered on which day."""
    days: dict[date, list[str]] = {}
    for line in sourcing.lines(project.id):
        if line.lot_id in lots and line.needed_on is not None:
            days.setdefault(line.needed_on, []).append(line.title)
    for day, titles in sorted(days.items()):
        title = ", ".join(titles)
        named = title if len(title) <= 280 else title[:279] + "…"
        db.session.add(Obligation(contract_id=row.id, title=named, kind="delivery", party="supplier", due_on=day))


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
        category=project.category or "",
        language=organisation.language,
        currency=award.currency,
        value=sum((line.amount for line in award.lines if line.supplier_id == supplier_id), Decimal(0)),
        starts_on=starts,
        ends_on=starts + timedelta(days=TERM_DAYS - 1),
        notice_days=NOTICE_DAYS,
        owner_id=project.owner_id,
        created_at=now,
    )
    note_dates(row)
    db.session.add(row)
    db.session.flush()
    text = standard_text(row)
    _owed(row, project, {line.lot_id for line in award.lines if line.supplier_id == supplier_id})
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
def draft_from_negotiation(actor: Actor, negotiation_id: str, *, now: datetime) -> str:
    """A contract over what a talk agreed, once both sides confirmed its minutes; returns the id."""
    talk = negotiations.negotiation_for(actor, negotiation_id)
    project = sourcing.project_for(actor, talk.project_id)
    agreed = next((one for one in negotiations.results(project.id) if one.negotiation_id == talk.id), None)
    if talk.state != "confirmed" or agreed is None or not agreed.amounts:
        raise Refused("talk_not_confirmed")
    organisation = identity.organisation(project.organisation_id)
    starts = now.date() + timedelta(days=1)
    row = Contract(
        organisation_id=project.organisation_id,
        project_id=project.id,
        supplier_id=talk.supplier_id,
        reference=next_reference(project.organisation_id, "CT", now),
        title=project.title,
        kind=project.engagement,
        category=project.category or "",
        language=organisation.language,
        currency=project.currency,
        value=sum(agreed.amounts.values(), Decimal(0)),
        starts_on=starts,
        ends_on=starts + timedelta(days=TERM_DAYS - 1),
        notice_days=NOTICE_DAYS,
        owner_id=actor.user_id,
        created_at=now,
    )
    note_dates(row)
    db.session.add(row)
    db.session.flush()
    _owed(row, project, set(agreed.amounts))
    lots = {lot.id: lot for lot in sourcing.lots(project.id)}
    prices: list[dict[str, Any]] = [
        {
            "lot": lots[lot_id].number,
            "title": lots[lot_id].title,
            "lot_total": plain(amount),
            "source": "negotiation",
        }
        for lot_id, amount in sorted(agreed.amounts.items(), key=lambda pair: lots[pair[0]].number)
    ]
    version = add_version(actor, row, standard_text(row), prices, note="draft", now=now, number=1)
    facts = {"value": row.value, "minutes": talk.minutes_sha256, "sha256": version.sha256}
    record(
        actor,
        "contract.drafted",
        "contract",
        row.id,
        now=now,
        label=row.reference,
        stream=project.stream,
        **facts,
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
    category: str = "",
    risk: str = "low",
    framework_id: str | None = None,
) -> str:
    """A contract by hand, without a project; returns its id. `framework_id` makes it a call-off within that volume."""
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
    if kind == "call_off" or framework_id:
        _within(actor, framework_id, supplier_id, value, starts_on, ends_on, now)
        kind = "call_off"
    organisation = identity.organisation(actor.organisation_id)
    row = Contract(
        organisation_id=actor.organisation_id,
        supplier_id=supplier_id,
        parent_id=framework_id,
        relation="call_off" if framework_id else "",
        category=category,
        risk=risk,
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
    note_dates(row)
    db.session.add(row)
    db.session.flush()
    version = add_version(actor, row, standard_text(row), [], note="draft", now=now, number=1)
    record(
        actor, "contract.drafted", "contract", row.id, now=now, label=row.reference, sha256=version.sha256, value=value
    )
    return row.id


def _within(
    actor: Actor,
    framework_id: str | None,
    supplier_id: str,
    value: Decimal,
    starts_on: date,
    ends_on: date,
    now: datetime,
) -> None:
    """A call-off needs a running framework of the same supplier, its days, and what is left of its volume."""
    if framework_id is None:
        raise Invalid([FieldProblem("framework_id", "required")])
    row = contract_row(actor, framework_id)
    view = queries.contract(row.id)
    if row.kind != "framework" or view.phase(now) not in ("active", "expiring"):
        raise Refused("framework_not_running")
    if row.supplier_id != supplier_id:
        raise Invalid([FieldProblem("supplier_id", "framework_of_another")])
    if not row.starts_on <= starts_on <= ends_on or starts_on > row.ends_on:
        raise Invalid([FieldProblem("starts_on", "outside_framework")])
    left = queries.usage(view).left
    if value > left:
        facts = (("left", f"{plain(left)} {row.currency}"),)
        raise Invalid([FieldProblem("value", "call_off_above_volume", value=plain(value), facts=facts)])


@command
def amend(actor: Actor, contract_id: str, *, title: str, now: datetime) -> str:
    """An amendment of a running contract: its own draft, starting from the text in force; returns its id."""
    parent = contract_row(actor, contract_id)
    if parent.state != "active" or parent.relation == "amendment":
        raise Refused("only_running_is_amended")
    if not title.strip():
        raise Invalid([FieldProblem("title", "required")])
    for one in queries.children(parent.id, "amendment"):
        if one.state in ("draft", "in_approval", "approved"):
            raise Refused("amendment_under_way", reference=one.reference)
    copied = (
        "organisation_id supplier_id kind category risk language currency value starts_on ends_on notice_days "
        "renews_months sign_first index_name index_base index_share index_cap"
    )
    row = Contract(
        **{name: getattr(parent, name) for name in copied.split()},
        parent_id=parent.id,
        relation="amendment",
        reference=next_reference(parent.organisation_id, "CT", now),
        title=title.strip(),
        owner_id=actor.user_id,
        created_at=now,
    )
    note_dates(row)
    db.session.add(row)
    db.session.flush()
    text = queries.current_version(parent.id)
    version = add_version(actor, row, list(text.clauses), list(text.prices), note="amendment", now=now, number=1)
    record(
        actor,
        "contract.drafted",
        "contract",
        row.id,
        now=now,
        label=row.reference,
        sha256=version.sha256,
        amends=parent.reference,
    )
    return row.id


def take_effect(actor: Actor, amendment: Contract, *, now: datetime) -> None:
    """A signed amendment becomes the text, term and value of the contract it amends."""
    assert amendment.parent_id is not None
    parent = contract_row(actor, amendment.parent_id)
    names = (
        "value starts_on ends_on notice_days renews_months index_name index_base index_share index_cap category risk"
    )
    for name in names.split():
        setattr(parent, name, getattr(amendment, name))
    text = queries.current_version(amendment.id)
    version = add_version(
        actor,
        parent,
        list(text.clauses),
        list(text.prices),
        note=f"amendment {amendment.reference}",
        now=now,
        number=parent.current_version + 1,
    )
    parent.touch()
    view = queries.contract(parent.id)
    record(
        actor,
        "contract.amended",
        "contract",
        parent.id,
        now=now,
        label=parent.reference,
        stream=view.stream,
        by=amendment.reference,
        sha256=version.sha256,
    )


@command
def renew(contract_id: str, *, now: datetime) -> bool:
    """A contract that renews itself and was not given notice of runs on; False when there was nothing to do."""
    row = db.session.get_one(Contract, contract_id)
    view = queries.contract(row.id)
    until = view.term.renewed_until
    if row.state != "active" or until is None or now.date() <= row.ends_on:
        return False
    actor = system_actor(row.organisation_id)
    while row.ends_on < now.date():
        row.ends_on = months_later(row.ends_on + timedelta(days=1), row.renews_months) - timedelta(days=1)
    note_dates(row)
    row.touch()
    record(
        actor,
        "contract.renewed",
        "contract",
        row.id,
        now=now,
        label=row.reference,
        stream=view.stream,
        ends_on=row.ends_on,
    )
    facts = {"reference": row.reference, "title": row.title, "day": row.ends_on.isoformat()}
    notify([row.owner_id], "contract_renewed", path=f"/contracts/{row.id}", now=now, **facts)
    return True


def draft_decided(work: jobs.Work) -> None:
    """Job handler for AwardDecided: one contract for each winner."""
    award = awards.award_by_id(work.args["award"])
    for supplier_id in award.suppliers:
        author = identity.active_actor(award.proposed_by)
        if author is not None:
            draft_from_award(author, award.id, supplier_id, now=work.now)
