"""What the outside may hear of. A message carries ids and states, never a price, a name or an address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from srm_portal.kernel.canonical import moment_text

EVENTS = (
    "customer.changed",
    "opportunity.changed",
    "orders.recorded",
    "complaint.logged",
    "need.started",
    "award.decided",
    "contract.approved",
    "contract.signed",
)
INBOUND = ("customer.upsert", "opportunity.upsert", "orders.recorded", "crm.changed")


def body(event: str, facts: Mapping[str, Any], now: datetime) -> str:
    """The message as it is signed and sent."""
    data = {name: value for name, value in sorted(facts.items()) if value is not None}
    return json.dumps({"type": event, "timestamp": moment_text(now), "data": data}, separators=(",", ":"))
