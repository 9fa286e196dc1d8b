"""What later rooms show on an earlier room's record page: blocks registered by the wiring, drawn in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask, current_app

from srm_portal.kernel.permissions import Actor


@dataclass(frozen=True, slots=True)
class PanelBlock:
    """A titled box: `template` is a fragment that gets `context` as `panel`. `aside` puts it in the narrow column."""

    title: Any
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    aside: bool = False
    position: int = 50


PanelSource = Callable[[Actor, str, datetime], PanelBlock | None]
"""(actor, id of the record, now) -> a block, or None when there is nothing to show to this actor."""


def register(app: Flask, record: str, source: PanelSource) -> None:
    app.extensions.setdefault("srm_panels", {}).setdefault(record, []).append(source)


def blocks(record: str, actor: Actor, object_id: str, now: datetime) -> list[PanelBlock]:
    sources: list[PanelSource] = current_app.extensions.get("srm_panels", {}).get(record, [])
    shown = [block for source in sources if (block := source(actor, object_id, now)) is not None]
    return sorted(shown, key=lambda block: block.position)
