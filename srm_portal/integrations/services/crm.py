"""Keeping an outside CRM in step: set up, run, log. The comparison itself is `domain/matching`.

A run reads everything, compares, and writes what follows. Nothing is ever deleted on either side. What one record is
refused for stands in the log and keeps no other record back; a CRM that fails ends the run, and the next one goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.identity import queries as identity
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.gateways import gateway
from srm_portal.infra.keys import open_secret, seal_secret
from srm_portal.infra.transaction import command, housekeeping
from srm_portal.integrations.domain.matching import FIELDS, KINDS, RULES, Known, Step, compare, directions
from srm_portal.integrations.models import CrmConnection, CrmLink, CrmRun
from srm_portal.integrations.ports import (
    Access,
    CrmFailure,
    CrmGateway,
    CrmKinds,
    Record,
    Unreachable,
    WebhookTransport,
)
from srm_portal.integrations.queries.crm import their_items
from srm_portal.integrations.services import sides
from srm_portal.integrations.services.sides import Refusal
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor

RUN = "crm.run"
BATCH = 100
LOG_MAX = 2000
BUSY = timedelta(minutes=10)
AGAIN = tuple(timedelta(minutes=one) for one in (1, 5, 30, 120, 480))
"""When a run that found no CRM is tried again."""
PASSING = ("crm_unreachable", "crm_slow")
QUIET = ("same",)
Line = dict[str, Any]


def connection_row(organisation_id: str) -> CrmConnection | None:
    return db.session.scalar(select(CrmConnection).where(CrmConnection.organisation_id == organisation_id))


def _connection_for(actor: Actor) -> CrmConnection:
    row = connection_row(actor.organisation_id)
    if row is None:
        raise NotFound
    return row


@command
def connect(
    actor: Actor,
    *,
    kind: str,
    url: str,
    database: str,
    login: str,
    password: str,
    user_id: str,
    rule: str,
    now: datetime,
) -> str:
    """Set up or change the connection; an empty password keeps the stored one. Returns its id."""
    row = connection_row(actor.organisation_id)
    problems = [
        FieldProblem(name, "required")
        for name, value in (("database", database), ("login", login))
        if not value.strip()
    ]
    known = gateway(CrmKinds)()  # type: ignore[type-abstract]
    for name, value, choices in (("kind", kind, tuple(known)), ("rule", rule, RULES)):
        if value not in choices:
            problems.append(FieldProblem(name, "unknown_value", value=value, facts=(("choices", ", ".join(choices)),)))
    if row is None and not password:
        problems.append(FieldProblem("password", "required"))
    if user_id not in {one.id for one in identity.staff(actor.organisation_id)}:
        problems.append(FieldProblem("user_id", "person_unknown"))
    try:
        gateway(WebhookTransport).check(url.strip())  # type: ignore[type-abstract]
    except Unreachable as wrong:
        problems.append(FieldProblem("url", wrong.code, value=url))
    if problems:
        raise Invalid(problems)
    if row is None:
        row = CrmConnection(organisation_id=actor.organisation_id, created_at=now)
        db.session.add(row)
    elif (row.kind, row.url, row.database) != (kind, url.strip(), database.strip()) and _has_links(row):
        raise Refused("crm_has_links")
    row.kind, row.url, row.database = kind, url.strip(), database.strip()
    row.login, row.user_id, row.rule, row.state = login.strip(), user_id, rule, "active"
    if password:
        row.password = seal_secret(password)
    db.session.flush()
    row.touch()
    record(
        actor, "crm.connected", "crm_connection", row.id, now=now, label=row.url, kind=kind, rule=rule, acts_for=user_id
    )
    return row.id


def _has_links(row: CrmConnection) -> bool:
    return db.session.scalar(select(CrmLink.id).where(CrmLink.connection_id == row.id).limit(1)) is not None


@command
def set_mapping(actor: Actor, chosen: Mapping[str, str], *, now: datetime) -> None:
    """Which field goes in which direction, as {"party-name": "both", ...}; what is not named goes as far as it may."""
    row = _connection_for(actor)
    known = {f"{kind}-{name}": allowed for kind, names in FIELDS.items() for name, allowed in names.items()}
    wrong = [
        name
        for name, way in chosen.items()
        if name not in known
        or way not in (("both", "in", "out", "off") if known[name] == "both" else (known[name], "off"))
    ]
    if wrong:
        raise Invalid(
            [
                FieldProblem(name, "unknown_value", value=chosen[name], facts=(("choices", "both, in, out, off"),))
                for name in wrong
            ]
        )
    row.fields = dict(chosen)
    row.touch()
    record(actor, "crm.mapped", "crm_connection", row.id, now=now, label=row.url, fields=dict(chosen))


@command
def pause(actor: Actor, active: bool, *, now: datetime) -> None:
    """Stop runs that start by themselves, or let them start again; the links stay."""
    row = _connection_for(actor)
    row.state = "active" if active else "paused"
    row.touch()
    record(actor, "crm.paused" if not active else "crm.resumed", "crm_connection", row.id, now=now, label=row.url)


@command
def ask_run(actor: Actor, *, dry: bool, now: datetime) -> str:
    """Queue a run; a dry one only says what it would do. Returns the run's id."""
    row = _connection_for(actor)
    run_id = _queue(row, dry, actor.name, now)
    record(actor, "crm.run_asked", "crm_connection", row.id, now=now, label=row.url, dry=dry, run=run_id)
    return run_id


