"""The macros of templates/components as one name in every template: `{{ ui.field(form.title) }}`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, Undefined


class Components:
    """`ui.NAME` is the macro NAME of templates/components/NAME.html, found when it is first used.

    Inside macros an absent key is just absent, so that `{"label": ...}` need not list what it leaves out; pages keep
    the strictness of their own environment.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment.overlay(undefined=Undefined)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        macro: Callable[..., Any] = getattr(self._environment.get_template(f"components/{name}.html").module, name)
        return macro


def install(environment: Environment) -> None:
    """Make `ui` known to every template of this environment."""
    environment.globals["ui"] = Components(environment)
