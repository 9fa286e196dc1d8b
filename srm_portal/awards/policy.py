"""Who may decide an award: a manager within their limit, never its author."""

from __future__ import annotations

from decimal import Decimal

from srm_portal.kernel.errors import Forbidden
from srm_portal.kernel.money import Money
from srm_portal.kernel.permissions import Actor


def check_decision(actor: Actor, value: Money, prepared_by: set[str]) -> None:
    """Raises Forbidden: `no_authority`, `own_work` or `above_limit`."""
    if not actor.may("award:decide") or actor.limit is None:
        raise Forbidden("no_authority")
    if actor.user_id in prepared_by:
        raise Forbidden("own_work")
    if value.amount > Decimal(actor.limit):
        raise Forbidden("above_limit", limit=Money(Decimal(actor.limit), value.currency))
