"""auction export: a finished auction as a replay file."""

from __future__ import annotations

import click

from srm_portal.cli.common import portal, write_json
from srm_portal.cli.decide import auction


@auction.command("export")
@click.argument("auction_id", metavar="ID")
def auction_export(auction_id: str) -> None:
    """Print auction ID (its id or its reference) as a replay file; `auction replay` gives the same outcomes."""
    from srm_portal.auctions.queries import export_by_reference

    with portal():
        write_json(export_by_reference(auction_id))
