"""The zone in which this person reads times."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from flask import has_request_context

from srm_portal.web.context import maybe_actor

_ZONES = available_timezones()


def known_zone(name: str) -> bool:
    return name in _ZONES


def current_zone() -> str:
    actor = maybe_actor() if has_request_context() else None
    return actor.zone if actor is not None and known_zone(actor.zone) else "UTC"


def zone_info(name: str | None = None) -> ZoneInfo:
    return ZoneInfo(name or current_zone())
