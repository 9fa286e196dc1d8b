"""The `srm-portal` command: each subcommand calls one service or one pure function."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from typing import NoReturn

import click

from srm_portal import __version__
from srm_portal.kernel.errors import Forbidden, InputError, Invalid, NotFound, Refused


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="srm-portal")
def cli() -> None:
    """Supplier relationship management and e-sourcing portal.

    Results go to standard output as one JSON document, everything else to standard error. Exit status:
    0 done, 1 the question was answered with "no", 2 the input or the call is wrong.
    """


def load_commands() -> None:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")


def _refuse(text: str) -> NoReturn:
    """One line on standard error, whatever was in the text, and exit status 2."""
    click.echo("srm-portal: " + " ".join(text.split()), err=True)
    sys.exit(2)


def main() -> None:
    """Run, and turn refusals into one line on standard error and exit status 2."""
    if len(sys.argv) > 1 and sys.argv[1] in ("run", "demo", "worker"):
        from gevent import monkey

        monkey.patch_all()
    load_commands()
    try:
        outcome = cli(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        _refuse(error.format_message())
    except InputError as error:
        _refuse(str(error))
    except Invalid as error:
        _refuse("; ".join(f"{one.field}: {one.code} {one.value}".rstrip() for one in error.problems))
    except (Refused, Forbidden) as error:
        facts = ", ".join(f"{name} {value}" for name, value in error.facts.items())
        _refuse(f"{error.code}{f' ({facts})' if facts else ''}")
    except NotFound:
        _refuse("not found: no such object")
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:
        _refuse(f"{error.filename or 'system'}: {error.strerror or error}")
    if isinstance(outcome, int):
        sys.exit(outcome)  # click returns the status of an Exit when it does not stand alone
