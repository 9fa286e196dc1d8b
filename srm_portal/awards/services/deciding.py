"""Proposing and deciding who gets what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import delete, select

from srm_portal.audit.queries import actors_of
from srm_portal.audit.services import record
from srm_portal.awards import queries
from srm_portal.awards.models import Award, AwardLine
from srm_portal.awards.policy import check_decision
from srm_portal.awards.services import letters, promises
from srm_portal.customers import queries as customers
from srm_portal.customers import services as customer_services
from srm_portal.identity import queries as identity
from srm_portal.infra import jobs
from srm_portal.infra.db import db, is_sqlite
from srm_portal.infra.numbering import next_reference
from srm_portal.infra.transaction import command
from srm_portal.kernel.canonical import canonical, sha256_hex
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused, Stale
from srm_portal.kernel.money import Money, plain
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.sourcing import queries as sourcing

PREPARED = ["award.proposed"]
ONE = Decimal(1)
TELLING = {"winner": True, "price": False, "scores": True}
"""What losing bidders learn unless the buyer says otherwise: who won, at which price, and their own marks."""


def _row(actor: Actor, award_id: str) -> Award:
    query = select(Award).where(Award.id == award_id, Award.organisation_id == actor.organisation_id)
    query = query.execution_options(populate_existing=True)
    row = db.session.scalar(query if is_sqlite() else query.with_for_update())
    if row is None or not actor.is_staff:
        raise NotFound
    return row


@dataclass(frozen=True, slots=True)
class Part:
    """A supplier's part of a lot as it is proposed."""

    supplier_id: str
    amount: Decimal
    source: str
    share: Decimal = ONE
    package: str = ""


Parts = dict[str, list[Part]]
"""lot id -> who gets it."""


def _hash(row: Award, parts: Parts) -> str:
    lines = [
        [lot, one.supplier_id, plain(one.amount), one.source, *_more(one)]
        for lot, held in sorted(parts.items())
        for one in held
    ]
    return sha256_hex(
        canonical(
            {
                "project": row.project_id,
                "lines": lines,
                "justification": row.justification,
                "currency": row.currency,
                "telling": row.telling,
                "reasons": row.reasons,
                "promise": row.promise,
            }
        )
    )


def _more(part: Part) -> list[str]:
    return [plain(part.share), part.package] if part.share != ONE or part.package else []


def _chosen(project_id: str, choice: Mapping[str, str]) -> Parts:
    found = {(one.lot_id, one.supplier_id): one for one in queries.options(project_id)}
    lots = sourcing.lots(project_id)
    problems = [
        FieldProblem(f"lot-{lot.id}", "lot_not_awarded", facts=(("lot", lot.title),))
        for lot in lots
        if not choice.get(lot.id)
    ]
    if problems:
        raise Invalid(problems)
    chosen: Parts = {}
    for lot in lots:
        option = found.get((lot.id, choice[lot.id]))
        if option is None:
            raise Invalid([FieldProblem(f"lot-{lot.id}", "no_amount_for_lot", facts=(("lot", lot.title),))])
        chosen[lot.id] = [Part(option.supplier_id, option.amount, option.source)]
    return chosen


def _of_scenario(scenario: queries.ScenarioView) -> Parts:
    lot_ids = queries.ground(scenario.project_id).lot_ids
    sources = {(one.lot_id, one.supplier_id): one.source for one in queries.options(scenario.project_id)}
    parts: Parts = {lot_id: [] for lot_id in lot_ids.values()}
    for won in scenario.winners:
        lot = lot_ids[won.lot]
        source = sources.get((lot, won.supplier_id), "offer")
        parts[lot].append(Part(won.supplier_id, won.amount, source, won.share, won.package))
    return parts


