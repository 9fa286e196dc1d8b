"""Every route says who may come in. One without a line here stops the start.

`@requires("project:read")` names a permission of `kernel/permissions.py`; `@public` lets everybody in. The guard
answers a missing sign-in with the sign-in page (or 401 for the API) and a missing permission with the same 404 as an
absent address. The object itself is judged by the service's loader.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, redirect, request, url_for
from werkzeug.wrappers import Response

from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import PERMISSIONS
from srm_portal.web.context import maybe_actor

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
_MARK = "__guard__"
_FRAMEWORK = frozenset({"static"})


def wants_json() -> bool:
    return request.path.startswith("/api/")


def requires(*permissions: str) -> Callable[[View], View]:
    """Any one of the permissions opens the door."""
    unknown = [name for name in permissions if name not in PERMISSIONS]
    if unknown or not permissions:
        raise ValueError(f"unknown permission {unknown}")

    def mark(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            actor = maybe_actor()
            if actor is None:
                return _ask_to_sign_in()
            if not any(actor.may(name) for name in permissions):
                raise NotFound
            return view(*args, **kwargs)

        setattr(guarded, _MARK, permissions)
        return guarded  # type: ignore[return-value]

    return mark


def public(view: View) -> View:
    setattr(view, _MARK, (PUBLIC,))
    return view


def _ask_to_sign_in() -> Response | tuple[dict[str, str], int]:
    if wants_json():
        return {"code": "sign_in_needed"}, 401
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    if request.headers.get("HX-Request"):
        answer = Response(status=204)
        answer.headers["HX-Redirect"] = url_for("identity.sign_in")
        return answer
    return redirect(url_for("identity.sign_in", next=target))


def policy_table(app: Flask) -> list[tuple[str, str, str]]:
    """(endpoint, methods, permissions) of every route, sorted: the page an auditor reads."""
    rows = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        guard = getattr(view, _MARK, None)
        if guard is None and rule.endpoint in _FRAMEWORK:
            guard = (PUBLIC,)
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        rows.append((rule.endpoint, methods, "|".join(guard) if guard else ""))
    return sorted(rows)


def check_policy(app: Flask) -> None:
    """Stop the start when a route has no guard."""
    open_doors = [endpoint for endpoint, _methods, guard in policy_table(app) if not guard]
    if open_doors:
        raise RuntimeError("routes without @requires or @public: " + ", ".join(open_doors))
