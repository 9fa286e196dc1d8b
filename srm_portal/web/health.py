"""Readiness, and numbers for Prometheus: a registry of the application's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from srm_portal.infra import migrate
from srm_portal.infra.db import db
from srm_portal.infra.jobs import Job
from srm_portal.infra.outbox import MailMessage
from srm_portal.kernel.clock import monotonic

_BUCKETS = (0.005, 0.01, 0.02, 0.04, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """What is counted. Labels never hold anything of a person."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("srm_requests", "Answered requests", ["endpoint", "status"], registry=self.registry)
        self.seconds = Histogram(
            "srm_request_seconds", "Seconds to answer", ["endpoint"], buckets=_BUCKETS, registry=self.registry
        )
        self.jobs = Gauge("srm_jobs", "Jobs by state", ["state"], registry=self.registry)
        self.jobs_late = Gauge("srm_jobs_late_seconds", "How long the oldest due job waits", registry=self.registry)
        self.mails = Gauge("srm_mails", "Mails by state", ["state"], registry=self.registry)
        self.sockets = Gauge("srm_sockets", "Open sockets of this process", registry=self.registry)


def problem() -> str | None:
    """Why this process should get no requests, or None."""
    try:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        return None if migrate.at_head() else "the database needs `srm-portal db upgrade`"
    except SQLAlchemyError as error:
        return f"the database does not answer: {type(error).__name__}"


def _grouped(column: Any) -> dict[str, int]:
    return dict(db.session.execute(select(column, func.count()).group_by(column)).tuples().all())


def metrics_text(now: datetime) -> bytes:
    metrics: Metrics = current_app.extensions["srm_metrics"]
    jobs, mails = _grouped(Job.state), _grouped(MailMessage.state)
    for state in ("queued", "running", "done", "failed"):
        metrics.jobs.labels(state).set(jobs.get(state, 0))
    for state in ("queued", "retrying", "sent", "undeliverable"):
        metrics.mails.labels(state).set(mails.get(state, 0))
    oldest = db.session.scalar(select(func.min(Job.due_at)).where(Job.state == "queued"))
    metrics.jobs_late.set(max(0.0, (now - oldest).total_seconds()) if oldest and oldest < now else 0.0)
    sockets = current_app.extensions.get("srm_sockets")
    if sockets is not None:
        metrics.sockets.set(len(sockets.registry))
    return generate_latest(metrics.registry)


def init_metrics(app: Flask) -> None:
    metrics = Metrics()
    app.extensions["srm_metrics"] = metrics

    @app.before_request
    def begin() -> None:
        g.began = monotonic()

    @app.after_request
    def count(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        if endpoint != "static" and "began" in g:
            metrics.requests.labels(endpoint, str(response.status_code)).inc()
            metrics.seconds.labels(endpoint).observe(monotonic() - g.began)
        return response
