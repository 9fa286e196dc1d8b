"""Pages of the registry, and the supplier's own page."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("suppliers", __name__)

from srm_portal.suppliers.views import (  # noqa: E402
    contacts,
    entry,
    own,
    papers,
    qualification,
    questionnaires,
    record,
    registering,
    registry,
    segmentation,
    sharing,
    standing,
)

__all__ = [
    "bp",
    "contacts",
    "entry",
    "own",
    "papers",
    "qualification",
    "questionnaires",
    "record",
    "registering",
    "registry",
    "segmentation",
    "sharing",
    "standing",
]