def _queue(row: CrmConnection, dry: bool, by_name: str, now: datetime) -> str:
    run = CrmRun(connection_id=row.id, dry=dry, by_name=by_name, at=now)
    db.session.add(run)
    db.session.flush()
    jobs.enqueue(RUN, {"run": run.id}, now=now)
    return run.id


@housekeeping
def run_by_itself(organisation_id: str, now: datetime) -> None:
    """After something happened that the CRM should know. One that waits already is enough."""
    row = connection_row(organisation_id)
    if row is None or row.state != "active":
        return
    waiting = select(CrmRun.id).where(CrmRun.connection_id == row.id, CrmRun.state == "queued", CrmRun.dry.is_(False))
    if db.session.scalar(waiting.limit(1)) is None:
        _queue(row, False, "system", now)


@housekeeping
def _begin(run_id: str, now: datetime) -> tuple[CrmRun, CrmConnection] | None:
    """The run and its connection, taken; None when it was done, or another one is under way (then it waits)."""
    run = db.session.get(CrmRun, run_id)
    if run is None or run.state not in ("queued", "running"):
        return None
    connection = db.session.get_one(CrmConnection, run.connection_id)
    other = select(CrmRun.id).where(
        CrmRun.connection_id == connection.id, CrmRun.state == "running", CrmRun.id != run.id, CrmRun.at > now - BUSY
    )
    if db.session.scalar(other.limit(1)) is not None:
        jobs.enqueue(RUN, {"run": run.id}, now=now, due_at=now + timedelta(seconds=30))
        return None
    run.state = "running"
    return run, connection


@housekeeping
def _end(run_id: str, state: str, error: str, log: list[Line], attempt: int, now: datetime) -> None:
    run = db.session.get_one(CrmRun, run_id)
    counts: dict[str, int] = {}
    for line in log:
        counts[line["act"]] = counts.get(line["act"], 0) + 1
    run.state, run.error, run.counts, run.finished_at = state, error, counts, now
    run.log = [line for line in log if line["act"] not in QUIET][:LOG_MAX]
    if error in PASSING and attempt < len(AGAIN):
        run.state, run.finished_at = "queued", None
        jobs.enqueue(RUN, {"run": run.id, "attempt": attempt + 1}, now=now, due_at=now + AGAIN[attempt])


