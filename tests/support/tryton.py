"""A Tryton server of its own: a test tool, installed from PyPI into an environment apart, never shipped."""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PACKAGES = ("trytond==8.2.*", "trytond_party==8.2.*", "trytond_sale_opportunity==8.2.*")
PASSWORD = "a crm for tests"
CODES = ("FR", "DE", "PL")


@dataclass
class Tryton:
    """A running server with a company, its currency and an employee. `call` speaks with it as its own client does."""

    port: int
    session: str = ""
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def call(self, method: str, *parameters: Any) -> Any:
        body = json.dumps({"id": 1, "method": method, "params": parameters}).encode()
        headers = {"Content-Type": "application/json"} | ({"Authorization": self.session} if self.session else {})
        request = urllib.request.Request(f"{self.url}/crm/rpc/", body, headers)
        with urllib.request.urlopen(request, timeout=120) as answer:
            document = json.loads(answer.read())
        assert not document.get("error"), document["error"]
        return document["result"]

    def model(self, name: str, method: str, *parameters: Any) -> Any:
        return self.call(f"model.{name}.{method}", *parameters, self.context)

    def all(self, name: str, *fields: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.model(name, "search_read", [], 0, None, [["id", "ASC"]], list(fields))
        return found

    def sign_in(self) -> None:
        user, token = self.call("common.db.login", "admin", {"password": PASSWORD}, "en")[:2]
        self.session = "Session " + base64.b64encode(f"admin:{user}:{token}".encode()).decode()

    def found_company(self, code: str) -> None:
        digits = {"__class__": "Decimal", "decimal": "0.01"}
        money = {"name": code, "code": code, "symbol": code[0], "digits": 2, "rounding": digits}
        currency = self.model("currency.currency", "create", [money])[0]
        own, person = self.model("party.party", "create", [{"name": "Nordwerk"}, {"name": "Anna Seller"}])
        company = self.model("company.company", "create", [{"party": own, "currency": currency}])[0]
        employee = self.model("company.employee", "create", [{"party": person, "company": company}])[0]
        values = {"companies": [["add", [company]]], "company": company}
        values |= {"employees": [["add", [employee]]], "employee": employee}
        self.model("res.user", "write", [1], values)
        self.model("country.country", "create", [{"name": code, "code": code} for code in CODES])
        self.context = {"company": company, "employee": employee}


def install(folder: Path) -> Path:
    """The environment's programs; with uv it takes seconds."""
    uv = shutil.which("uv")
    if uv:
        subprocess.run([uv, "venv", "-q", str(folder), "--python", sys.executable], check=True)
        subprocess.run([uv, "pip", "install", "-q", "--python", str(folder / "bin/python"), *PACKAGES], check=True)
    else:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(folder / "bin/pip"), "install", "-q", *PACKAGES], check=True)
    return folder / "bin"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def a_tryton(folder: Path, currency: str = "EUR") -> Iterator[Tryton]:
    programs, port = install(folder / "environment"), free_port()
    data = folder / "data"
    data.mkdir()
    (data / "crm.sqlite").touch()
    settings, word = folder / "trytond.conf", folder / "word"
    settings.write_text(f"[database]\nuri = sqlite://\npath = {data}\n[web]\nlisten = 127.0.0.1:{port}\n")
    word.write_text(PASSWORD)
    environment = os.environ | {"TRYTONPASSFILE": str(word)}
    make = [str(programs / "trytond-admin"), "-c", str(settings), "-d", "crm", "--email", "a@example.com"]
    make += ["-u", "sale_opportunity", "--activate-dependencies"]
    subprocess.run([*make, "--all"], check=True, env=environment, capture_output=True)
    server = subprocess.Popen(
        [str(programs / "trytond"), "-c", str(settings), "-d", "crm"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    tryton = Tryton(port)
    try:
        _wait(tryton, server)
        tryton.found_company(currency)
        yield tryton
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(tryton: Tryton, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < until:
        try:
            tryton.sign_in()
            return
        except (urllib.error.URLError, ConnectionError):
            server_is_up = socket.socket()
            server_is_up.settimeout(0.2)
            server_is_up.connect_ex(("127.0.0.1", tryton.port))
            server_is_up.close()
    raise AssertionError("Tryton did not start")
