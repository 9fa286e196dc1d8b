"""Files of a customer's record: authorised here, kept by `documents`."""

from __future__ import annotations

from datetime import datetime

from srm_portal.customers.services.loading import customer_row_for
from srm_portal.documents import queries as documents
from srm_portal.documents import services as store
from srm_portal.infra.transaction import command
from srm_portal.kernel.permissions import Actor

OBJECT = "customer"


@command
def attach_file(actor: Actor, customer_id: str, upload: store.Upload | None, *, now: datetime, note: str = "") -> str:
    customer = customer_row_for(actor, customer_id)
    return store.store(actor, OBJECT, customer.id, upload, now=now, note=note)


@command
def remove_file(actor: Actor, customer_id: str, file_id: str, *, now: datetime) -> None:
    customer = customer_row_for(actor, customer_id)
    store.remove(actor, documents.file_of(OBJECT, customer.id, file_id).id, now=now)
