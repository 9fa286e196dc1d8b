"""The award report: made once from what is known, kept with its inputs, made again byte for byte."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select

from srm_portal.audit.services import record
from srm_portal.awards import queries
from srm_portal.awards.domain.desk import allocation_of
from srm_portal.awards.domain.reading import read
from srm_portal.awards.domain.scenarios import judge
from srm_portal.awards.models import AwardReport, AwardScenario
from srm_portal.awards.services import paper
from srm_portal.awards.services.chapters import Report
from srm_portal.evaluation import queries as evaluation
from srm_portal.evaluation.domain import scoring_file
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.canonical import sha256_hex
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing
from srm_portal.web import formats

Document = dict[str, Any]


def make_report(actor: Actor, project_id: str, *, now: datetime) -> str:
    """Write down everything from the need to the award as it stands, with the inputs of ranking and scenarios."""
    project = sourcing.project_for(actor, project_id)
    if not actor.may("ranking:read"):
        raise NotFound
    with force_locale(actor.language):
        document = _document(actor, project, now)
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)
    digest = sha256_hex(text.encode())
    return _keep(actor, project_id, text, digest, paper.hashes(document, digest), now=now)


@command
def _keep(actor: Actor, project_id: str, text: str, digest: str, files: dict[str, str], *, now: datetime) -> str:
    project = sourcing.project_for(actor, project_id)
    number = db.session.scalar(select(func.max(AwardReport.number)).where(AwardReport.project_id == project_id)) or 0
    row = AwardReport(
        organisation_id=project.organisation_id,
        project_id=project_id,
        number=number + 1,
        document=text,
        sha256=digest,
        files=files,
        at=now,
        by_name=actor.name,
    )
    db.session.add(row)
    db.session.flush()
    record(
        actor,
        "award.report_made",
        "project",
        project_id,
        now=now,
        label=project.reference,
        stream=project.stream,
        report=row.id,
        sha256=digest,
        files=files,
    )
    return row.id


def _document(actor: Actor, project: sourcing.ProjectView, now: datetime) -> Document:
    made = Report(actor, project)
    award = queries.award(project.id)
    organisation = identity.organisation(project.organisation_id)
    moment = formats.moment(now, actor.language, actor.zone)
    return {
        "format": 1,
        "title": _("Award report: %(title)s", title=project.title),
        "subtitle": _(
            "%(reference)s · %(buyer)s · made by %(name)s on %(moment)s",
            reference=award.reference if award else project.reference,
            buyer=organisation.name,
            name=actor.name,
            moment=moment,
        ),
        "reference": award.reference if award else project.reference,
        "buyer": organisation.name,
        "language": actor.language,
        "blocks": made.blocks(),
        "inputs": _inputs(project.id),
    }


def _inputs(project_id: str) -> Document:
    """The very files that ranking and scenarios were computed from, with what came out."""
    ranking = evaluation.ranking(project_id)
    kept = evaluation.document_text(project_id)
    rows = db.session.scalars(
        select(AwardScenario)
        .where(AwardScenario.project_id == project_id, AwardScenario.state == "solved")
        .order_by(AwardScenario.number)
    )
    return {
        "score": kept,
        "score_result": ranking.result if ranking else None,
        "scenarios": [{"name": row.name, "document": row.document, "result": row.result} for row in rows],
    }


@dataclass(frozen=True, slots=True)
class Again:
    """One thing computed or made again: what it is, its hash then and now."""

    what: str
    then: str
    now: str

    @property
    def same(self) -> bool:
        return self.then == self.now


def rerun(actor: Actor, report_id: str) -> list[Again]:
    """Compute ranking and scenarios again from the kept inputs and make the files again: all must be the same."""
    view = queries.report_for(actor, report_id)
    return again(view.document, view.files)


def again(text: str, files: dict[str, str]) -> list[Again]:
    """As `rerun`, from the kept text of a report."""
    document = json.loads(text)
    digest = sha256_hex(text.encode())
    inputs = document["inputs"]
    found = []
    if inputs["score"] is not None:
        result = json.loads(json.dumps(scoring_file.run(json.loads(inputs["score"]))))
        found.append(Again("ranking", _digest(inputs["score_result"]), _digest(result)))
    for one in inputs["scenarios"]:
        then, now = one["result"]["answer"]["cost"], _cost_again(one)
        found.append(Again(f"scenario:{one['name']}", str(then), str(now)))
    made = paper.hashes(document, digest)
    return [*found, *(Again(kind, files[kind], made[kind]) for kind in paper.KINDS if kind in files)]


def _cost_again(scenario: Document) -> str | None:
    """The kept award's cost, from its winners and the kept amounts, in exact numbers."""
    answer = scenario["result"]["answer"]
    if answer["cost"] is None:
        return None
    problem = read(json.loads(scenario["document"]))
    cost = judge(problem, allocation_of(scenario["result"])).cost
    return str(answer["cost"]) if abs(cost - Fraction(answer["cost"])) <= Fraction(1, 2 * 10**6) else str(cost)


def _digest(value: Any) -> str:
    return sha256_hex(json.dumps(value, ensure_ascii=False, sort_keys=True).encode())


def files_of(actor: Actor, report_id: str, kind: str) -> bytes:
    """The report as a PDF, DOCX or XLSX; NotFound for another kind."""
    view = queries.report_for(actor, report_id)
    if kind not in paper.KINDS:
        raise NotFound
    return paper.file_of(json.loads(view.document), view.sha256, kind)
