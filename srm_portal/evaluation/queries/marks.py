"""Who evaluates, the marks they gave, and the offers that they mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from srm_portal.evaluation.domain.assembly import OfferFacts
from srm_portal.evaluation.domain.joint import joint_marks
from srm_portal.evaluation.models import Evaluator, Mark
from srm_portal.evaluation.queries.criteria import CriterionView, consensus, criteria, plan
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.infra.once import once
from srm_portal.kernel.canonical import canonical, sha256_hex
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.kernel.money import plain
from srm_portal.kernel.permissions import Actor
from srm_portal.offers import queries as offers
from srm_portal.sourcing import queries as sourcing


@dataclass(frozen=True, slots=True)
class EvaluatorView:
    """`criteria` are the ids of those that they mark; empty for all. `recused`: suppliers whom they do not mark."""

    id: str
    user_id: str
    name: str
    state: str
    conflict: str
    declared_at: datetime | None
    submitted_at: datetime | None
    voice: Decimal
    criteria: tuple[str, ...]
    recused: tuple[str, ...] = ()

    def marks(self, criterion_id: str) -> bool:
        return not self.criteria or criterion_id in self.criteria


@dataclass(frozen=True, slots=True)
class MarkView:
    points: Decimal
    comment: str


@once
def _scorecards(project_id: str) -> tuple[list[Evaluator], list[tuple[Evaluator, Mark]]]:
    """The evaluators and every mark they gave, in one read."""
    query = select(Evaluator, Mark).outerjoin(Mark, Mark.evaluator_id == Evaluator.id)
    found = [(one, mark) for one, mark in db.session.execute(query.where(Evaluator.project_id == project_id))]
    rows = list({one.id: one for one, _mark in found}.values())
    return rows, [(one, mark) for one, mark in found if mark is not None]


@once
def evaluators(project_id: str) -> list[EvaluatorView]:
    rows, _marks = _scorecards(project_id)
    people = identity.people([row.user_id for row in rows])
    found = [
        EvaluatorView(
            row.id,
            row.user_id,
            people[row.user_id].name,
            row.state,
            row.conflict,
            row.declared_at,
            row.submitted_at,
            row.voice,
            tuple(row.criteria),
            tuple(row.recused),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: one.name)


def own_evaluator(actor: Actor, project_id: str) -> EvaluatorView:
    """The actor as evaluator of the project; NotFound when they are none."""
    sourcing.project_for(actor, project_id)
    found = next((one for one in evaluators(project_id) if one.user_id == actor.user_id), None)
    if found is None:
        raise NotFound
    return found


def owed(own: EvaluatorView, project_id: str) -> list[CriterionView]:
    """The criteria that this person marks."""
    return [one for one in criteria(project_id) if one.value.manual and own.marks(one.value.id)]


def offers_to_mark(own: EvaluatorView, project_id: str) -> list[OfferFacts]:
    """The opened offers of those suppliers with whom this person has no conflict of interest."""
    return [one for one in offer_facts(project_id) if one.supplier_id not in own.recused]


def unmarked(project_id: str) -> list[str]:
    """What people mark and nobody without a conflict is asked to mark: a criterion, or a criterion of one offer."""
    people = [one for one in evaluators(project_id) if one.state != "excluded"]
    found: list[str] = []
    for view in criteria(project_id):
        able = [one for one in people if one.marks(view.value.id)]
        if not view.value.manual:
            continue
        if not able:
            found.append(view.value.name)
            continue
        found += [
            f"{view.value.name} / {offer.name}"
            for offer in offer_facts(project_id)
            if all(offer.supplier_id in one.recused for one in able)
        ]
    return found


def own_marks(evaluator_id: str) -> dict[tuple[str, str], MarkView]:
    query = select(Mark).where(Mark.evaluator_id == evaluator_id)
    return {(row.criterion_id, row.supplier_id): MarkView(row.points, row.comment) for row in db.session.scalars(query)}


def submitted(project_id: str) -> dict[tuple[str, str, str], MarkView]:
    """(criterion, supplier, evaluator's user) -> mark and comment of the scorecards that are in."""
    _rows, marks = _scorecards(project_id)
    return {
        (mark.criterion_id, mark.supplier_id, one.user_id): MarkView(mark.points, mark.comment)
        for one, mark in marks
        if one.state == "submitted"
    }


def submitted_marks(project_id: str) -> dict[tuple[str, str, str], Decimal]:
    """(criterion, supplier, evaluator's user) -> points of the scorecards that are in."""
    return {key: one.points for key, one in submitted(project_id).items()}


def voices(project_id: str) -> dict[str, Decimal]:
    """By user: how much their marks count in the mean."""
    return {one.user_id: one.voice for one in evaluators(project_id)}


def agreed_marks(project_id: str) -> dict[tuple[str, str], Decimal]:
    """(criterion, supplier) -> the mark that counts: by the rule of the plan, or as agreed in the meeting."""
    return joint_marks(
        submitted_marks(project_id), consensus(project_id), voices=voices(project_id), rule=plan(project_id).rule
    )


def scores_missing(project_id: str, _now: datetime) -> list[str]:
    """The evaluators whose marks are not in: the technical scores cannot be locked before."""
    if not any(one.value.manual for one in criteria(project_id)):
        return []
    return [one.name for one in evaluators(project_id) if one.state == "open"]


def scores_digest(project_id: str) -> str:
    """A fingerprint of every mark that is in and of every mark that was agreed on."""
    marks = [[*key, plain(points)] for key, points in sorted(submitted_marks(project_id).items())]
    agreed = [[*key, plain(points)] for key, points in sorted(consensus(project_id).items())]
    return sha256_hex(canonical({"marks": marks, "agreed": agreed}))


def prices_wait_for_scores(project_id: str) -> bool:
    """Two envelopes whose prices are not opened yet."""
    event = sourcing.main_event(project_id)
    return event is not None and event.envelopes == "two" and event.state != "opened"


def scores_fixed(project_id: str) -> tuple[datetime, str] | None:
    """Between two envelopes: when and by whom the technical scores were fixed for the opening of the prices."""
    event = sourcing.main_event(project_id)
    return offers.scores_locked(event.id) if event is not None and event.envelopes == "two" else None


def check_scores_open(project_id: str) -> None:
    """Refuses `scores_locked`: between two envelopes the technical scores were fixed for the opening of the prices."""
    if scores_fixed(project_id) is not None:
        raise Refused("scores_locked")


@once
def offer_facts(project_id: str) -> list[OfferFacts]:
    """The opened offers as the criteria look at them, in the order of names; empty before the opening."""
    event = sourcing.main_event(project_id)
    if event is None:
        return []
    found = [
        OfferFacts(
            one.supplier_id,
            one.supplier_name,
            one.total,
            one.lead_days,
            dict(one.answers),
            int(one.submitted_at.timestamp() * 1000) if one.submitted_at else None,
        )
        for one in (offers.technical(event.id) if event.state == "technical" else offers.opened(event.id, lines=False))
    ]
    return sorted(found, key=lambda one: (one.name, one.supplier_id))


def waiting_scorecards(actor: Actor) -> list[sourcing.ProjectView]:
    """Projects whose offers are opened and wait for this evaluator's marks."""
    query = select(Evaluator.project_id).where(Evaluator.user_id == actor.user_id, Evaluator.state == "open")
    found = sourcing.projects_by_id(list(db.session.scalars(query)))
    return [one for one in found.values() if one.stage == "selection" and one.cancelled_at is None]
