"""Rules of the house that a linter reads, not memory."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "srm_portal"
ROLES = {
    "domain", "policy", "ports", "models", "store", "queries", "services", "forms", "views", "api", "sockets", "jobs",
    "__init__",
}  # fmt: skip
SHARED = {"kernel", "infra", "web", "app", "cli", "adapters", "demonstration", "translations"}
EXTRA = {
    "identity": {"login"},
    "notifications": {"wording"},
    "offers": {"verify_receipt"},
}
"""Files beside the roles, each with its reason: Flask-Login is wrapped in one file, the sentences of notices stand
together, and the receipt checker is handed out as it is."""
PURE_EXTRA = {"numpy", "highspy", "srm_portal"}


def modules(folder: Path = PACKAGE) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"), str(path))


def features() -> list[str]:
    return sorted(
        path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name not in SHARED and path.name[0] != "_"
    )


def imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno


def pure_files() -> list[Path]:
    found = [path for path in (PACKAGE / "kernel").rglob("*.py") if path.name != "clock.py"]
    for feature in features():
        found += (PACKAGE / feature / "domain").rglob("*.py")
        found += [path for name in ("domain.py", "policy.py") if (path := PACKAGE / feature / name).is_file()]
    return sorted(found)


def impure_imports(path: Path, tree: ast.Module) -> list[str]:
    """What a pure file may not import: anything but the standard library, numpy, pure siblings (and the solver)."""
    solver = "solver" in path.relative_to(PACKAGE).parts or path.stem == "solver"
    wrong = []
    for name, line in imported(tree):
        top = name.partition(".")[0]
        inner = name.split(".")
        if top in sys.stdlib_module_names or top == "numpy" or (top == "highspy" and solver):
            continue
        if top == "srm_portal" and (inner[1:2] == ["kernel"] or (len(inner) > 2 and inner[2] in ("domain", "policy"))):
            continue
        wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    return wrong


def calls(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


CLOCK_READS = ("datetime.now", "datetime.utcnow", "time.time", "date.today", "time.monotonic", "datetime.today")


def clock_reads(path: Path, tree: ast.Module) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line} reads the clock: {name}"
        for name, line in calls(tree)
        if name in CLOCK_READS or name.endswith((".utcnow", "datetime.now"))
    ]


def commits(path: Path, tree: ast.Module) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line} commits"
        for name, line in calls(tree)
        if name.endswith(("session.commit", "session().commit"))
    ]


def test_the_pure_code_imports_nothing_but_the_standard_library_and_numpy() -> None:
    wrong = [line for path in pure_files() for line in impure_imports(path, ast.parse(path.read_text("utf-8")))]
    assert wrong == []


def test_the_clock_is_read_in_one_file() -> None:
    allowed = {PACKAGE / "kernel" / "clock.py"}
    wrong = [line for path, tree in modules() if path not in allowed for line in clock_reads(path, tree)]
    assert wrong == []


def test_transactions_end_in_one_file() -> None:
    allowed = {PACKAGE / "infra" / "transaction.py"}
    wrong = [line for path, tree in modules() if path not in allowed for line in commits(path, tree)]
    assert wrong == []


def test_nobody_aborts_a_request() -> None:
    wrong = [
        f"{path}:{line}" for path, tree in modules() for name, line in calls(tree) if name in ("abort", "flask.abort")
    ]
    assert wrong == []


def test_columns_that_lose_digits_or_zones_are_not_used() -> None:
    banned = {"Numeric", "DateTime", "Float", "Double", "REAL", "TIMESTAMP"}
    allowed = {PACKAGE / "infra" / "db.py"}
    wrong = []
    for path, tree in modules():
        if path in allowed:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
                wrong += [f"{path}:{node.lineno} {alias.name}" for alias in node.names if alias.name in banned]
    assert wrong == []


def test_rooms_have_role_files_and_no_others() -> None:
    wrong = []
    for feature in features():
        for path in (PACKAGE / feature).iterdir():
            if path.name in ("__pycache__", "py.typed"):
                continue
            if path.stem not in ROLES | EXTRA.get(feature, set()):
                wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []


def test_shells_reach_tables_through_services_and_queries() -> None:
    wrong = []
    for feature in features():
        for role in ("views", "api", "sockets", "jobs"):
            folder = PACKAGE / feature
            paths = (
                [folder / f"{role}.py"] if (folder / f"{role}.py").is_file() else sorted((folder / role).rglob("*.py"))
            )
            for path in paths:
                for name, line in imported(ast.parse(path.read_text("utf-8"))):
                    if (
                        name.partition(".")[0] == "sqlalchemy"
                        or name.endswith(".models")
                        or name == "srm_portal.infra.db"
                    ):
                        wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert wrong == []


def test_tables_are_touched_by_their_own_room_only() -> None:
    wrong = []
    for path, tree in modules():
        room = path.relative_to(PACKAGE).parts[0]
        for name, line in imported(tree):
            parts = name.split(".")
            if parts[0] == "srm_portal" and len(parts) > 2 and parts[2] in ("models", "store") and parts[1] != room:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert wrong == []


def test_the_import_contracts_name_every_room() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layered = {
        name.strip(" ()").removeprefix("srm_portal.") for layer in contracts[0]["layers"] for name in layer.split("|")
    }
    contained = {name.removeprefix("srm_portal.") for name in contracts[1]["containers"]}
    assert set(features()) <= layered
    assert set(features()) <= contained


@pytest.mark.parametrize(
    ("code", "check"),
    [
        ("import sqlalchemy", impure_imports),
        ("import flask", impure_imports),
        ("from datetime import datetime\ndatetime.now()", clock_reads),
        ("import time\ntime.time()", clock_reads),
        ("db.session.commit()", commits),
    ],
)
def test_a_planted_fault_is_caught(code: str, check: object) -> None:
    assert check(PACKAGE / "sourcing" / "domain" / "planted.py", ast.parse(code))  # type: ignore[operator]


def test_the_project_speaks_of_itself_alone() -> None:
    hosts = ("files.python" + "hosted.org", "registry.npm" + "js.org", "py" + "pi.org/simple")
    wrong = []
    for suffix in ("*.py", "*.md", "*.html", "*.toml", "*.txt", "*.js", "*.css", "*.lock", "*.json"):
        for path in ROOT.rglob(suffix):
            if not path.is_file() or path.relative_to(ROOT).parts[0] in (".venv", "var", "node_modules", ".git"):
                continue
            text = path.read_text("utf-8", errors="replace")
            wrong += [f"{path}: {host}" for host in hosts if host in text]
    assert wrong == []
