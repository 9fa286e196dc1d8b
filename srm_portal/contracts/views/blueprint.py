"""The blueprint that every view file of contracts hangs its pages on, and what they share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, url_for

from srm_portal.web.context import current_actor

Answer = Any
bp = Blueprint("contracts", __name__)


def given(upload: Any) -> Any:
    """The uploaded file, or None when none was chosen."""
    return upload if upload and upload.filename else None


def to_text(contract_id: str) -> Answer:
    """Back to where this person reads the text: the redline page, or the supplier's own."""
    if current_actor().supplier_id is not None:
        return redirect(url_for("contracts.supplier_page", contract_id=contract_id))
    return redirect(url_for("contracts.redline", contract_id=contract_id))
