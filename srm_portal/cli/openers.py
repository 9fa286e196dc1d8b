"""openers: a key for the opening of sealed offers, and its answers. Needs no portal and no network."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from srm_portal.cli import cli
from srm_portal.cli.common import read_bytes, write_json
from srm_portal.kernel.errors import InputError


@cli.group()
def openers() -> None:
    """Opener's keys (level S2), on the opener's own machine."""


def _passphrase(confirm: bool) -> str:
    given = os.environ.get("SRM_OPENER_PASSPHRASE")
    return given or str(click.prompt("Pass-phrase", hide_input=True, confirmation_prompt=confirm, err=True))


@openers.command("key")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def key(file: Path) -> None:
    """Make a key: FILE holds it under your pass-phrase; the public half is printed, to be registered in the portal."""
    from srm_portal.infra.sealing import new_opener_file

    if file.exists():
        raise InputError(str(file), "exists already; a key file is never overwritten")
    data, public = new_opener_file(_passphrase(confirm=True))
    file.touch(mode=0o600)
    file.write_bytes(data + b"\n")
    write_json({"public": public.hex()})


@openers.command("answer")
@click.argument("key_file")
@click.argument("task_file")
def answer(key_file: str, task_file: str) -> None:
    """Open the task that the portal gave you (a rehearsal, or your share after the deadline); prints the answer."""
    from srm_portal.infra.sealing import open_opener_file, unseal
    from srm_portal.offers.domain.openers import answer_rehearsal

    try:
        task = json.loads(read_bytes(task_file))
        purpose, box = task["purpose"], bytes.fromhex(task["box"])
    except (KeyError, TypeError, ValueError):
        raise InputError(task_file, "not a task; download it from your page of the event") from None
    private = open_opener_file(read_bytes(key_file), _passphrase(confirm=False))
    opened = answer_rehearsal(box, private, unseal) if purpose == "rehearsal" else unseal(private, box)
    write_json({"purpose": purpose, "answer": opened.hex()})
