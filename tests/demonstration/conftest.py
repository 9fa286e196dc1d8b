"""The demonstration company, loaded once for all tests of this folder that only look at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from srm_portal.adapters.smtp import MemoryTransport
from srm_portal.demonstration.load import load
from srm_portal.infra import gateways
from srm_portal.infra.db import db
from srm_portal.infra.limits import limiter
from srm_portal.infra.outbox import MailTransport
from srm_portal.kernel.clock import FixedClock
from tests.conftest import START, _empty
from tests.support.company import Company


@pytest.fixture(scope="module")
def company(portal: Flask, clock: FixedClock) -> Iterator[Company]:
    """The company as `make demo` shows it, before anybody has done anything in it."""
    clock.set(START)
    gateways.bind(portal, MailTransport, MemoryTransport())  # type: ignore[type-abstract]
    limiter.enabled = False
    with portal.app_context():
        _empty()
        team = load(clock.now(), lambda _text: None)
        db.session.remove()
    yield Company(portal, clock, team)
