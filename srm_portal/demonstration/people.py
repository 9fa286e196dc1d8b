"""The company and its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from srm_portal.demonstration.invented import COMPANY, PASSWORD
from srm_portal.identity import queries
from srm_portal.identity.services import accounts, secrets
from srm_portal.kernel.permissions import Actor, system_actor

STAFF = (
    ("requester", "Rosa Lind", ("requester",), None),
    ("buyer", "Bruno Keller", ("buyer",), None),
    ("buyer2", "Beata Nowak", ("buyer",), None),
    ("evaluator", "Eva Santos", ("evaluator",), None),
    ("evaluator2", "Emil Marin", ("evaluator",), None),
    ("manager", "Maren Vogt", ("purchasing_manager",), "2000000"),
    ("manager2", "Milan Petit", ("purchasing_manager",), "2000000"),
    ("auditor", "Alma Byrne", ("auditor",), None),
    ("admin", "Ada Weiss", ("administrator",), None),
)


@dataclass(frozen=True, slots=True)
class Team:
    """The company's people as actors, by the name before the @ of their address."""

    organisation_id: str
    by_name: dict[str, Actor]

    def __getitem__(self, name: str) -> Actor:
        return self.by_name[name]


def email_of(name: str) -> str:
    return f"{name}@demo.example"


def gather() -> Team:
    """The people of a demonstration that was loaded before."""
    found = {name: queries.actor_by_email(email_of(name)) for name, _person, _roles, _limit in STAFF}
    team = {name: actor for name, actor in found.items() if actor is not None}
    return Team(team["buyer"].organisation_id, team)


def give_password(user_id: str, now: datetime) -> Actor:
    """Let a supplier's user in with the printed password too: through the link of their invitation."""
    token = secrets.new_token(user_id, "invitation", now=now, lives=timedelta(days=1))
    accounts.set_password(token, PASSWORD, now=now)
    return queries.actor_of_person(user_id)


def hire(now: datetime) -> Team:
    """Make the company; passwords are printed at the start, the second factor is optional here."""
    organisation_id = accounts.create_organisation(
        COMPANY,
        now=now,
        country="DE",
        currency="EUR",
        zone="Europe/Berlin",
        second_factor_needed=False,
        demonstration=True,
    )
    founder = system_actor(organisation_id, "set-up")
    team: dict[str, Actor] = {}
    for name, person, roles, limit in STAFF:
        user_id = accounts.create_user(
            founder,
            email=email_of(name),
            name=person,
            roles=list(roles),
            password=PASSWORD,
            limit=Decimal(limit) if limit else None,
            zone="Europe/Berlin",
            now=now,
        )
        actor = queries.active_actor(user_id)
        assert actor is not None
        team[name] = actor
    return Team(organisation_id, team)
