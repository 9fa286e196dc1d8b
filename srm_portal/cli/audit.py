"""audit: check that nothing in the trail was changed."""

from __future__ import annotations

import sys

import click

from srm_portal.cli import cli
from srm_portal.cli.common import portal, write_json


@cli.group()
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
def verify() -> None:
    """Check every chain; exit status 1 and the first bad row when one does not hold."""
    from srm_portal.audit.services import verify_streams

    with portal():
        count, bad = verify_streams()
    write_json(
        {
            "entries": count,
            "valid": not bad,
            "bad": [{"stream": stream, "seq": row.seq, "fault": row.fault} for stream, row in bad],
        }
    )
    sys.stdout.flush()
    if bad:
        raise click.exceptions.Exit(1)
