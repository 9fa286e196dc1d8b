"""What a manager decides about suppliers in general."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.models import SupplierSettings
from srm_portal.suppliers.services.loading import only_staff


def settings_row(actor: Actor) -> SupplierSettings:
    query = select(SupplierSettings).where(SupplierSettings.organisation_id == actor.organisation_id)
    row = db.session.scalar(query)
    if row is None:
        row = SupplierSettings(organisation_id=actor.organisation_id)
        db.session.add(row)
        db.session.flush()
    return row


@command
def open_registration(actor: Actor, *, is_open: bool, welcome: str, now: datetime) -> None:
    """Whether strangers may register, and what they read first."""
    only_staff(actor)
    row = settings_row(actor)
    row.registration_open, row.welcome = is_open, welcome.strip()
    row.touch()
    record(actor, "settings.registration", "organisation", actor.organisation_id, now=now, open=is_open)