def run(run_id: str, now: datetime, attempt: int = 0) -> None:
    """Do one run. Safe to do twice: what was done is found again by its links and keys."""
    begun = _begin(run_id, now)
    if begun is None:
        return
    one, connection = begun
    dry, log = one.dry, list[Line]()
    actor = identity.active_actor(connection.user_id)
    if actor is None or not actor.may("customer:edit"):
        _end(run_id, "failed", "source_without_person", log, attempt, now)
        return
    access = Access(connection.url, connection.database, connection.login, open_secret(connection.password))
    job = _Job(connection.id, dict(connection.fields), connection.rule, actor, dry, now, log)
    kind = connection.kind
    db.session.rollback()
    try:
        opener = gateway(CrmKinds)()[kind]  # type: ignore[type-abstract]
        job.all_kinds(opener(access))
    except CrmFailure as failure:
        log.append({"kind": "", "act": "failed", "label": failure.words, "code": failure.code})
        _end(run_id, "failed", failure.code, log, attempt, now)
    else:
        _end(run_id, "done", "", log, attempt, now)


class _Job:
    """One run under way."""

    def __init__(
        self,
        connection_id: str,
        fields: Mapping[str, str],
        rule: str,
        actor: Actor,
        dry: bool,
        now: datetime,
        log: list[Line],
    ) -> None:
        self.connection_id, self.fields, self.rule = connection_id, fields, rule
        self.actor, self.dry, self.now, self.log = actor, dry, now, log
        self.crm: CrmGateway

    def all_kinds(self, crm: CrmGateway) -> None:
        self.crm = crm
        for kind in KINDS:
            ways = directions(kind, self.fields)
            if any(way != "off" for way in ways.values()):
                self.one_kind(kind, ways)

    def one_kind(self, kind: str, ways: Mapping[str, str]) -> None:
        theirs = self.crm.read(kind)
        links = _links(self.connection_id, kind)
        linked = links if kind == "party" else _links(self.connection_id, "party")
        parties = {link.theirs: link.ours for link in linked}
        ours = sides.our_items(self.actor, kind)
        others = their_items(kind, theirs, parties, sides.references(self.actor, kind), ours, links)
        steps = compare(kind, ours, others, links, ways, self.rule)
        db.session.rollback()
        for step in steps:
            if self.dry or step.act not in ("update", "create_here", "create_there"):
                self.note(kind, step)
        if self.dry:
            return
        self.made_here(kind, [step for step in steps if step.act == "create_here"], theirs)
        self.updated(kind, [step for step in steps if step.act == "update"], ours)
        self.made_there(kind, [step for step in steps if step.act == "create_there"])

    def note(self, kind: str, step: Step, code: str = "", words: str = "") -> None:
        line: Line = {"kind": kind, "act": "refused" if code else step.act, "label": step.label[:200]}
        line |= {"ours": step.ours[:100], "theirs": step.theirs}
        if step.act == "update" and not (step.here or step.there or step.conflicts or code):
            line["act"] = "same"
        if step.conflicts and not code:
            line["act"], line["conflicts"] = "conflict", [list(one) for one in step.conflicts]
        if code:
            line |= {"code": code, "words": words}
        elif step.here or step.there:
            line |= {"here": sorted(step.here), "there": sorted(step.there)}
        self.log.append(line)

    def made_here(self, kind: str, steps: list[Step], theirs: Any) -> None:
        """In batches, each one transaction with its links; a batch with a refusal is done one by one."""
        extra = {one.id: one.values for one in theirs}
        for start in range(0, len(steps), BATCH):
            part = steps[start : start + BATCH]
            try:
                self._make_here(kind, part, extra)
            except Refusal:
                for step in part:
                    try:
                        self._make_here(kind, [step], extra, log=True)
                    except Refusal as refusal:
                        self.note(kind, step, refusal.code, refusal.words)
            else:
                for step in part:
                    self.note(kind, step)

    def _make_here(self, kind: str, steps: list[Step], extra: Mapping[str, Any], log: bool = False) -> None:
        _make_here(self.actor, self.connection_id, kind, steps, extra, now=self.now)
        if log:
            self.note(kind, steps[0])

    def updated(self, kind: str, steps: list[Step], ours: Any) -> None:
        mine = {one.id: one for one in ours}
        for step in steps:
            try:
                if step.here:
                    sides.change_here(self.actor, kind, step, now=self.now)
                if step.there:
                    there = sides.whole_there(kind, step, mine[step.ours])
                    self.crm.write(kind, [Record(step.theirs, there)])
            except Refusal as refusal:
                self.note(kind, step, refusal.code, refusal.words)
                continue
            except CrmFailure as failure:
                if failure.code != "crm_refused":
                    raise
                self.note(kind, step, failure.code, failure.words)
                continue
            _keep(self.connection_id, kind, [(step.ours, step.theirs, dict(step.base))], self.now)
            self.note(kind, step)

    def made_there(self, kind: str, steps: list[Step]) -> None:
        if not steps:
            return
        parties = {link.ours: link.theirs for link in _links(self.connection_id, "party")}
        ready = []
        for step in steps:
            if kind != "party" and step.party not in parties:
                self.note(kind, step, "crm_party_missing")
            else:
                ready.append(step)
        keys = {one: reference for reference, one in sides.references(self.actor, kind).items()}
        for start in range(0, len(ready), BATCH):
            self._make_there(kind, ready[start : start + BATCH], parties, keys)

    def _make_there(self, kind: str, steps: list[Step], parties: Mapping[str, str], keys: Mapping[str, str]) -> None:
        records = [Record("", step.there, parties.get(step.party, ""), keys.get(step.ours, "")) for step in steps]
        try:
            made = self.crm.create(kind, records)
        except CrmFailure as failure:
            if failure.code != "crm_refused":
                raise
            if len(steps) == 1:
                self.note(kind, steps[0], failure.code, failure.words)
                return
            for step in steps:
                self._make_there(kind, [step], parties, keys)
            return
        _keep(
            self.connection_id,
            kind,
            [(step.ours, one, dict(step.base)) for step, one in zip(steps, made, strict=True)],
            self.now,
        )
        for step in steps:
            self.note(kind, step)


