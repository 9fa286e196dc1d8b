"""What later rooms tell the project: what blocks their step, its one fact, its page, and what is published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Select

from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing.domain.stages import Blocker

Gate = Callable[[str, datetime], list[Blocker]]
Part = Callable[[str], dict[str, Any]]
Preparation = Callable[[Actor, str, datetime], None]
Told = Callable[[str], set[str]]
Panel = Callable[[Actor, str, datetime], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Fact:
    """`columns(project_id)`: queries of one value each; `text(*values)` says them in the reader's language.

    The queries of all six steps go to the database in one statement.
    """

    columns: Callable[[str], list[Select[Any]]]
    text: Callable[..., str]


def _table(name: str, app: Flask | None = None) -> dict[str, Any]:
    table: dict[str, Any] = (app or current_app).extensions.setdefault(f"srm_sourcing_{name}", {})
    return table


def register_gate(app: Flask, stage: str, gate: Gate) -> None:
    """`gate(project_id, now)` names what the step still lacks."""
    _table("gates", app).setdefault(stage, []).append(gate)


def register_fact(
    app: Flask, stage: str, columns: Callable[[str], list[Select[Any]]], text: Callable[..., str]
) -> None:
    """The one fact under the step's name ("5 of 6 received"), in the reader's language."""
    _table("facts", app)[stage] = Fact(columns, text)


def register_page(app: Flask, stage: str, endpoint: str) -> None:
    """The page of a step: an endpoint that takes `project_id`."""
    _table("pages", app)[stage] = endpoint


def register_publication_part(app: Flask, name: str, part: Part) -> None:
    """`part(project_id)` is what suppliers are promised of it at publication, as plain values."""
    _table("parts", app)[name] = part


def register_preparation(app: Flask, name: str, prepare: Preparation) -> None:
    """`prepare(actor, event_id, now)` runs inside the publication, before what is promised is written down."""
    _table("preparations", app)[name] = prepare


def register_audience(app: Flask, told: Told) -> None:
    """`told(event_id)` gives the user ids of everybody invited, to be told of amendments and answers."""
    _table("audience", app)["invited"] = told


def gates(stage: str) -> list[Gate]:
    found: list[Gate] = _table("gates").get(stage, [])
    return found


def fact(stage: str) -> Fact | None:
    return _table("facts").get(stage)


def page(stage: str) -> str:
    found: str = _table("pages").get(stage, "sourcing.project")
    return found


def publication_parts() -> dict[str, Part]:
    return _table("parts")


def preparations() -> list[Preparation]:
    return [prepare for _name, prepare in sorted(_table("preparations").items())]


def audience(event_id: str) -> set[str]:
    told: Told | None = _table("audience").get("invited")
    return told(event_id) if told else set()
