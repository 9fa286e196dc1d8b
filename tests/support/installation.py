"""An installation of the portal in a folder of its own, run as people run it: real processes, a free port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from flask import Flask

from config import Config
from srm_portal.app import create_app
from srm_portal.infra.db import db
from srm_portal.kernel.clock import Clock

ROOT = Path(__file__).resolve().parents[2]
START_WITHIN_S = float(os.environ.get("SRM_START_WITHIN_S", "90"))
COMMAND = (sys.executable, "-c", "from srm_portal.cli import main; main()")


@cache
def _compiled() -> str:
    """Where the processes of one test run keep their compiled modules, so that only the first one compiles."""
    return tempfile.mkdtemp(prefix="srm-compiled-")


def _environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SRM_")}
    for name in ("DATABASE_URL", "REDIS_URL", "PYTHONDONTWRITEBYTECODE"):
        kept.pop(name, None)
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": _compiled(), "PYTHONUNBUFFERED": "1"} | more


@dataclass
class Served:
    """A process that says it is ready."""

    url: str
    process: subprocess.Popen[str]
    errors: Path

    def stop(self, number: int = signal.SIGTERM, within_s: float = 10) -> int:
        """Send the signal; the exit status, or a TimeoutExpired when it takes longer than it may."""
        self.process.send_signal(number)
        return self.process.wait(within_s)


@dataclass
class Installation:
    """`folder` holds everything; `settings` are environment variables of all its processes."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        self.folder.mkdir(parents=True, exist_ok=True)
        return _environment(SRM_VAR=str(self.folder), SRM_RATE_LIMITS="0", **self.settings)

    def command(self, *words: str, typed: str | bytes = b"", **settings: str) -> subprocess.CompletedProcess[bytes]:
        """Run one command to its end."""
        return subprocess.run(
            [*COMMAND, *words],
            input=typed.encode() if isinstance(typed, str) else typed,
            env=self.environment | settings,
            cwd=self.folder,
            capture_output=True,
            timeout=START_WITHIN_S,
            check=False,
        )

    def begin(self, *words: str, ready: str = "ready") -> Served:
        """Start a process that stays, and wait for the line by which it says that it works."""
        errors = self.folder.with_name(f"{self.folder.name}-{len(list(self.folder.parent.iterdir()))}.err")
        with errors.open("w") as out:
            process = subprocess.Popen(
                [*COMMAND, *words],
                env=self.environment,
                cwd=self.folder,
                stdout=subprocess.PIPE,
                stderr=out if ready == "ready" else subprocess.STDOUT,
                text=True,
            )
        watchdog = threading.Timer(START_WITHIN_S, process.kill)
        watchdog.start()
        said: list[str] = []
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.strip())
            if said[-1] == ready:
                break
        else:
            process.kill()
            raise AssertionError(f"never said {ready!r}: {said} {errors.read_text()[-2000:]}")
        watchdog.cancel()
        url = next((word for line in said for word in line.split() if word.startswith("http://")), "")
        return Served(url, process, errors)

    @contextmanager
    def serving(self, *words: str, ready: str = "ready") -> Iterator[Served]:
        """`srm-portal run` on a free port (or another command that stays) while the block lasts."""
        served = self.begin(*(words or ("run", "--port", "0")), ready=ready)
        try:
            yield served
        finally:
            if served.process.poll() is None:
                served.process.kill()
            served.process.wait()
            assert served.process.stdout is not None
            served.process.stdout.close()

    @contextmanager
    def inside(self, clock: Clock) -> Iterator[Flask]:
        """The same installation from this process, for its services."""
        app = create_app(self._config(), clock)
        with app.test_request_context(base_url=app.config["PUBLIC_URL"]):
            try:
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()

    def _config(self) -> Config:
        given = {"SRM_VAR": str(self.folder), "SRM_RATE_LIMITS": "0"} | self.settings
        before = {name: os.environ.get(name) for name in given}
        os.environ.update(given)
        try:
            return Config()
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
