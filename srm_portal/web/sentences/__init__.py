"""What people read when something is refused: one file a room, code -> sentence with named facts."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

Sentences = dict[str, Any]


def load() -> Sentences:
    """All sentences of all rooms; the same code twice is a mistake of ours."""
    found: Sentences = {}
    for module in pkgutil.iter_modules(__path__):
        sentences: Sentences = importlib.import_module(f"{__name__}.{module.name}").SENTENCES
        twice = found.keys() & sentences.keys()
        if twice:
            raise ValueError(f"sentences given twice: {sorted(twice)}")
        found |= sentences
    return found
