"""The description of the interface (OpenAPI 3.1), drawn from the operations that `web/api.does` put on the routes."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask

from srm_portal.web.api import PREFIX, Operation, object_schema, operation_of, schema_of
from srm_portal.web.guard import policy_table
from srm_portal.web.schemas import ERROR, INVALID, Schema

VERSION = "3.1.0"
_PLACE = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")
_ERRORS = {
    401: "No valid token.",
    403: "Known, but not to be done by you: four eyes, an authority limit.",
    404: "Absent, another organisation's, or not open to you or to this token's scopes; always the same answer.",
    405: "This address does not know the method.",
    409: "Refused with a code, or somebody else saved first.",
    412: "`If-Match` names an older state; read again.",
    413: "The body is too large.",
    422: "Values are wrong; each is named.",
    429: "Too many calls; wait a minute.",
}


def operations(app: Flask) -> list[tuple[str, str, Operation, str]]:
    """(path, method, operation, permissions) of every described route, in the order of their addresses."""
    guards = {endpoint: guard for endpoint, _methods, guard in policy_table(app)}
    found = []
    for rule in app.url_map.iter_rules():
        operation = operation_of(app.view_functions[rule.endpoint])
        if operation is not None:
            path = _PLACE.sub(r"{\1}", rule.rule.removeprefix(PREFIX))
            methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            found += [(path, method, operation, guards[rule.endpoint]) for method in methods]
    return sorted(found, key=lambda one: one[:2])


def undescribed(app: Flask) -> list[str]:
    """Routes of the interface that the table does not name."""
    return [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX + "/")
        and operation_of(app.view_functions[rule.endpoint]) is None
        and not rule.rule.endswith("/openapi.json")
    ]


def document(app: Flask) -> dict[str, Any]:
    """The whole description. Every schema with a title stands once under `components`."""
    components: dict[str, Schema] = {}
    paths: dict[str, dict[str, Any]] = {}
    for path, method, operation, permissions in operations(app):
        paths.setdefault(path, {})[method.lower()] = _shared(
            _operation(path, method, operation, permissions), components
        )
    return {
        "openapi": VERSION,
        "info": {
            "title": "SRM portal",
            "version": "1",
            "description": "A program acts for a person with a token of theirs. See docs/api.md.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": app.config["PUBLIC_URL"] + PREFIX}],
        "security": [{"token": []}],
        "tags": [{"name": name} for name in sorted({one[2].group for one in operations(app)})],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(path: str, method: str, operation: Operation, permissions: str) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{([a-z_]+)}", path)
    ]
    parameters += [
        {"name": name, "in": "query", "required": False, "schema": schema_of(reader)}
        for name, reader in operation.asks.items()
    ]
    if method == "GET":
        parameters.append(_header("If-None-Match", "An ETag you hold; 304 when it still stands."))
    else:
        parameters.append(_header("Idempotency-Key", "Sent again with the same content, the thing is done once."))
    if operation.if_match:
        parameters.append(_header("If-Match", "The ETag of the state your change is meant for."))
    found: dict[str, Any] = {
        "operationId": re.sub(r"[^a-z]+", "_", f"{method}{path}".lower()).strip("_"),
        "summary": operation.summary,
        "description": f"Open to: {permissions.replace('|', ' or ')}.",
        "tags": [operation.group],
        "parameters": parameters,
        "responses": _responses(method, operation),
    }
    if operation.takes is not None:
        schema = object_schema(operation.takes, operation.needed)
        found["requestBody"] = {
            "required": bool(operation.needed),
            "content": {"application/json": {"schema": schema}},
        }
    return found


def _header(name: str, text: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
    return {"name": name, "in": "header", "required": False, "description": text, "schema": schema}


def _responses(method: str, operation: Operation) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done." if method != "GET" else "As it stands."}
    if operation.status != 204:
        good["content"] = {"application/json": {"schema": operation.gives}}
    statuses = {401, 404, 422, 429}
    if method == "GET":
        good["headers"] = {"ETag": {"required": True, "schema": {"type": "string"}}}
    else:
        statuses |= {403, 409, 413}
    if operation.if_match:
        statuses.add(412)
    found: dict[str, Any] = {str(operation.status): good}
    if method == "GET":
        found["304"] = {"description": "You have it already."}
    for status in sorted(statuses):
        schema = INVALID if status == 422 else ERROR
        found[str(status)] = {"description": _ERRORS[status], "content": {"application/json": {"schema": schema}}}
    return found


def _shared(value: Any, components: dict[str, Schema]) -> Any:
    """Put every titled schema under its name once, and a reference in its place."""
    if isinstance(value, list):
        return [_shared(one, components) for one in value]
    if not isinstance(value, dict):
        return value
    inner = {name: _shared(one, components) for name, one in value.items()}
    title = inner.get("title")
    if isinstance(title, str) and ("type" in inner or "anyOf" in inner):
        known = components.setdefault(title, inner)
        assert known == inner, f"two schemas are called {title}"
        return {"$ref": f"#/components/schemas/{title}"}
    return inner
