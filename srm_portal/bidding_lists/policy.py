"""Who may do what in steps 2 and 3, beyond the permission of the route."""

from __future__ import annotations

from collections.abc import Set

from srm_portal.kernel.errors import Forbidden, NotFound
from srm_portal.kernel.permissions import Actor


def check_decides(actor: Actor, askers: Set[str]) -> None:
    """A waiver is decided by a purchasing manager who did not ask for it."""
    if not actor.may("waiver:approve"):
        raise Forbidden("no_authority")
    if actor.user_id in askers:
        raise Forbidden("own_work")


def check_supplier(actor: Actor) -> str:
    """The company for which this person acts; staff find nothing here."""
    if actor.supplier_id is None or not actor.may("invitation:answer"):
        raise NotFound
    return actor.supplier_id


def check_binds(actor: Actor) -> str:
    """Accepting and declining bind the company: only who may bid for it does so."""
    supplier_id = check_supplier(actor)
    if not actor.may_bid:
        raise Forbidden("may_not_bind")
    return supplier_id
