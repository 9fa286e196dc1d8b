"""Pages of identity: `bp` carries sign-in, profile and administration."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("identity", __name__)

from srm_portal.identity.views import administration, profile, sign_in  # noqa: E402

__all__ = ["administration", "bp", "profile", "sign_in"]
