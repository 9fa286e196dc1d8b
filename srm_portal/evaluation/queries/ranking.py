"""Kept rankings: the newest as pages show it, every number of it explained, and the recommendation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from srm_portal.evaluation.domain import scoring_file
from srm_portal.evaluation.domain.assembly import leaves_of
from srm_portal.evaluation.domain.places import digits_needed, places
from srm_portal.evaluation.models import Recommendation, ScoreRun
from srm_portal.evaluation.queries.criteria import criteria
from srm_portal.infra.db import db
from srm_portal.infra.once import once
from srm_portal.kernel.errors import InputError
from srm_portal.kernel.money import plain
from srm_portal.suppliers import queries as suppliers


@dataclass(frozen=True, slots=True)
class RankingRow:
    """`settled_by`: the fact of the rule for ties that gave this place to one of several level offers."""

    supplier_id: str
    supplier_name: str
    rank: int | None
    score: str
    percent: Decimal
    contributions: tuple[Decimal, ...]
    knocked_out: tuple[str, ...]
    settled_by: str | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class RankingView:
    """The newest kept run. `contributions` in points of 100, in the order of `criteria`, the leaves of the tree.

    `groups`: (name, depth, weight in percent, None or the column of a leaf) down the tree. `place` of a row is its
    place in the document. `facts`: what was kept beside it.
    """

    id: str
    number: int
    at: datetime
    by_name: str
    sha256: str
    criteria: tuple[str, ...]
    weights: tuple[Decimal, ...]
    rows: tuple[RankingRow, ...]
    warnings: tuple[dict[str, Any], ...]
    sensitivity: dict[str, Any]
    missing: tuple[tuple[str, str], ...]
    values: tuple[tuple[Decimal, ...], ...]
    document: dict[str, Any]
    result: dict[str, Any]
    criterion_ids: tuple[str, ...] = ()
    groups: tuple[tuple[str, int, Decimal, int | None], ...] = ()
    facts: dict[str, Any] | None = None

    @property
    def price_column(self) -> int | None:
        """The column of the matrix that holds the price, if there is one."""
        found = (self.facts or {}).get("price_column")
        return int(found) if found is not None else None


@dataclass(frozen=True, slots=True)
class RecommendationView:
    supplier_id: str
    supplier_name: str
    text: str
    at: datetime
    by_name: str
    run_id: str


def _groups(tree: list[dict[str, Any]], weights: list[Decimal]) -> list[tuple[str, int, Decimal, int | None]]:
    """The tree from the top, each group with what its leaves weigh together."""
    found: list[tuple[str, int, Decimal, int | None]] = []
    column = 0

    def below(nodes: list[dict[str, Any]], depth: int) -> Decimal:
        nonlocal column
        total = Decimal(0)
        for node in nodes:
            if not node.get("children"):
                found.append((node["name"], depth, weights[column] * 100, column))
                total += weights[column]
                column += 1
                continue
            at = len(found)
            found.append((node["name"], depth, Decimal(0), None))
            part = below(node["children"], depth + 1)
            found[at] = (node["name"], depth, part * 100, None)
            total += part
        return total

    below(tree, 0)
    return found


def _ranking(row: ScoreRun) -> RankingView:
    document, result = json.loads(row.document), json.loads(row.result)
    weights = [Decimal(str(one)) for one in result["weights"]]
    values = [[Decimal(str(cell)) for cell in line] for line in result.get("details", {}).get("values", [])]
    excluded: dict[str, list[str]] = {}
    for out in result["knocked_out"]:
        excluded.setdefault(out["alternative"], []).append(out["criterion"])
    percents = [None if score is None else Decimal(score) * 100 for score in result["scores"]]
    digits = digits_needed(percents)
    told = places(result, row.facts.get("offers") or [{}] * len(row.suppliers), row.facts.get("ties") or [])
    rows = []
    for index, supplier_id in enumerate(row.suppliers):
        percent = percents[index]
        line = values[index] if index < len(values) else []
        rank, settled = told[index]
        rows.append(
            RankingRow(
                supplier_id,
                document["alternatives"][index],
                rank,
                "–" if percent is None else str(round(percent, digits)),
                percent or Decimal(0),
                tuple((w * v * 100).quantize(Decimal("0.01")) for w, v in zip(weights, line, strict=False)),
                tuple(excluded.get(document["alternatives"][index], [])),
                settled,
                index,
            )
        )
    return RankingView(
        row.id,
        row.number,
        row.at,
        row.by_name,
        row.sha256,
        tuple(one["name"] for one in leaves_of(document["criteria"])),
        tuple((w * 100).quantize(Decimal("0.1")) for w in weights),
        tuple(sorted(rows, key=lambda one: (one.rank is None, one.rank or 0, one.supplier_name))),
        tuple(result["warnings"]),
        result.get("sensitivity", {}),
        tuple((one[0], one[1]) for one in row.missing),
        tuple(tuple(line) for line in values),
        document,
        result,
        tuple(row.criteria),
        tuple(_groups(document["criteria"], weights)),
        dict(row.facts),
    )


@once
def _outcome(project_id: str) -> tuple[RankingView | None, Recommendation | None]:
    """The newest run and the newest recommendation, in one read; there is none without a run."""
    newest = select(ScoreRun.id).where(ScoreRun.project_id == project_id).order_by(ScoreRun.number.desc()).limit(1)
    advice = select(Recommendation.id).where(Recommendation.project_id == project_id)
    latest = advice.order_by(Recommendation.at.desc()).limit(1).scalar_subquery()
    query = select(ScoreRun, Recommendation).outerjoin(Recommendation, Recommendation.id == latest)
    found = db.session.execute(query.where(ScoreRun.id == newest.scalar_subquery())).first()
    return (_ranking(found[0]), found[1]) if found is not None else (None, None)


def ranking(project_id: str) -> RankingView | None:
    return _outcome(project_id)[0]


def recommendation(project_id: str) -> RecommendationView | None:
    run, row = _outcome(project_id)
    if row is None:
        return None
    names = {one.supplier_id: one.supplier_name for one in run.rows} if run else {}
    name = names.get(row.supplier_id) or suppliers.suppliers([row.supplier_id])[row.supplier_id].name
    return RecommendationView(row.supplier_id, name, row.text, row.at, row.by_name, row.run_id)


def document_text(project_id: str) -> str | None:
    """The scoring file of the newest run, byte for byte as it was kept."""
    query = select(ScoreRun.document).where(ScoreRun.project_id == project_id).order_by(ScoreRun.number.desc())
    return db.session.scalar(query.limit(1))


@dataclass(frozen=True, slots=True)
class StandingIf:
    """Where an offer would stand: points of 100 and rank (None: knocked out)."""

    score: Decimal | None
    rank: int | None


def standing_if(
    project_id: str, supplier_id: str, *, total: Decimal | None, lead_days: int | None
) -> StandingIf | None:
    """The score and rank of one offer in the newest kept run if its total and lead time were these.

    None when nothing was ranked yet, or not this offer. Level scores share their rank here.
    """
    run = ranking(project_id)
    row = next((one for one in run.rows if one.supplier_id == supplier_id), None) if run else None
    if run is None or row is None:
        return None
    kinds = {one.value.id: one.value.kind for one in criteria(project_id)}
    text = {name: value for name, value in run.document.items() if name != "sensitivity"}
    cells = list(text["matrix"][row.place])
    for column, criterion_id in enumerate(run.criterion_ids):
        if kinds.get(criterion_id) == "price" and total is not None:
            cells[column] = plain(total)
        elif kinds.get(criterion_id) == "lead_time" and lead_days is not None:
            cells[column] = str(lead_days)
    text["matrix"] = [cells if place == row.place else line for place, line in enumerate(text["matrix"])]
    try:
        result = scoring_file.run(text)
    except InputError:
        return None
    score = result["scores"][row.place]
    points = None if score is None else (Decimal(str(score)) * 100).quantize(Decimal("0.1"))
    return StandingIf(points, result["ranking"][row.place])
