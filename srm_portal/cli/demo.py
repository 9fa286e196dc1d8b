"""demo: the portal with a realistic company in it."""

from __future__ import annotations

import shutil
import sys
from typing import Any

import click

from srm_portal.cli import cli
from srm_portal.cli.common import say
from srm_portal.cli.serve import serve


class _Demonstration:
    """Loads the company into an empty database; a second start keeps what is there."""

    def prepare(self, app: Any) -> None:
        from srm_portal.demonstration.auctions import ensure_live
        from srm_portal.demonstration.load import load
        from srm_portal.demonstration.people import gather
        from srm_portal.identity.queries import any_people
        from srm_portal.infra.moment import app_now

        if not any_people():
            say("loading the demonstration company (once) ...")
            load(app_now(app), say)
        ensure_live(gather(), app_now(app))

    def ready(self, host: str, port: int) -> None:
        from srm_portal.demonstration.invented import OPEN_TO_ALL, PASSWORD
        from srm_portal.demonstration.people import STAFF, email_of

        click.echo(f"\nThe portal is at http://{host}:{port}\n")
        click.echo(f"Sign in with the password  {PASSWORD}")
        for name, person, roles, limit in STAFF:
            authority = f", approves up to EUR {int(limit):,}" if limit else ""
            click.echo(f"  {email_of(name):26} {person:14} {roles[0].replace('_', ' ')}{authority}")
        click.echo("Openers' key files (same password): opener-keys/ in the demonstration's folder, var/demo")
        click.echo("Suppliers need no password, a code comes by mail; the demonstration has no mail server,")
        click.echo("so these suppliers also have the password above:")
        for number, waits in OPEN_TO_ALL.items():
            click.echo(f"  {f'sales{number}@demo.example':26} supplier user, {waits}")
        click.echo("ready")
        sys.stdout.flush()


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, envvar="PORT")
@click.option("--reset", is_flag=True, help="Begin anew: remove the demonstration's database and files.")
def demo(host: str, port: int, reset: bool) -> None:
    """Serve the portal with the demonstration company."""
    import os
    from pathlib import Path

    from srm_portal.app import ROOT

    folder = Path(os.environ.get("SRM_DEMO_VAR", ROOT / "var" / "demo"))
    if reset and folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["SRM_VAR"] = str(folder)
    os.environ.setdefault("SRM_PUBLIC_URL", f"http://{host}:{port}")
    serve(host, port, _Demonstration())
