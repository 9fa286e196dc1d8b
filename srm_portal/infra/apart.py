"""Long calculations in a process of their own: stopped at will, never in the way of live rooms.

`Apart.start("package.module", payload)` runs that module's `work(payload)`; each dictionary it yields is one line of
JSON in a file, which `messages()` reads as far as it is written.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

NICE = 5
PAYLOAD, SAID, ERRORS = "payload.json", "said.jsonl", "errors.txt"


class Apart:
    """One running calculation. `stop()` ends it and removes its files."""

    def __init__(self, process: subprocess.Popen[bytes], folder: tempfile.TemporaryDirectory[str]) -> None:
        self._process, self._folder = process, folder

    @classmethod
    def start(cls, module: str, payload: dict[str, Any]) -> Apart:
        folder = tempfile.TemporaryDirectory(prefix="srm-apart-")
        place = Path(folder.name)
        (place / PAYLOAD).write_text(json.dumps(payload), encoding="utf-8")
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1"}
        with (place / ERRORS).open("wb") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", __name__, module, folder.name],
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                env=environment,
            )
        return cls(process, folder)

    def running(self, wait_s: float = 0.0) -> bool:
        """Whether it still works, after waiting for its end at most so long."""
        try:
            self._process.wait(wait_s)
        except subprocess.TimeoutExpired:
            return True
        return False

    def messages(self) -> list[dict[str, Any]]:
        """Everything it has said so far."""
        said = Path(self._folder.name) / SAID
        if not said.exists():
            return []
        text = said.read_text(encoding="utf-8")
        return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]

    @property
    def failed(self) -> str:
        """The last line of its complaint, where it ended badly."""
        if self._process.poll() in (None, 0):
            return ""
        lines = (Path(self._folder.name) / ERRORS).read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else f"ended with status {self._process.returncode}"

    def stop_search(self) -> None:
        """End the process; what it said can still be read."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        self.stop_search()
        self._folder.cleanup()


def main(module: str, folder: str) -> None:
    """In the process itself."""
    os.nice(NICE)
    place = Path(folder)
    payload = json.loads((place / PAYLOAD).read_text(encoding="utf-8"))
    with (place / SAID).open("w", encoding="utf-8", buffering=1) as out:
        for message in importlib.import_module(module).work(payload):
            out.write(json.dumps(message) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
