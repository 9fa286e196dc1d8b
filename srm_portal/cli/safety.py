"""backup, restore, keys: what brings a portal back on an empty machine."""

from __future__ import annotations

import os
from pathlib import Path

import click

from srm_portal.cli import cli
from srm_portal.cli.common import portal, say
from srm_portal.kernel.errors import InputError

PASSPHRASE_LENGTH_MIN = 12


@cli.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy database and files into FILE while people work. The keys are not in it: see `keys export`."""
    from srm_portal.infra.backup import write_backup
    from srm_portal.infra.moment import app_now

    with portal() as app:
        manifest = write_backup(file, now=app_now(app))
    rows = sum(table["rows"] for table in manifest["tables"].values())
    say(f"{file}: {rows} rows in {len(manifest['tables'])} tables")


@cli.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put a backup onto an empty installation. Sealed offers open only with the keys file of that portal."""
    from srm_portal.infra.backup import read_backup

    with portal():
        manifest = read_backup(file)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    say(f"restored {rows} rows as of {manifest['at']}; now import the keys")


@cli.group()
def keys() -> None:
    """The server's sealing and signing keys: kept outside the database and outside every backup."""


def _passphrase(confirm: bool) -> str:
    given = os.environ.get("SRM_KEYS_PASSPHRASE")
    text: str = given or click.prompt("Pass-phrase", hide_input=True, confirmation_prompt=confirm, err=True)
    if confirm and len(text) < PASSPHRASE_LENGTH_MIN:
        raise InputError("pass-phrase", f"too short; use at least {PASSPHRASE_LENGTH_MIN} characters")
    return text


@keys.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def keys_export(file: Path) -> None:
    """Write the keys into FILE, protected by a pass-phrase. Keep it apart from the backups."""
    from srm_portal.infra.keys import keyring
    from srm_portal.infra.moment import app_now

    with portal() as app:
        data = keyring().export(_passphrase(confirm=True), app_now(app))
    file.touch(mode=0o600)
    file.write_bytes(data)
    say(f"{file}: keys, protected by your pass-phrase")


@keys.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def keys_import(file: Path) -> None:
    """Take the keys of FILE into use."""
    from srm_portal.infra.keys import keyring
    from srm_portal.infra.moment import app_now

    if not file.is_file():
        raise InputError(str(file), "no such file; give the path of a keys file")
    with portal() as app:
        keyring().import_(file.read_bytes(), _passphrase(confirm=False), app_now(app))
    say("keys imported")


@keys.command("rotate")
def keys_rotate() -> None:
    """Make new keys. Old receipts still verify, offers sealed before still open."""
    from srm_portal.infra.keys import keyring
    from srm_portal.infra.moment import app_now

    with portal() as app:
        keyring().rotate(app_now(app))
    say("new keys are in use; export them and keep the file with the old one")


@keys.command("certificate")
@click.option("--bring", type=click.Path(dir_okay=False, path_type=Path), help="A PKCS#12 file to use instead.")
@click.option("--renew", is_flag=True, help="Make a new one though there is one.")
def keys_certificate(bring: Path | None, renew: bool) -> None:
    """Make the certificate with which the portal signs contracts (PAdES), or take one of your own into use.

    Signatures made before stay valid: each file carries the certificate it was signed with.
    """
    from srm_portal.infra import pdf_signing
    from srm_portal.infra.moment import app_now

    if bring is not None and not bring.is_file():
        raise InputError(str(bring), "no such file; give the path of a PKCS#12 file")
    with portal() as app:
        path = pdf_signing.certificate_file()
        if bring is not None:
            subject = pdf_signing.bring_certificate(bring.read_bytes(), _passphrase(confirm=False))
        elif path.exists() and not renew:
            raise InputError(str(path), "there is a certificate; --renew makes a new one")
        else:
            subject = pdf_signing.make_certificate(app_now(app))
    say(f"{path}: {subject}")
