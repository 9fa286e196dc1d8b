"""The rules are numbered, and each number has a test that carries it in its name."""

from __future__ import annotations

import re
from pathlib import Path

NUMBERED = {*range(1, 27), *range(31, 44), 45, 46, 47, *range(50, 65)}
"""R1 to R64 as the rules state them; 27 to 30, 44, 48 and 49 were never given out."""

_TEST = re.compile(r"def test_r(\d+)_")


def test_every_rule_has_a_test_named_after_it() -> None:
    files = Path(__file__).parent.rglob("test_*.py")
    found = {int(number) for file in files for number in _TEST.findall(file.read_text())}
    assert sorted(NUMBERED - found) == []
    assert sorted(found - NUMBERED) == []
