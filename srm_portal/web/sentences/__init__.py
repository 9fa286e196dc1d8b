"""What people read when something is refused, and of what was done: one file a room.

`SENTENCES`: refusal code -> sentence with named facts.
`ACTS`: audit action -> what was done, as in "approved the need".
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

Sentences = dict[str, Any]


def load(table: str = "SENTENCES") -> Sentences:
    """One table of all rooms (`SENTENCES`: refusals, `ACTS`: the trail); the same code twice is a mistake of ours."""
    found: Sentences = {}
    for module in pkgutil.iter_modules(__path__):
        sentences: Sentences = getattr(importlib.import_module(f"{__name__}.{module.name}"), table, {})
        twice = found.keys() & sentences.keys()
        if twice:
            raise ValueError(f"sentences given twice: {sorted(twice)}")
        found |= sentences
    return found
