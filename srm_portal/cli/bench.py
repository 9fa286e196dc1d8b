"""bench: how fast this installation is, on this machine."""

from __future__ import annotations

import sys

import click

from srm_portal.cli import cli
from srm_portal.kernel.errors import InputError


@cli.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--file", "target", default="bench.json", show_default=True, help="Where all figures are kept.")
def bench(names: tuple[str, ...], target: str) -> None:
    """Measure: pages, rfq, start, scoring, awards, realtime, auction; all unless told.

    The figures and their targets are printed as a table. Needs the source tree and `make bench`'s requirements.
    """
    from srm_portal.app import ROOT

    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    try:
        from benchmarks import __main__ as benchmarks
    except ModuleNotFoundError as missing:
        raise InputError("bench", f"{missing.name} is missing; run it in the source tree after `make bench`") from None
    unknown = [name for name in names if name not in benchmarks.present()]
    if unknown:
        raise InputError(unknown[0], f"no such benchmark; there are {', '.join(benchmarks.present())}")
    benchmarks.main([*names, "--file", target])