def _links(connection_id: str, kind: str) -> list[Known]:
    query = select(CrmLink.ours, CrmLink.theirs, CrmLink.base)
    rows = db.session.execute(query.where(CrmLink.connection_id == connection_id, CrmLink.kind == kind))
    return [Known(ours, theirs, base) for ours, theirs, base in rows]


@housekeeping
def _keep(connection_id: str, kind: str, pairs: list[tuple[str, str, dict[str, str]]], now: datetime) -> None:
    _write_links(connection_id, kind, pairs, now)


def _write_links(connection_id: str, kind: str, pairs: list[tuple[str, str, dict[str, str]]], now: datetime) -> None:
    ids = [ours for ours, _theirs, _base in pairs]
    query = select(CrmLink).where(CrmLink.connection_id == connection_id, CrmLink.kind == kind, CrmLink.ours.in_(ids))
    known = {one.ours: one for one in db.session.scalars(query)}
    for ours, theirs, base in pairs:
        link = known.get(ours)
        if link is None:
            link = CrmLink(connection_id=connection_id, kind=kind, ours=ours)
            db.session.add(link)
        link.theirs, link.base, link.at = theirs, base, now


@command
def _make_here(
    actor: Actor, connection_id: str, kind: str, steps: list[Step], extra: Mapping[str, Any], *, now: datetime
) -> None:
    pairs = []
    for step in steps:
        made = sides.make_here(actor, kind, step, extra.get(step.theirs, {}), now=now)
        pairs.append((made, step.theirs, dict(step.base)))
    _write_links(connection_id, kind, pairs, now)
