"""run, worker, db, users: what the make targets call."""

from __future__ import annotations

import signal
import sys
import threading
from typing import Any

import click

from srm_portal.cli import cli
from srm_portal.cli.common import portal, say
from srm_portal.kernel.errors import InputError


@cli.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest form."""
    from srm_portal.infra.migrate import upgrade

    with portal():
        upgrade()
    say("database is up to date")


def serve(host: str, port: int, announce: Any, clock: Any = None) -> None:
    """Migrate, then serve until told to stop. Shared by `run` and `demo`."""
    from srm_portal.app import app_from_environment, connect_realtime
    from srm_portal.infra.jobs import JobRunner
    from srm_portal.infra.migrate import upgrade
    from srm_portal.infra.moment import app_now
    from srm_portal.infra.realtime import serve as serve_app
    from srm_portal.infra.single import only_process

    app = app_from_environment(clock)
    with app.app_context(), only_process(app):
        upgrade()
        with app.test_request_context(base_url=app.config["PUBLIC_URL"]):
            announce.prepare(app)
        runner = JobRunner(app, lambda: app_now(app))
        runner.start()
        companions = [make(app) for make in app.extensions.get("srm_companions", [])]
        for companion in companions:
            companion.start()
        try:
            serve_app(app, connect_realtime(app), host, port, on_ready=announce.ready)
        finally:
            for companion in companions:
                companion.stop()
            runner.stop()


class _Plain:
    def prepare(self, app: Any) -> None:
        """Nothing to prepare: the data is the installation's own."""

    def ready(self, host: str, port: int) -> None:
        click.echo(f"The portal is at http://{host}:{port}")
        click.echo("ready")
        sys.stdout.flush()


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, envvar="PORT")
def run(host: str, port: int) -> None:
    """Serve the portal; the first visit makes the first administrator."""
    serve(host, port, _Plain())


@cli.command()
def worker() -> None:
    """Run queued jobs, beside several serving processes."""
    from srm_portal.app import app_from_environment
    from srm_portal.infra.jobs import JobRunner
    from srm_portal.infra.moment import app_now

    app = app_from_environment()
    runner = JobRunner(app, lambda: app_now(app))
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())
    runner.start()
    say("worker runs")
    stopped.wait()
    runner.stop()


@cli.group()
def users() -> None:
    """People: create the first administrator, or let one in again."""


@users.command("create")
@click.option("--organisation", required=True, help="Name of the organisation (made if it is the first).")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--currency", default="EUR", show_default=True)
@click.option("--zone", default="UTC", show_default=True)
@click.password_option()
def users_create(organisation: str, email: str, name: str, currency: str, zone: str, password: str) -> None:
    """Make the first administrator of an empty installation."""
    from srm_portal.identity.services.accounts import create_first_administrator
    from srm_portal.infra.moment import app_now

    with portal() as app:
        create_first_administrator(
            organisation=organisation,
            name=name,
            email=email,
            password=password,
            currency=currency,
            zone=zone,
            now=app_now(app),
        )
    say(f"administrator {email} created")


@users.command("rescue")
@click.argument("email")
@click.password_option()
def users_rescue(email: str, password: str) -> None:
    """Give a locked-out administrator a new password; the second factor is set up again at sign-in."""
    from srm_portal.identity.services.accounts import rescue_administrator
    from srm_portal.infra.moment import app_now

    if "@" not in email:
        raise InputError("email", "give the administrator's e-mail address")
    with portal() as app:
        rescue_administrator(email, password, now=app_now(app))
    say(f"{email} can sign in with the new password")
