"""score, award, auction replay, schema: pure functions over files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from srm_portal.cli import cli
from srm_portal.cli.common import read_bytes, read_json, write_json
from srm_portal.kernel.errors import InputError


@cli.command()
@click.argument("file")
def score(file: str) -> None:
    """Rank alternatives on weighted criteria (FILE or - for standard input)."""
    from srm_portal.evaluation.domain import scoring_file

    write_json(scoring_file.run(read_json(file)))


@cli.command()
@click.argument("file")
@click.option("--compare", is_flag=True, help="Also solve without each constraint in turn and show its price.")
def award(file: str, compare: bool) -> None:
    """Find the best allocation of lots to suppliers (FILE or - for standard input)."""
    from srm_portal.awards.domain import award_file

    status, answer = award_file.run(read_json(file), compare=compare)
    write_json(answer)
    if status:
        raise click.exceptions.Exit(status)


@cli.group()
def auction() -> None:
    """Auctions: replay a file, export a finished auction."""


@auction.command("replay")
@click.argument("file")
@click.option("--view", "bidder", help="Also show exactly what this bidder's screen is sent.")
@click.option("--at", "moment", help="State the lots at this moment (RFC 3339, UTC) instead of the end.")
def auction_replay(file: str, bidder: str | None, moment: str | None) -> None:
    """Feed the commands of FILE to the engine in order and print what happened."""
    from srm_portal.auctions.domain.replay import replay

    write_json(replay(read_json(file), at=moment, view=bidder))


@cli.command()
@click.argument("name", type=click.Choice(["score", "award", "auction-replay"]))
def schema(name: str) -> None:
    """Print the JSON Schema of a file format."""
    write_json(_schemas()[name])


def _schemas() -> dict[str, Any]:
    from srm_portal.auctions.domain.schema import AUCTION_REPLAY
    from srm_portal.awards.domain.schema import AWARD
    from srm_portal.evaluation.domain.schema import SCORE

    return {"score": SCORE, "award": AWARD, "auction-replay": AUCTION_REPLAY}


@cli.command("award-report")
@click.argument("file")
@click.argument("out")
def award_report(file: str, out: str) -> None:
    """Make an award report again from its kept inputs (FILE); OUT ends in .pdf, .docx or .xlsx."""
    from srm_portal.awards.services import paper
    from srm_portal.kernel.canonical import sha256_hex

    kind = out.rpartition(".")[2].lower()
    if kind not in paper.KINDS:
        raise InputError(out, "must end in .pdf, .docx or .xlsx")
    text = read_bytes(file)
    try:
        document = json.loads(text)
        data = paper.file_of(document, sha256_hex(text), kind)
    except (KeyError, TypeError, ValueError):
        raise InputError(file, "not the kept inputs of a report; download them from the report page") from None
    Path(out).write_bytes(data)
