"""import and export: files of other houses in, release packages out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from srm_portal.cli import cli
from srm_portal.cli.common import portal, read_bytes, say, write_json
from srm_portal.kernel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from srm_portal.exchange.domain.report import ImportReport
    from srm_portal.kernel.permissions import Actor

_partial = click.option(
    "--partial", is_flag=True, help="Take in the good rows; exit status 1 when others were refused."
)
_as = click.option("--as", "email", metavar="EMAIL", help="Who imports (default: the organisation's first buyer).")


@cli.group("import")
def import_() -> None:
    """Take in a file: all of it, or nothing and the list of its faults by row.

    The report is one JSON document on standard output. Exit status: 0 everything is in, 1 with --partial some rows
    were refused, 2 nothing was taken in.
    """


@import_.command("ocds")
@click.argument("file")
@_partial
@_as
def import_ocds(file: str, partial: bool, email: str | None) -> None:
    """OCDS releases (.json): tenders and plannings become needs, closed ones go to the archive."""
    from srm_portal.exchange import services

    _run(services.import_ocds, file, partial, email, roles=("buyer",))


@import_.command("needs")
@click.argument("file")
@_partial
@_as
def import_needs(file: str, partial: bool, email: str | None) -> None:
    """Needs (.xlsx): rows with one reference make one need."""
    from srm_portal.exchange import services

    _run(services.import_needs, file, partial, email, roles=("buyer",))


@import_.command("suppliers")
@click.argument("file")
@_partial
@_as
def import_suppliers(file: str, partial: bool, email: str | None) -> None:
    """Suppliers (.csv): one a row, new ones become prospects."""
    from srm_portal.exchange import services

    _run(services.import_suppliers, file, partial, email)


@import_.command("deliveries")
@click.argument("file")
@_partial
@_as
def import_deliveries(file: str, partial: bool, email: str | None) -> None:
    """Deliveries (.csv): one order line a row, facts for the scorecards."""
    from srm_portal.exchange import services

    _run(services.import_deliveries, file, partial, email, roles=("buyer",))


@import_.command("categories")
@click.argument("file")
@click.option("--scheme", default="CPV", show_default=True, help="Name of the vocabulary.")
@_partial
@_as
def import_categories(file: str, scheme: str, partial: bool, email: str | None) -> None:
    """Categories (.csv): codes with their parents and labels."""
    from srm_portal.exchange import services

    _run(services.import_categories, file, partial, email, scheme=scheme)


def _run(
    service: Callable[..., ImportReport],
    file: str,
    partial: bool,
    email: str | None,
    *,
    roles: tuple[str, ...] = ("buyer", "administrator"),
    **more: Any,
) -> None:
    from srm_portal.exchange.queries import report_document
    from srm_portal.infra.moment import app_now

    data = read_bytes(file)
    with portal() as app:
        actor = _actor(email, roles, "import:run")
        with _progress() as progress:
            report = service(actor, data, partial=partial, now=app_now(app), progress=progress, **more)
        write_json(report_document(report))
    _conclude(report, file)


def _conclude(report: ImportReport, file: str) -> None:
    sys.stdout.flush()
    if not report.done:
        say(
            f"srm-portal: {file}: {len(report.faults)} faults, nothing was taken in; "
            "correct them, or take in the good rows with --partial"
        )
        raise click.exceptions.Exit(2)
    if report.refused:
        raise click.exceptions.Exit(1)


def _actor(email: str | None, roles: tuple[str, ...], permission: str) -> Actor:
    """The person named, or the first one of the only organisation who has one of the roles."""
    from srm_portal.identity import queries as identity

    person = identity.actor_by_email(email) if email else None
    if email and person is None:
        raise InputError("--as", f"nobody here has the address {email}")
    user_id = person.user_id if person else _first(roles)
    actor = identity.active_actor(user_id)
    if actor is None or not actor.may(permission):
        raise InputError("--as", f"{email} may not do this; name an active {' or '.join(roles)}")
    return actor


def _first(roles: tuple[str, ...]) -> str:
    from srm_portal.identity import queries as identity

    organisations = identity.organisation_ids()
    if not organisations:
        raise InputError("--as", "nobody is here yet; create the first people with `srm-portal users create`")
    if len(organisations) > 1:
        raise InputError("--as", "there are several organisations; name the person who acts")
    found = [one for role in roles for one in identity.staff(organisations[0], role)]
    person = next(iter(found), None)
    if person is None:
        raise InputError("--as", f"no active {' or '.join(roles)} is here; name the person who acts")
    return person.id


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, a plain line at every tenth elsewhere; on standard error."""
    bars: list[Any] = []

    def told(done: int, total: int) -> None:
        if sys.stderr.isatty():
            if not bars:
                bars.append(click.progressbar(length=total, file=sys.stderr))
            bars[0].update(done - bars[0].pos)
        elif done == total or done * 10 // total > (done - 1) * 10 // total:
            say(f"{done} of {total}")

    yield told
    for bar in bars:
        bar.render_finish()


@cli.group()
def export() -> None:
    """Write what may be told to others."""


@export.command("ocds")
@click.argument("project", required=False)
@click.option("--list", "listing", is_flag=True, help="The references of the projects that can be exported.")
@click.option("--as", "email", metavar="EMAIL", help="Who exports (default: the organisation's first buyer).")
def export_ocds(project: str | None, listing: bool, email: str | None) -> None:
    """The OCDS 1.1 release package of PROJECT (its reference or id)."""
    from srm_portal.exchange import queries

    if listing == bool(project):
        raise InputError("PROJECT", "give the reference of a project, or --list alone")
    with portal():
        actor = _actor(email, ("buyer", "purchasing_manager", "auditor"), "project:export")
        found = queries.exportable(actor)
        if listing:
            for one in found:
                click.echo(one.reference)
            return
        chosen = next((one for one in found if project in (one.reference, one.id)), None)
        if chosen is None:
            raise InputError(
                "PROJECT", f"{project} cannot be exported; `srm-portal export ocds --list` names those that can"
            )
        data = queries.export_of(actor, chosen.id)
    click.echo(data, nl=False)
