"""Weights worked out from answers: swing points, an order, comparisons in pairs, best and worst."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from srm_portal.audit.services import record
from srm_portal.evaluation import queries
from srm_portal.evaluation.domain import scoring_file
from srm_portal.evaluation.domain.weighing import METHODS, node_at, question, reweighted_sheet
from srm_portal.evaluation.models import WeightsFound
from srm_portal.evaluation.services.criteria import not_published, save_criteria
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, InputError, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing


@command
def find_weights(
    actor: Actor, project_id: str, path: str, method: str, answers: Mapping[str, Any], *, use: bool, now: datetime
) -> None:
    """Work out the weights of the children of a group and keep question and answer; with `use` put them in the sheet.

    Refusals: `event_is_published`, `too_few_to_compare`, `weights_impossible` (with what is wrong),
    `group_without_weight`.
    """
    project = sourcing.project_for(actor, project_id)
    not_published(project_id)
    views = queries.criteria(project_id)
    nodes = node_at([view.value for view in views], path)
    if nodes is None:
        raise NotFound
    if method not in METHODS:
        raise Invalid([FieldProblem("method", "unknown_value", value=method, facts=(("choices", ", ".join(METHODS)),))])
    if len(nodes) < 2:
        raise Refused("too_few_to_compare")
    try:
        document = question(method, [node.name for node in nodes], answers)
        result = scoring_file.run(document)
    except InputError as wrong:
        raise Refused("weights_impossible", field=wrong.field, remedy=wrong.remedy) from None
    found = WeightsFound(
        project_id=project_id,
        path=path,
        method=method,
        document=document,
        result=result,
        at=now,
        by_name=actor.name,
    )
    db.session.add(found)
    db.session.flush()
    record(
        actor,
        "weights.found",
        "project",
        project_id,
        now=now,
        label=project.reference,
        stream=project.stream,
        group=path,
        method=method,
        weights=result["weights"],
        used=use,
    )
    if use:
        _put_in_sheet(actor, project_id, path, [Decimal(one) for one in result["weights"]], now)


def _put_in_sheet(actor: Actor, project_id: str, path: str, shares: list[Decimal], now: datetime) -> None:
    views = queries.criteria(project_id)
    try:
        values = reweighted_sheet([view.value for view in views], path, shares)
    except ValueError as wrong:
        raise Refused(str(wrong)) from None
    save_criteria(actor, project_id, values, {at: view.description for at, view in enumerate(views)}, now=now)
