"""Who may go where: the table of every route is kept by hand in `policy.txt`, and the closed doors are tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from srm_portal.kernel.permissions import ALL_ROLES, PERMISSIONS, Actor
from srm_portal.web.guard import policy_table
from tests.support.factories.suppliers import a_supplier
from tests.support.world import World

KEPT = Path(__file__).with_name("policy.txt")


def _roles(guard: str) -> set[str]:
    return set().union(*(PERMISSIONS[name] for name in guard.split("|")))


def _shown(guard: str) -> str:
    return "everybody" if guard == "public" else " ".join(role for role in ALL_ROLES if role in _roles(guard))


def _somebody(world: World, role: str) -> Actor:
    return world.supplier_user(a_supplier(world, "Acme")) if role == "supplier_user" else world.person(role)


def test_every_route_lets_in_whom_the_kept_table_names(world: World) -> None:
    found = [f"{endpoint} {methods}: {_shown(guard)}" for endpoint, methods, guard in policy_table(world.app)]
    assert found == KEPT.read_text().splitlines()


@pytest.mark.parametrize("role", ALL_ROLES)
def test_a_closed_door_looks_like_no_door(world: World, role: str) -> None:
    guards = {endpoint: guard for endpoint, _methods, guard in policy_table(world.app)}
    client = world.client_of(_somebody(world, role))
    opened = []
    for rule in world.app.url_map.iter_rules():
        guard = guards[rule.endpoint]
        if guard == "public" or role in _roles(guard):
            continue
        address = world.app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(rule.arguments, "1"))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            status = client.open(address, method=method).status_code
            if status != (401 if address.startswith("/api/") else 404):  # programs come with a token, never a cookie
                opened.append((method, address, status))
    assert opened == []
