"""The people of a test: one organisation, one person a role, and helpers that read like sentences."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from flask import Flask
from flask.testing import FlaskClient

from srm_portal.identity import queries
from srm_portal.identity.services import accounts
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.kernel.clock import FixedClock
from srm_portal.kernel.permissions import Actor, system_actor
from srm_portal.web.sessions import COOKIE, _store, session_id

PASSWORD = "a long walk by the river 7"
_numbers = itertools.count(1)


@dataclass
class World:
    """`world.buyer` is an actor; so are requester, evaluator, manager, auditor, administrator."""

    app: Flask
    clock: FixedClock
    organisation_id: str = ""
    actors: dict[str, Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.organisation_id = accounts.create_organisation(
            "Nordwerk", now=self.now, currency="EUR", zone="Europe/Paris", second_factor_needed=False
        )

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def later(self, **delta: float) -> datetime:
        return self.clock.advance(**delta)

    @property
    def system(self) -> Actor:
        return system_actor(self.organisation_id)

    def person(
        self,
        *roles: str,
        name: str = "",
        limit: Decimal | str | None = None,
        supplier_id: str | None = None,
        may_bid: bool = True,
        organisation_id: str | None = None,
        language: str = "en",
    ) -> Actor:
        number = next(_numbers)
        user_id = accounts.create_user(
            system_actor(organisation_id or self.organisation_id),
            email=f"person{number}@example.com",
            name=name or f"{roles[0].replace('_', ' ').title()} {number}",
            roles=list(roles),
            now=self.now,
            password=PASSWORD,
            limit=Decimal(limit) if limit is not None else None,
            supplier_id=supplier_id,
            may_bid=may_bid and supplier_id is not None,
            language=language,
            zone="Europe/Paris",
        )
        actor = queries.active_actor(user_id)
        assert actor is not None
        return actor

    def _one(self, role: str, limit: str | None = None) -> Actor:
        if role not in self.actors:
            self.actors[role] = self.person(role, limit=limit)
        return self.actors[role]

    @property
    def requester(self) -> Actor:
        return self._one("requester")

    @property
    def buyer(self) -> Actor:
        return self._one("buyer")

    @property
    def evaluator(self) -> Actor:
        return self._one("evaluator")

    @property
    def manager(self) -> Actor:
        return self._one("purchasing_manager", limit="1000000")

    @property
    def auditor(self) -> Actor:
        return self._one("auditor")

    @property
    def administrator(self) -> Actor:
        return self._one("administrator")

    def supplier_user(self, supplier_id: str, *, may_bid: bool = True, name: str = "") -> Actor:
        return self.person("supplier_user", supplier_id=supplier_id, may_bid=may_bid, name=name)

    def other_organisation(self) -> str:
        return accounts.create_organisation("Südwerk", now=self.now, second_factor_needed=False)

    def run_jobs(self) -> int:
        return jobs.run_due(self.clock.now)

    def client_of(self, actor: Actor) -> FlaskClient:
        """A browser in which this person is signed in."""
        client = self.app.test_client()
        token = f"test-token-{actor.user_id}-{next(_numbers)}"
        with self.app.app_context():
            _store(
                session_id(token),
                None,
                {"_user_id": actor.user_id, "_fresh": True},
                self.now,
                self.now + self.app.config["SESSION_LIFETIME"],
                "127.0.0.1",
                "test",
            )
            db.session.remove()
        client.set_cookie(COOKIE, token)
        return client
