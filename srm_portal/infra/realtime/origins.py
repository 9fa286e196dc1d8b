"""Which pages may open a socket: those of the host that serves it, and those the configuration names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit


def origin_of(url: str) -> str:
    """The origin of a page's address: scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def origin_allowed(origin: str | None, environ: Mapping[str, Any], allowed: Collection[str]) -> bool:
    """True for no origin (no browser page is asking), for the request's own host, and for a named origin.

    The scheme is not compared: behind a proxy that ends TLS the process sees plain http.
    """
    if origin is None or origin in allowed:
        return True
    host = environ.get("HTTP_HOST", "")
    parts = urlsplit(origin)
    return bool(host) and parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()
