"""Ports and what is plugged into them. `app.py` binds, services ask."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import Flask, current_app

Port = TypeVar("Port")
_KEY = "srm_gateways"


def bind(app: Flask, port: type[Port], adapter: Port) -> None:
    app.extensions.setdefault(_KEY, {})[port] = adapter


def gateway(port: type[Port]) -> Port:
    """The adapter bound to a port; a missing one is a mistake of the wiring."""
    bound: dict[type[Any], Any] = current_app.extensions[_KEY]
    adapter: Port = bound[port]
    return adapter
