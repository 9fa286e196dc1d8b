"""The sentence of each kind of notice: one file a room, kind -> sentence with named facts."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

_FOUND: dict[str, Any] = {}


def load() -> dict[str, Any]:
    if not _FOUND:
        for module in pkgutil.iter_modules(__path__):
            _FOUND.update(importlib.import_module(f"{__name__}.{module.name}").NOTICES)
    return _FOUND


def notice_text(kind: str, facts: dict[str, Any]) -> str:
    """The notice in the language in force."""
    return str(load()[kind]) % facts
