"""Files of a supplier's record: authorised here, kept by `documents`."""

from __future__ import annotations

from datetime import datetime

from srm_portal.documents import queries as documents
from srm_portal.documents import services as store
from srm_portal.infra.transaction import command
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.services.loading import only_staff, supplier_row_for

OBJECT = "supplier"


@command
def attach_file(actor: Actor, supplier_id: str, upload: store.Upload | None, *, now: datetime, note: str = "") -> str:
    only_staff(actor)
    supplier = supplier_row_for(actor, supplier_id)
    return store.store(actor, OBJECT, supplier.id, upload, now=now, note=note)


@command
def remove_file(actor: Actor, supplier_id: str, file_id: str, *, now: datetime) -> None:
    only_staff(actor)
    supplier = supplier_row_for(actor, supplier_id)
    store.remove(actor, documents.file_of(OBJECT, supplier.id, file_id).id, now=now)
