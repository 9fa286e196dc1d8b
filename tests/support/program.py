"""A system that acts for a person with a token, through the JSON API."""

from __future__ import annotations

from typing import Any

from srm_portal.identity.services import tokens
from srm_portal.infra.db import db
from srm_portal.kernel.permissions import Actor
from tests.support.world import World


class Program:
    """`program("POST", "/projects", {...})` gives (status, document)."""

    def __init__(self, world: World, actor: Actor | None, token: str = "") -> None:
        self._client = world.app.test_client()
        text = tokens.create_token(actor, "system", days=30, now=world.now) if actor else token
        self.headers = {"Authorization": f"Bearer {text}"} if text else {}

    def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        answer = self._client.open("/api/v1" + path, method=method, json=body, **{"headers": self.headers} | more)
        db.session.rollback()
        return answer.status_code, answer.json
