"""`srm-portal import` and `export`, as another program calls them."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from config import Config
from srm_portal.app import create_app
from srm_portal.cli import main
from srm_portal.exchange.domain.json_out import dump_json
from srm_portal.identity.services import accounts
from srm_portal.infra.db import db
from srm_portal.infra.moment import app_now
from srm_portal.infra.sheets import csv_bytes, xlsx_bytes
from srm_portal.kernel.permissions import system_actor
from tests.exchange.releases import award_release, package, tender_release, with_tender
from tests.support.ocds_schema import schema_faults, schema_is_absent


@dataclass(frozen=True)
class Called:
    returncode: int
    stdout: bytes
    stderr: bytes


Run = Callable[..., Called]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An installation of its own with an administrator, two buyers and an evaluator."""
    folder = tmp_path_factory.mktemp("cli")
    kept = dict(os.environ)
    os.environ.pop("DATABASE_URL", None)
    os.environ["SRM_VAR"] = str(folder)
    app = create_app(Config())
    with app.app_context():
        db.create_all()
        now = app_now(app)
        organisation = accounts.create_organisation("Nordwerk", now=now, currency="EUR", second_factor_needed=False)
        for name, role in (("Ada", "buyer"), ("Bob", "buyer"), ("Eve", "evaluator"), ("Sam", "administrator")):
            accounts.create_user(
                system_actor(organisation),
                email=f"{name.lower()}@example.com",
                name=name,
                roles=[role],
                now=now,
                password="a long walk by the river 7",
            )
        db.session.remove()
        db.engine.dispose()
    os.environ.clear()
    os.environ.update(kept)
    yield folder


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Calls the command line as it is called from outside, in this process."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("SRM_VAR", str(home))

    def called(*arguments: object, given: bytes = b"") -> Called:
        monkeypatch.setattr(sys, "argv", ["srm-portal", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        status = 0
        try:
            main()
        except SystemExit as ended:
            status = int(ended.code or 0)
        out, err = capsysbinary.readouterr()
        return Called(status, out, err)

    return called


def file_of(folder: Path, *releases: object) -> Path:
    path = folder / "releases.json"
    path.write_bytes(dump_json(package(*releases)))
    return path


def renamed(release: dict[str, Any], number: str) -> dict[str, Any]:
    return release | {"ocid": f"ocds-a1b2c3-{number}", "id": f"{number}-release"}


def test_a_file_that_is_right_goes_in_and_comes_out_again(run: Run, tmp_path: Path) -> None:
    tender, award = renamed(tender_release(), "t"), renamed(award_release(), "a")
    done = run("import", "ocds", file_of(tmp_path, tender, award))
    report = json.loads(done.stdout)
    assert (done.returncode, report["imported"], report["refused"], report["errors"]) == (0, 2, 0, [])
    assert b"2 of 2" in done.stderr
    listed = run("export", "ocds", "--list").stdout.decode().split()
    references = [row["reference"] for row in report["results"]]
    assert set(references) <= set(listed)
    for key in (references[0], report["results"][1]["id"]):
        written = run("export", "ocds", key)
        assert written.returncode == 0
        document = json.loads(written.stdout)
        assert document["version"] == "1.1" and (schema_is_absent() or schema_faults(document) == [])
    again = run("import", "ocds", file_of(tmp_path, tender, award))
    assert (again.returncode, json.loads(again.stdout)["already_imported"]) == (0, 2)


def test_one_fault_keeps_everything_out_and_is_named_by_row(run: Run, tmp_path: Path) -> None:
    wrong = renamed(with_tender(value={"amount": -1, "currency": "EUR"}), "w")
    path = file_of(tmp_path, renamed(tender_release(), "g"), wrong)
    refused = run("import", "ocds", path)
    report = json.loads(refused.stdout)
    assert (refused.returncode, report["done"], report["imported"]) == (2, False, 0)
    (error,) = report["errors"]
    assert (error["row"], error["field"], error["code"]) == (1, "tender.value.amount", "negative")
    assert error["text"] == "“-1” is below zero." and b"--partial" in refused.stderr
    partial = run("import", "ocds", path, "--partial")
    assert (partial.returncode, json.loads(partial.stdout)["imported"]) == (1, 1)


def test_a_file_that_is_something_else_is_refused_in_one_line(run: Run) -> None:
    refused = run("import", "ocds", "-", given=b'{"records": []}')
    assert refused.returncode == 2 and refused.stdout == b""
    (line,) = refused.stderr.decode().splitlines()
    assert line.startswith("srm-portal: releases: a list of releases is expected")


def test_an_absent_file_is_named(run: Run) -> None:
    refused = run("import", "needs", "nowhere.xlsx")
    assert refused.returncode == 2 and b"nowhere.xlsx" in refused.stderr


def test_needs_suppliers_and_categories_go_in(run: Run, tmp_path: Path) -> None:
    tables = {
        "categories": ("tree.csv", b"code,parent,en\n42000000,,Machines\n42600000,42000000,Machine tools\n"),
        "suppliers": (
            "suppliers.csv",
            csv_bytes(("Name", "Country", "Categories (CPV)"), [("Acme", "FR", "42600000")]),
        ),
        "needs": (
            "needs.xlsx",
            xlsx_bytes("N", ("Reference", "Title", "Quantity", "Unit"), [("N1", "Bolts", 5, "kg")]),
        ),
    }
    for what, (name, data) in tables.items():
        (tmp_path / name).write_bytes(data)
        done = run("import", what, tmp_path / name)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["imported"] == (2 if what == "categories" else 1)


def test_a_fault_of_a_table_names_row_and_column(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "suppliers.csv"
    path.write_bytes(csv_bytes(("Name", "Country"), [("Beta", "FR"), ("Gamma", "Atlantis")]))
    (error,) = json.loads(run("import", "suppliers", path).stdout)["errors"]
    assert (error["row"], error["column"], error["code"], error["value"]) == (3, "B", "unknown_country", "Atlantis")


def test_who_acts_can_be_named(run: Run, tmp_path: Path) -> None:
    path = file_of(tmp_path, renamed(tender_release(), "n"))
    assert run("import", "ocds", path, "--as", "bob@example.com").returncode == 0
    for address in ("eve@example.com", "nobody@example.com"):
        refused = run("import", "ocds", path, "--as", address)
        assert refused.returncode == 2 and b"--as" in refused.stderr


def test_a_project_that_is_not_there_cannot_be_exported(run: Run) -> None:
    refused = run("export", "ocds", "P-1999-0001")
    assert refused.returncode == 2 and refused.stdout == b"" and b"P-1999-0001" in refused.stderr


def test_every_level_has_help(run: Run) -> None:
    for words in (("import",), ("import", "ocds"), ("export",), ("export", "ocds")):
        shown = run(*words, "--help")
        assert shown.returncode == 0 and b"Usage:" in shown.stdout
