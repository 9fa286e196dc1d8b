"""What is promised to suppliers of the award, and what is known beside their offers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.awards import queries
from srm_portal.awards.domain.facts import Document
from srm_portal.awards.domain.reading import read
from srm_portal.awards.models import AwardTerms
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, InputError, Invalid, NotFound, Refused, Stale
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing

PROMISES = ("ranking", "cheapest", "best_score")


def _row(project: sourcing.ProjectView, version: int | None) -> AwardTerms:
    row = db.session.scalar(select(AwardTerms).where(AwardTerms.project_id == project.id))
    if row is None:
        row = AwardTerms(organisation_id=project.organisation_id, project_id=project.id, promise={}, known={})
        db.session.add(row)
        db.session.flush()
    elif version is not None and not row.check_version(version):
        raise Stale({})
    return row


def _buyer(actor: Actor, project_id: str) -> sourcing.ProjectView:
    project = sourcing.project_for(actor, project_id)
    if not actor.may("award:propose"):
        raise NotFound
    if project.archived or project.cancelled_at is not None:
        raise Refused("project_is_closed")
    return project


@command
def save_promise(
    actor: Actor, project_id: str, promise: Mapping[str, Any], *, version: int | None, now: datetime
) -> None:
    """The rule by which lots are awarded, published with the event; {} promises nothing. Fixed at publication.

    Refusals: `promise_is_fixed`. Invalid: `weights_needed`, `suppliers_needed`.
    """
    project = _buyer(actor, project_id)
    event = sourcing.main_event(project_id)
    if event is not None and event.state != "draft":
        raise Refused("promise_is_fixed")
    if promise and promise["kind"] not in PROMISES:
        raise Invalid([FieldProblem("kind", "required")])
    if promise.get("kind") == "best_score" and not any(
        float(promise.get(name) or 0) > 0 for name in ("price_weight", "quality_weight")
    ):
        raise Invalid([FieldProblem("price_weight", "promise_weights_needed")])
    row = _row(project, version)
    row.promise = dict(promise)
    row.touch()
    record(
        actor,
        "award.promise_saved",
        "project",
        project_id,
        now=now,
        label=project.reference,
        stream=project.stream,
        promise=dict(promise),
    )


@command
def save_known(actor: Actor, project_id: str, known: Document, *, version: int | None, now: datetime) -> None:
    """Fixed costs, capacities, groups, incumbents, packages and discounts: what scenarios take into account.

    Invalid `award_input` names the field of the award file that is wrong. Scenarios made before keep their facts.
    """
    project = _buyer(actor, project_id)
    row = _row(project, version)
    row.known = known
    row.touch()
    record(
        actor,
        "award.facts_saved",
        "project",
        project_id,
        now=now,
        label=project.reference,
        stream=project.stream,
        facts=known,
    )
    db.session.flush()
    check_input(queries.ground(project_id).document)


def check_input(document: Document) -> None:
    """Raises Invalid where the award file would be refused, with the field and the remedy in words."""
    try:
        read(document)
    except InputError as wrong:
        raise Invalid(
            [FieldProblem("form", "award_input", facts=(("field", wrong.field), ("remedy", wrong.remedy)))]
        ) from None
