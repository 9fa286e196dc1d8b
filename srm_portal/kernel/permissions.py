"""The one page that says which role may do what. Routes and services name a permission from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal[
    "requester",
    "buyer",
    "evaluator",
    "purchasing_manager",
    "supplier_user",
    "auditor",
    "administrator",
]

STAFF_ROLES: tuple[Role, ...] = (
    "requester",
    "buyer",
    "evaluator",
    "purchasing_manager",
    "auditor",
    "administrator",
)
ALL_ROLES: tuple[Role, ...] = (*STAFF_ROLES, "supplier_user")

_STAFF = frozenset(STAFF_ROLES)
_BUYING = frozenset({"buyer", "purchasing_manager"})
_READING = frozenset({"requester", "buyer", "evaluator", "purchasing_manager", "auditor"})

PERMISSIONS: dict[str, frozenset[str]] = {
    # everybody who is signed in
    "self:edit": frozenset(ALL_ROLES),
    "notice:read": frozenset(ALL_ROLES),
    # staff
    "home:read": _STAFF,
    "search:use": _STAFF,
    "document:read": frozenset(ALL_ROLES),
    "project:read": _READING,
    "need:edit": frozenset({"requester", "buyer"}),
    "need:approve": frozenset({"purchasing_manager"}),
    "project:edit": frozenset({"buyer"}),
    "project:reopen": _BUYING,
    "project:export": frozenset({"buyer", "purchasing_manager", "auditor"}),
    "supplier:read": frozenset({"buyer", "evaluator", "purchasing_manager", "auditor"}),
    "supplier:edit": frozenset({"buyer"}),
    "supplier:qualify": _BUYING,
    "supplier:govern": frozenset({"purchasing_manager"}),
    "supplier:propose": frozenset({"requester", "buyer", "evaluator"}),
    "survey:answer": frozenset({"requester", "buyer", "evaluator", "purchasing_manager"}),
    "supplier:suggest": frozenset({"requester", "evaluator"}),
    "candidate:edit": frozenset({"buyer"}),
    "bidding_list:edit": frozenset({"buyer"}),
    "waiver:approve": frozenset({"purchasing_manager"}),
    "criteria:edit": frozenset({"buyer"}),
    "event:publish": frozenset({"buyer"}),
    "offer:open": _BUYING,
    "opener:act": _READING,
    "offer:compare": frozenset({"buyer", "purchasing_manager", "auditor"}),
    "score:edit": frozenset({"evaluator", "buyer"}),
    "ranking:read": frozenset({"buyer", "evaluator", "purchasing_manager", "auditor"}),
    "auction:read": frozenset({"buyer", "purchasing_manager", "auditor"}),
    "auction:run": frozenset({"buyer"}),
    "negotiation:edit": frozenset({"buyer"}),
    "award:propose": frozenset({"buyer"}),
    "award:decide": frozenset({"purchasing_manager"}),
    "contract:read": frozenset({"buyer", "purchasing_manager", "auditor"}),
    "contract:edit": frozenset({"buyer"}),
    "contract:approve": frozenset({"purchasing_manager"}),
    "customer:read": frozenset({"requester", "buyer", "purchasing_manager", "auditor"}),
    "customer:edit": frozenset({"requester", "buyer"}),
    "audit:read": frozenset({"auditor", "administrator"}),
    "user:manage": frozenset({"administrator"}),
    "settings:manage": frozenset({"administrator"}),
    "import:run": frozenset({"buyer", "administrator"}),
    "job:manage": frozenset({"administrator"}),
    # the supplier's side
    "invitation:answer": frozenset({"supplier_user"}),
    "offer:submit": frozenset({"supplier_user"}),
    "bid:place": frozenset({"supplier_user"}),
    "own_supplier:read": frozenset({"supplier_user"}),
    "own_supplier:edit": frozenset({"supplier_user"}),
}

SCOPES: dict[str, frozenset[str]] = {
    "read": frozenset(name for name in PERMISSIONS if name.endswith(":read")) | {"offer:compare"},
    "customers": frozenset({"customer:read", "customer:edit"}),
    "suppliers": frozenset({"supplier:read", "supplier:edit", "supplier:qualify"}),
    "needs": frozenset({"project:read", "need:edit", "need:approve"}),
    "tenders": frozenset(
        {"project:read", "project:edit", "project:reopen", "candidate:edit", "bidding_list:edit", "criteria:edit"}
        | {"event:publish", "offer:open", "offer:compare", "score:edit", "ranking:read"}
    ),
    "offers": frozenset({"invitation:answer", "offer:submit", "bid:place", "own_supplier:read"}),
}
"""What a token may be narrowed to: it opens what its owner's roles and one of its scopes both open."""


@dataclass(frozen=True)
class Actor:
    """Who acts: fixed once per request or socket, then passed down as a value.

    `organisation_id` is the buying organisation whose records the actor belongs to (for a supplier
    user: the one that invited them). `supplier_id` is set for supplier users only. `may_bid` says
    whether this supplier user may bind their company. `limit` is a manager's authority in the
    organisation's currency, as a decimal text; None means no authority. `scopes` narrows what a program
    with a token may do; None for people.
    """

    user_id: str
    name: str
    organisation_id: str
    roles: frozenset[str]
    supplier_id: str | None = None
    may_bid: bool = False
    limit: str | None = None
    language: str = "en"
    zone: str = "UTC"
    session_id: str | None = None
    scopes: frozenset[str] | None = None

    def may(self, permission: str) -> bool:
        """Unknown permissions are a mistake of ours, not a refusal."""
        allowed = not self.roles.isdisjoint(PERMISSIONS[permission])
        return allowed and (self.scopes is None or any(permission in SCOPES[name] for name in self.scopes))

    @property
    def is_staff(self) -> bool:
        return self.supplier_id is None and not self.roles.isdisjoint(_STAFF)


def system_actor(organisation_id: str, name: str = "system") -> Actor:
    """The portal itself, for jobs and imports; it has no roles and passes no permission check."""
    return Actor(user_id="system", name=name, organisation_id=organisation_id, roles=frozenset())
