"""What this room needs from outside (a reader of workbooks), and what later rooms add to the selection page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from flask import Flask, current_app

from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing.queries import ProjectView


class SheetReader(Protocol):
    def __call__(self, data: bytes) -> list[list[Any]]:
        """The rows of the first sheet of an .xlsx file, computed cells by their result; exact numbers.

        Raises InputError for anything hostile, damaged or too large.
        """
        ...


Link = dict[str, Any]
LinkSource = Callable[[Actor, ProjectView, datetime], Link | None]
CardSource = Callable[[Actor, ProjectView, datetime], dict[str, Any] | None]
_LINKS, _CARDS, _SCORES = "srm_selection_links", "srm_selection_cards", "srm_technical_scores"


def register_selection_link(app: Flask, source: LinkSource) -> None:
    """`source(actor, project, now)` gives {"label", "url", "icon", "kind": "primary" | "plain"} or None."""
    app.extensions.setdefault(_LINKS, []).append(source)


def register_selection_card(app: Flask, source: CardSource) -> None:
    """`source(actor, project, now)` gives {"title", "template", ...} or None; the template is given it as `card`."""
    app.extensions.setdefault(_CARDS, []).append(source)


def bind_scores(
    app: Flask,
    missing: Callable[[str, datetime], list[Any]],
    lock: Callable[[Actor, str, datetime], None],
    digest: Callable[[str], str],
) -> None:
    """`missing(project_id, now)` names what the technical scores still lack, `lock(actor, project_id, now)` makes them
    final where people gave marks, `digest(project_id)` is a fingerprint of them.

    Bound by the room of evaluation, which comes later in the workflow.
    """
    app.extensions[_SCORES] = (missing, lock, digest)


def scores_missing(project_id: str, now: datetime) -> list[Any]:
    missing, _lock, _digest = current_app.extensions[_SCORES]
    return list(missing(project_id, now))


def lock_scores(actor: Actor, project_id: str, now: datetime) -> None:
    _missing, lock, _digest = current_app.extensions[_SCORES]
    lock(actor, project_id, now)


def scores_digest(project_id: str) -> str:
    _missing, _lock, digest = current_app.extensions[_SCORES]
    return str(digest(project_id))


def selection_links(actor: Actor, project: ProjectView, now: datetime) -> list[Link]:
    return _found(_LINKS, actor, project, now)


def selection_cards(actor: Actor, project: ProjectView, now: datetime) -> list[dict[str, Any]]:
    return _found(_CARDS, actor, project, now)


def _found(key: str, actor: Actor, project: ProjectView, now: datetime) -> list[dict[str, Any]]:
    sources: list[CardSource] = current_app.extensions.get(key, [])
    return [made for source in sources if (made := source(actor, project, now)) is not None]
