"""The connection to a CRM, its runs and links, as pages show them; and their records as the comparison takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from srm_portal.infra.db import db
from srm_portal.integrations.domain.matching import Item, Known, lines_of, lines_text
from srm_portal.integrations.models import CrmConnection, CrmLink, CrmRun
from srm_portal.integrations.ports import Record, texts
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor


@dataclass(frozen=True, slots=True)
class ConnectionView:
    id: str
    kind: str
    url: str
    database: str
    login: str
    user_id: str
    rule: str
    fields: Mapping[str, str]
    state: str
    links: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RunView:
    id: str
    dry: bool
    state: str
    error: str
    counts: Mapping[str, int]
    log: Sequence[Mapping[str, Any]]
    by_name: str
    at: datetime
    finished_at: datetime | None


def connection_of(actor: Actor) -> ConnectionView | None:
    row = db.session.scalar(select(CrmConnection).where(CrmConnection.organisation_id == actor.organisation_id))
    if row is None:
        return None
    counted = select(CrmLink.kind, func.count()).where(CrmLink.connection_id == row.id).group_by(CrmLink.kind)
    links = {row[0]: row[1] for row in db.session.execute(counted)}
    return ConnectionView(
        row.id, row.kind, row.url, row.database, row.login, row.user_id, row.rule, dict(row.fields), row.state, links
    )


def _run(row: CrmRun) -> RunView:
    return RunView(row.id, row.dry, row.state, row.error, row.counts, row.log, row.by_name, row.at, row.finished_at)


def runs(connection_id: str, limit: int = 20) -> list[RunView]:
    query = select(CrmRun).where(CrmRun.connection_id == connection_id).order_by(CrmRun.at.desc(), CrmRun.id)
    return [_run(row) for row in db.session.scalars(query.limit(limit))]


def run_for(actor: Actor, run_id: str) -> RunView:
    row = db.session.get(CrmRun, run_id)
    connection = db.session.get(CrmConnection, row.connection_id) if row is not None else None
    if row is None or connection is None or connection.organisation_id != actor.organisation_id:
        raise NotFound
    return _run(row)


def their_items(
    kind: str,
    theirs: Sequence[Record],
    parties: Mapping[str, str],
    keys: Mapping[str, str],
    ours: Sequence[Item],
    links: Sequence[Known],
) -> list[Item]:
    """Their records as the comparison wants them: with our customer's id, our id where they keep our reference,
    lines written our way, and amounts in another currency than ours left out.
    """
    currency = {one.id: one.values.get("currency", "") for one in ours} if kind == "opportunity" else {}
    paired = {link.theirs: link.ours for link in links}
    found = []
    for one in theirs:
        values = texts(one.values)
        mine = currency.get(paired.get(one.id, ""), "")
        if mine and values.get("currency") and values["currency"] != mine:
            values.pop("amount", None)
        if "lines" in values:
            values["lines"] = lines_text(lines_of(values["lines"]))
        found.append(Item(one.id, values, parties.get(one.party, ""), keys.get(one.key, "")))
    return found
