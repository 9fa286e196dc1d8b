"""receipt: check what a supplier holds."""

from __future__ import annotations

import json
from typing import Any

import click

from srm_portal.cli import cli
from srm_portal.cli.common import portal, read_bytes, write_json
from srm_portal.kernel.errors import InputError


@cli.group()
def receipt() -> None:
    """Receipts of offers."""


@receipt.command("verify")
@click.argument("file")
@click.option("--key", "key_file", help="The portal's public keys (keys.json); without it, those of this portal.")
@click.option("--offer", "offer_file", help="The offer as the supplier holds it (offer.json).")
@click.option("--nonce", help="Its secret number, 64 hexadecimal digits.")
@click.option("--checkpoint", "note_file", help="Another checkpoint of the same size, instead of the receipt's own.")
def verify(file: str, key_file: str | None, offer_file: str | None, nonce: str | None, note_file: str | None) -> None:
    """Check form, signature, entry, place in the log, and with --offer and --nonce the commitment of receipt FILE.

    On the portal itself (without --key) the log's journal is read again too: `log` says whether it still begins with
    what the receipt's checkpoint was signed for. Exit status 1 when a check does not hold.
    """
    from srm_portal.offers import verify_receipt

    data = read_bytes(file)
    offer = read_bytes(offer_file) if offer_file else None
    note = read_bytes(note_file).decode("utf-8", "replace") if note_file else None
    if key_file is not None:
        found = verify_receipt.verify(data, _keys(key_file), offer, nonce, note)
    else:
        found = _here(data, offer, nonce, note)
    write_json(found)
    if not found["valid"]:
        raise click.exceptions.Exit(1)


def _keys(file: str) -> dict[str, Any]:
    try:
        held = json.loads(read_bytes(file))
        return {"origin": held["origin"], "keys": dict(held["keys"])}
    except (KeyError, TypeError, ValueError):
        raise InputError(file, "not a key file; download it from the receipt page") from None


def _here(data: bytes, offer: bytes | None, nonce: str | None, note: str | None) -> dict[str, Any]:
    from srm_portal.audit.domain.receipt import key_file
    from srm_portal.audit.services import check_checkpoint
    from srm_portal.infra.keys import server_keys
    from srm_portal.offers import verify_receipt

    with portal():
        keys = server_keys()
        found = verify_receipt.verify(data, key_file(keys.origin, keys.verifying()), offer, nonce, note)
        if found["checks"].get("inclusion"):
            verdict = check_checkpoint(note or json.loads(data)["proof"]["checkpoint"], thorough=True)
            found["checks"]["log"] = verdict == "holds"
            found["valid"] = all(found["checks"].values())
    return found
