"""Answers that name their content: `ETag`, 304 for who has it already, 412 for a change meant for an older state."""

from __future__ import annotations

import hashlib

from flask import Response, request

from srm_portal.kernel.errors import Outdated

_BITS = 32


def tag_of(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()[:_BITS]


def add(response: Response) -> Response:
    """The tag is made of the body; `If-None-Match` with it gets 304 without one."""
    if request.method != "GET" or response.status_code != 200 or not response.is_json:
        return response
    response.set_etag(tag_of(response.get_data(as_text=True)))
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


def check(tag: str) -> None:
    if request.if_match and not request.if_match.contains(tag):
        raise Outdated
