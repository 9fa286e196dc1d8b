"""What waits for whom, and what was found: read from every room's queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, select

from srm_portal.auctions import queries as auctions
from srm_portal.awards import queries as awards
from srm_portal.bidding_lists import queries as bidding
from srm_portal.contracts import queries as contracts
from srm_portal.customers import queries as customers
from srm_portal.evaluation import queries as evaluation
from srm_portal.infra.db import db
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing
from srm_portal.suppliers import queries as suppliers
from srm_portal.web.paging import Page

HITS = 8


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for a person: what, why it matters, where, until when."""

    kind: str
    title: str
    note: str
    url: str
    badge: str = ""
    tone: str = "info"
    at: datetime | None = None
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    kind: str
    title: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Projects by step, and what was decided this year: awarded value, baseline where known, the difference."""

    stages: dict[str, int]
    savings: dict[str, Decimal] | None


def approvals(actor: Actor, now: datetime) -> list[Waiting]:
    """Everything that waits for this manager's decision, oldest kind of work first."""
    found: list[Waiting] = []
    waivers = bidding.waiting_waivers(actor) if actor.may("waiver:approve") else []
    held = awards.waiting(actor)
    if actor.may("need:approve"):
        needs, projects = sourcing.waiting_needs_and(actor, [one.project_id for one in (*waivers, *held)])
        for need in needs:
            url = url_for("sourcing.project", project_id=need.id)
            found.append(
                Waiting("need", need.title, need.reference, url, _("need"), amount=need.budget, currency=need.currency)
            )
    else:
        projects = sourcing.projects_by_id([one.project_id for one in (*waivers, *held)])
    for one in waivers:
        url = url_for("bidding_lists.waiver", waiver_id=one.id)
        project = projects[one.project_id]
        note = f"{project.reference} · {one.asked_name}"
        found.append(Waiting("waiver", project.title, note, url, _("waiver"), "warn", one.asked_at))
    for award in held:
        url = url_for("awards.award", project_id=award.project_id)
        note = f"{award.reference} · {award.proposed_by_name}"
        title = projects[award.project_id].title
        found.append(
            Waiting("award", title, note, url, _("award"), "info", award.proposed_at, award.value, award.currency)
        )
    if actor.may("contract:approve"):
        for contract in contracts.desk(actor, now).waiting:
            url = url_for("contracts.approval", contract_id=contract.id)
            note = f"{contract.reference} · {contract.supplier_name}"
            found.append(
                Waiting(
                    "contract",
                    contract.title,
                    note,
                    url,
                    _("contract"),
                    "info",
                    contract.created_at,
                    contract.value,
                    contract.currency,
                )
            )
    return found


def approval_count(actor: Actor, now: datetime) -> Select[tuple[int]] | None:
    """For the number in the top bar: what `approvals` lists, counted."""
    counts = []
    if actor.may("need:approve"):
        counts.append(sourcing.waiting_count(actor))
    if actor.may("waiver:approve"):
        counts.append(bidding.waiting_count(actor))
    if actor.limit is not None:
        counts.append(awards.waiting_count(actor))
    if actor.may("contract:approve"):
        counts.append(contracts.waiting_count(actor, now))
    if not counts:
        return None
    total = counts[0].scalar_subquery()
    for query in counts[1:]:
        total = total + query.scalar_subquery()
    return select(total)


def _events_waiting(actor: Actor, now: datetime) -> list[Waiting]:
    found = []
    for event in sourcing.open_events(actor):
        phase = event.phase(now)
        if phase == "closed":
            url = url_for("offers.selection", project_id=event.project_id)
            found.append(
                Waiting("opening", event.title, event.reference, url, _("open the offers"), "warn", event.deadline_at)
            )
        elif event.deadline_at and event.deadline_at - now < timedelta(days=3):
            url = url_for("bidding_lists.invitations", event_id=event.id)
            found.append(
                Waiting("deadline", event.title, event.reference, url, _("deadline soon"), "info", event.deadline_at)
            )
    return found


def work(actor: Actor, now: datetime) -> list[Waiting]:
    """What waits for this person, decisions first."""
    found = approvals(actor, now)
    if actor.may("score:edit"):
        for project in evaluation.waiting_scorecards(actor):
            url = url_for("evaluation.scorecard", project_id=project.id)
            found.append(Waiting("scorecard", project.title, project.reference, url, _("mark the offers"), "warn"))
    if actor.may("project:edit"):
        found += _events_waiting(actor, now)
    if actor.may("customer:edit"):
        for task, customer in customers.my_tasks(actor, 5):
            url = url_for("customers.show", customer_id=customer.id)
            found.append(Waiting("task", task.title, customer.name, url, _("task")))
    return found


def live_auctions(actor: Actor, now: datetime) -> list[Any]:
    """Auctions that run now or open next."""
    if not actor.may("auction:read"):
        return []
    return [one for one in auctions.auctions(actor, now, limit=12)[0] if one.state not in ("closed", "cancelled")][:6]


def figures(actor: Actor, now: datetime) -> Figures:
    """The numbers of the start page, in one statement."""
    stages = sourcing.stage_counts(actor) if actor.may("project:read") else {}
    asked: list[Select[Any]] = list(stages.values())
    if actor.may("contract:read"):
        asked += awards.saved_since(actor, now.replace(month=1, day=1, hour=0, minute=0))
    if not asked:
        return Figures({}, None)
    row = tuple(db.session.execute(select(*(query.scalar_subquery() for query in asked))).one())
    counts = dict(zip(stages, row, strict=False))
    if not actor.may("contract:read"):
        return Figures(counts, None)
    value, baseline = (one or Decimal(0) for one in row[-2:])
    return Figures(counts, {"value": value, "baseline": baseline, "saved": baseline - value})


def search(actor: Actor, text: str, now: datetime) -> list[Hit]:
    """Projects, suppliers, contracts and customers that the actor may see, best kinds first."""
    found: list[Hit] = []
    if len(text) < 2:
        return found
    page = Page(1, HITS)
    if actor.may("project:read"):
        for project in sourcing.projects(actor, text=text, limit=HITS)[0]:
            url = url_for("sourcing.project", project_id=project.id)
            found.append(Hit(_("Project"), project.title, project.reference, url))
    if actor.may("supplier:read"):
        for row in suppliers.search(actor, suppliers.SupplierFilter(text=text), page)[0]:
            url = url_for("suppliers.show", supplier_id=row.supplier.id)
            found.append(Hit(_("Supplier"), row.supplier.name, row.supplier.reference, url))
    if actor.may("contract:read"):
        for contract in contracts.contracts(actor, text=text, now=now, limit=HITS)[0]:
            url = url_for("contracts.show", contract_id=contract.id)
            found.append(Hit(_("Contract"), contract.title, contract.reference, url))
    if actor.may("customer:read"):
        for line in customers.search(actor, customers.CustomerFilter(text=text), page)[0]:
            url = url_for("customers.show", customer_id=line.customer.id)
            found.append(Hit(_("Customer"), line.customer.name, line.customer.reference, url))
    return found
