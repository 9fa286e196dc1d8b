"""A serving process, a mail server and the people in front of them."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Mailbox:
    """Every letter that an SMTP server took: (recipient, subject, body)."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str, str]] = []
        self.raw: list[bytes] = []
        self.read = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.raw.append(envelope.content)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        body = letter.get_body(("plain",))
        self.letters += [(to, str(letter["subject"]), body.get_content() if body else "") for to in envelope.rcpt_tos]
        return "250 taken"

    def wait_for(self, recipient: str, pattern: str, after: int = 0, seconds: float = 60) -> str:
        """The first group of `pattern` in the newest letter to a person; `after` letters are old."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for to, _subject, body in reversed(self.letters[after:]):
                found = re.search(pattern, body)
                if to == recipient and found:
                    return found[1]
            time.sleep(0.05)
        raise AssertionError(f"no letter to {recipient} with {pattern}; there are {[one[:2] for one in self.letters]}")


@contextmanager
def post_office() -> Iterator[tuple[Mailbox, str]]:
    mailbox, port = Mailbox(), free_port()
    office = Controller(mailbox, hostname="127.0.0.1", port=port)
    office.start()
    yield mailbox, f"smtp://127.0.0.1:{port}"
    office.stop()


class Portal:
    """Where a process serves, its clock, and the command line on the same data."""

    def __init__(self, folder: Path, url: str, environment: dict[str, str]) -> None:
        self.folder, self.url, self._environment = folder, url, environment
        self._steps = folder / "clock-step"
        self.ahead = float(self._steps.read_text()) if self._steps.exists() else 0.0

    def advance(self, seconds: float) -> None:
        self.ahead += seconds
        beside = self._steps.with_suffix(".new")
        beside.write_text(str(self.ahead))
        beside.replace(self._steps)

    def now(self) -> float:
        return time.time() + self.ahead

    def command(self, *words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        """`srm-portal WORDS` in a process of its own, on this portal's data or on a copy of them."""
        call = [sys.executable, "-c", "from srm_portal.cli import main; main()", *words]
        return self._run(call, folder)

    def module(self, name: str, *words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        """`python -m NAME WORDS` with the portal's settings."""
        return self._run([sys.executable, "-m", name, *words], folder)

    def _run(self, call: list[str], folder: Path | None) -> subprocess.CompletedProcess[str]:
        settings = self._environment | ({"SRM_VAR": str(folder)} if folder else {})
        return subprocess.run(call, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=300)


@contextmanager
def serving(folder: Path, kind: str = "run", port: int = 0, **settings: str) -> Iterator[Portal]:
    """A portal in a process of its own, on a free port if none is named; ready when this yields."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    names = {"SRM_VAR": str(folder), "SRM_PUBLIC_URL": url, "SRM_RATE_LIMITS": "0", "SRM_LOG_FORMAT": "text"}
    environment = os.environ | names | {"PYTHONPATH": str(ROOT)} | settings
    environment.pop("DATABASE_URL", None)
    log = (folder / "server.log").open("a+")
    call = [sys.executable, "-m", "tests.journeys.server", kind, str(port), str(folder / "clock-step")]
    process = subprocess.Popen(call, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if line.strip() == "ready":
                break
        else:
            raise AssertionError((folder / "server.log").read_text()[-4000:])
        yield Portal(folder, url, environment)
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()
        log.close()
