"""The demonstration company in a test: its people's browsers, and a walk over every page they can reach."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from srm_portal.demonstration.people import Team
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.kernel.clock import FixedClock
from srm_portal.kernel.permissions import Actor
from srm_portal.web.sessions import COOKIE, _store, session_id
from tests.support.statements import Statements, count_statements

_LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')


@dataclass(frozen=True)
class Visit:
    """One page as one person got it, with what it asked the database."""

    person: str
    path: str
    endpoint: str
    answer: TestResponse
    statements: Statements


@dataclass
class Company:
    app: Flask
    clock: FixedClock
    team: Team

    def browser(self, actor: Actor) -> FlaskClient:
        """A browser in which this person is signed in."""
        client = self.app.test_client()
        token = f"company-{actor.user_id}"
        now = self.clock.now()
        with self.app.app_context():
            kept = {"_user_id": actor.user_id, "_fresh": True}
            _store(session_id(token), None, kept, now, now + self.app.config["SESSION_LIFETIME"], "127.0.0.1", "test")
            db.session.remove()
        client.set_cookie(COOKIE, token)
        return client

    def supplier_user(self, number: int) -> Actor:
        with self.app.app_context():
            actor = identity.actor_by_email(f"sales{number}@demo.example")
            assert actor is not None
            return actor

    def _endpoint(self, path: str) -> str:
        try:
            return str(self.app.url_map.bind("localhost").match(urlsplit(path).path, "GET")[0])
        except (HTTPException, RequestRedirect):
            return ""

    def visit(self, name: str, client: FlaskClient, path: str) -> Visit:
        with self.app.app_context(), count_statements() as statements:
            answer = client.get(path)
        return Visit(name, path, self._endpoint(path), answer, statements)

    def walk(self, name: str, actor: Actor, each: int) -> Iterator[Visit]:
        """Follow the links from the start page on, to at most `each` pages of a kind."""
        client, seen, met = self.browser(actor), {"/"}, Counter[str]()
        client.get("/profile")  # the session gets its form token, once
        waiting = ["/"]
        while waiting:
            path = waiting.pop(0)
            endpoint = self._endpoint(path)
            if not endpoint or endpoint == "static" or met[endpoint] >= each:
                continue
            met[endpoint] += 1
            visit = self.visit(name, client, path)
            answer = visit.answer
            yield visit
            found = [answer.headers["Location"]] if answer.status_code in (301, 302, 303) else []
            if answer.mimetype == "text/html":
                found += [link.replace("&amp;", "&") for link in _LINK.findall(answer.get_data(as_text=True))]
            for link in found:
                if link not in seen:
                    seen.add(link)
                    waiting.append(link)
