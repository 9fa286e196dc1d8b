"""Structured logs. Prices, secrets and tokens are never logged; known keys are masked in case they slip in."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

MASKED = frozenset(
    {"password", "token", "code", "secret", "amount", "price", "bid", "limit", "cookie", "authorization", "body"}
)


def _mask(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    return {key: "***" if key in MASKED else value for key, value in event.items()}


def configure(style: str) -> None:
    """`style`: "json" for machines, "text" for people."""
    renderer: Any = structlog.processors.JSONRenderer() if style == "json" else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _mask,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # the stream of now, not of the start
        cache_logger_on_first_use=False,
    )


def log() -> Any:
    return structlog.get_logger()
