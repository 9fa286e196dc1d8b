"""audit: check that nothing in the trail was changed."""

from __future__ import annotations

import sys

import click

from srm_portal.cli import cli
from srm_portal.cli.common import portal, read_bytes, write_json
from srm_portal.kernel.errors import InputError

FAULTS_SHOWN = 20


@cli.group()
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
def verify() -> None:
    """Check every chain and the log over all of them; exit status 1 and the first bad rows when one does not hold."""
    from srm_portal.audit.services import verify_log, verify_streams

    with portal():
        count, bad = verify_streams()
        leaves, faults = verify_log()
    write_json(
        {
            "entries": count,
            "valid": not bad and not faults,
            "bad": [{"stream": stream, "seq": row.seq, "fault": row.fault} for stream, row in bad],
            "log": {"entries": leaves, "bad": faults[:FAULTS_SHOWN]},
        }
    )
    sys.stdout.flush()
    if bad or faults:
        raise click.exceptions.Exit(1)


@audit.command("checkpoint")
@click.option("--check", "file", metavar="FILE", help="A checkpoint that was kept (a file, or - for standard input).")
def checkpoint(file: str | None) -> None:
    """Bring the log up to date and print its newest checkpoint; or check an older one against the journal's rows.

    With --check the exit status is 1 when the log does not begin with what the checkpoint was signed for.
    """
    from srm_portal.audit.queries import newest_checkpoint
    from srm_portal.audit.services import check_checkpoint, extend_log
    from srm_portal.infra.moment import app_now

    if file is not None:
        note = read_bytes(file).decode("utf-8", "replace").replace("\r\n", "\n").strip() + "\n"
        with portal():
            verdict = check_checkpoint(note, thorough=True)
        write_json({"valid": verdict == "holds", "verdict": verdict})
        if verdict != "holds":
            raise click.exceptions.Exit(1)
        return
    with portal() as app:
        extend_log(app_now(app))
        newest = newest_checkpoint()
    if newest is None:
        raise InputError("log", "nothing is in it yet; the first act makes the first entry")
    click.echo(newest.note, nl=False)
