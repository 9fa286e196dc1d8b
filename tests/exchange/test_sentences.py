"""Every fault that a file can have is said in words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from srm_portal.exchange.queries.faults import fault_view
from srm_portal.kernel.errors import FieldProblem
from srm_portal.web import sentences
from srm_portal.web.sentences.exchange import PREFIX
from tests.support.world import World

ROOT = Path(__file__).resolve().parents[2]
FACTS = tuple((name, name) for name in ("most", "other_row", "by_row", "reference", "max", "row", "currency"))
_NO_FAULTS = {"label", "parent", "code", "field", "name", "quantity"}


def codes() -> Iterator[str]:
    """The codes that the room names in calls that note a fault, and those the documentation lists."""
    for path in (ROOT / "srm_portal" / "exchange").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("FieldProblem", "refuse", "warn")):
                yield from _constants(node.args[1:2])
    text = (ROOT / "docs" / "data-exchange.md").read_text("utf-8")
    yield from re.findall(r"`([a-z]+(?:_[a-z]+)*)`", text.partition("## Codes of tables")[2])
    table = text.partition("| code | what is done |")[2].partition("\n\n")[0]
    for line in table.splitlines():
        yield from re.findall(r"`([a-z]+(?:_[a-z]+)*)`", line.partition("|")[2].partition("|")[0])


def _constants(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and inner.value:
                yield inner.value


def test_every_code_of_a_file_has_a_sentence() -> None:
    known = sentences.load()
    found = set(codes()) - _NO_FAULTS
    assert len(found) > 60
    assert sorted(code for code in found if f"{PREFIX}{code}" not in known and code not in known) == []


def test_every_sentence_is_whole_with_the_facts_of_its_code(world: World) -> None:
    for key in sentences.load():
        if key.startswith(PREFIX):
            view = fault_view(FieldProblem("title", key.removeprefix(PREFIX), 3, "found", FACTS))
            assert "%(" not in view.text and view.text.endswith((".", ")"))


def test_a_fault_names_row_column_and_sheet(world: World) -> None:
    facts = (("column", "C"), ("sheet", "Needs"))
    view = fault_view(FieldProblem("quantity", "not_a_number", 7, "many", facts))
    assert (view.row, view.column, view.sheet) == (7, "C", "Needs") and "“many”" in view.text