@command
def propose_award(
    actor: Actor,
    project_id: str,
    choice: Mapping[str, str],
    *,
    justification: str,
    standstill_days: int,
    version: int | None,
    now: datetime,
    departure: str = "",
    telling: Mapping[str, bool] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> str:
    """Propose one supplier for each lot at their standing amount, with the reason; asks the managers. Returns the id.

    `departure` is owed where the award is not the promised rule's; `telling` says what losing bidders learn
    (winner, price, scores), `reasons` holds a sentence for single bidders.
    """
    project = _project(actor, project_id)
    words = Words(justification, departure, standstill_days, telling or {}, reasons or {}, version)
    return _propose(actor, project, _chosen(project_id, choice), None, words, now)


@command
def propose_scenario(
    actor: Actor,
    scenario_id: str,
    *,
    justification: str,
    standstill_days: int,
    version: int | None,
    now: datetime,
    departure: str = "",
    telling: Mapping[str, bool] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> str:
    """Propose a solved scenario as it stands. Refusals besides those of `propose_award`: `scenario_not_solved`,
    `scenario_breaks_rules`, `scenario_is_old` (the amounts changed since).
    """
    scenario = queries.scenario_for(actor, scenario_id)
    project = _project(actor, scenario.project_id)
    if not scenario.can_be_awarded:
        raise Refused("scenario_not_solved")
    standing = [one for one in scenario.violations if one["index"] is None]
    if standing:
        raise Refused("scenario_breaks_rules", count=len(standing))
    if not queries.is_current(scenario):
        raise Refused("scenario_is_old")
    words = Words(justification, departure, standstill_days, telling or {}, reasons or {}, version)
    return _propose(actor, project, _of_scenario(scenario), scenario, words, now)


def _project(actor: Actor, project_id: str) -> sourcing.ProjectView:
    project = sourcing.project_for(actor, project_id)
    if project.stage != "contract":
        raise Refused("not_current_step", current=project.stage)
    return project


@dataclass(frozen=True, slots=True)
class Words:
    """What the proposal says beside who gets what."""

    justification: str
    departure: str
    standstill_days: int
    telling: Mapping[str, bool]
    reasons: Mapping[str, str]
    version: int | None


def _propose(
    actor: Actor,
    project: sourcing.ProjectView,
    parts: Parts,
    scenario: queries.ScenarioView | None,
    words: Words,
    now: datetime,
) -> str:
    if len(words.justification.strip()) < 10:
        raise Invalid([FieldProblem("justification", "justification_short")])
    existing = queries.award(project.id)
    if existing is not None and existing.state in ("proposed", "approved"):
        raise Refused("award_exists")
    row = _row(actor, existing.id) if existing else None
    if row is None:
        row = Award(
            organisation_id=actor.organisation_id,
            project_id=project.id,
            reference=next_reference(actor.organisation_id, "AW", now),
            currency=project.currency,
            created_at=now,
            value=Decimal(0),
            justification="",
            proposed_by=actor.user_id,
            proposed_by_name=actor.name,
        )
        db.session.add(row)
        db.session.flush()
    elif not row.check_version(words.version):
        raise Stale({"justification": (row.justification, words.justification)})
    _write(row, project, parts, scenario, words, actor, now)
    db.session.flush()
    row.drafts = letters.draft(row, project)
    record(
        actor,
        "award.proposed",
        "award",
        row.id,
        now=now,
        label=row.reference,
        stream=project.stream,
        sha256=row.sha256,
        value=Money(row.value, row.currency),
        scenario=row.scenario_id,
        promise_kept=row.promise.get("kept"),
    )
    _ask_managers(row, project, actor, now)
    return row.id


def _write(
    row: Award,
    project: sourcing.ProjectView,
    parts: Parts,
    scenario: queries.ScenarioView | None,
    words: Words,
    actor: Actor,
    now: datetime,
) -> None:
    everyone = [one for held in parts.values() for one in held]
    row.justification, row.standstill_days = words.justification.strip(), words.standstill_days
    row.value = sum((one.amount for one in everyone), Decimal(0))
    row.baseline = project.baseline
    sources = {one.source for one in everyone}
    row.basis = sources.pop() if len(sources) == 1 else "mixed"
    row.state, row.proposed_by, row.proposed_by_name, row.proposed_at = "proposed", actor.user_id, actor.name, now
    row.scenario_id = scenario.id if scenario else None
    row.telling = TELLING | {name: bool(words.telling[name]) for name in TELLING if name in words.telling}
    row.reasons = {key: text.strip()[:2000] for key, text in words.reasons.items() if text.strip()}
    won = {lot: [(one.supplier_id, one.share, one.package) for one in held] for lot, held in parts.items()}
    row.promise = promises.verdict(project.id, won, scenario, words.departure)
    row.sha256 = _hash(row, parts)
    row.touch()
    db.session.execute(delete(AwardLine).where(AwardLine.award_id == row.id))
    db.session.add_all(
        AwardLine(
            award_id=row.id,
            lot_id=lot,
            supplier_id=one.supplier_id,
            amount=one.amount,
            source=one.source,
            share=one.share,
            package=one.package,
        )
        for lot, held in parts.items()
        for one in held
    )


def _ask_managers(row: Award, project: sourcing.ProjectView, actor: Actor, now: datetime) -> None:
    managers = [
        one.id
        for one in identity.staff(actor.organisation_id, "purchasing_manager")
        if one.limit is not None and one.limit >= row.value and one.id != actor.user_id
    ]
    notify(
        managers,
        "award_proposed",
        path=f"/projects/{project.id}/award",
        now=now,
        reference=row.reference,
        by=actor.name,
        title=project.title,
    )


@command
def approve_award(actor: Actor, award_id: str, sha256: str, *, now: datetime) -> None:
    """A manager decides, bound to exactly the proposal they read; winners and losers are told."""
    row = _row(actor, award_id)
    if row.state != "proposed":
        raise Refused("wrong_state", current=row.state)
    if row.sha256 != sha256:
        raise Refused("award_changed")
    check_decision(actor, Money(row.value, row.currency), actors_of(row.id, PREPARED))
    row.state, row.decided_by, row.decided_by_name, row.decided_at = "approved", actor.user_id, actor.name, now
    row.standstill_until = now + timedelta(days=row.standstill_days)
    row.touch()
    project = sourcing.project(row.project_id)
    record(
        actor,
        "award.approved",
        "award",
        row.id,
        now=now,
        label=row.reference,
        stream=project.stream,
        sha256=row.sha256,
        value=Money(row.value, row.currency),
        standstill_until=row.standstill_until,
    )
    db.session.flush()
    jobs.publish("AwardDecided", {"award": row.id, "project": row.project_id}, now=now)
    notify(
        {row.proposed_by, project.owner_id},
        "award_approved",
        path=f"/projects/{row.project_id}/contract",
        now=now,
        reference=row.reference,
        by=actor.name,
        title=project.title,
    )
    letters.send(row, project, now)
    _tell_customer(actor, row, project, now)


def _tell_customer(actor: Actor, row: Award, project: sourcing.ProjectView, now: datetime) -> None:
    """Note the award where the need came from."""
    if project.customer_id is None:
        return
    origin = customers.origin(row.organisation_id, project.customer_id, project.opportunity_id)
    if origin is None:
        return
    customer_services.note_award(
        actor,
        customer_id=origin.customer_id,
        opportunity_id=origin.opportunity_id,
        project_id=project.id,
        reference=row.reference,
        title=project.title,
        now=now,
    )


@command
def return_award(actor: Actor, award_id: str, *, reason: str, now: datetime) -> None:
    """Send a proposal back to its author with the reason."""
    if not actor.may("award:decide"):
        raise NotFound
    if not reason.strip():
        raise Refused("reason_needed")
    row = _row(actor, award_id)
    if row.state != "proposed":
        raise Refused("wrong_state", current=row.state)
    row.state, row.decision_reason = "returned", reason.strip()
    row.touch()
    record(
        actor,
        "award.returned",
        "award",
        row.id,
        now=now,
        label=row.reference,
        stream=f"project:{row.project_id}",
        reason=reason,
    )
    notify(
        [row.proposed_by],
        "award_returned",
        path=f"/projects/{row.project_id}/award",
        now=now,
        reference=row.reference,
        reason=reason,
    )
