"""Somebody with a browser and no script: reads pages, fills forms, follows redirects. Standard library only."""

from __future__ import annotations

import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any

ANSWER_WITHIN_S = 30


@dataclass(frozen=True)
class Page:
    """What came back."""

    status: int
    url: str
    text: str

    @property
    def token(self) -> str:
        """The page's own mark against forged posts."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.text)
        assert found, f"no form on {self.url}: {self.text[:300]}"
        return found[1]

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Person:
    """One browser at one address; `bearer` makes it a program of the JSON API."""

    base: str
    bearer: str = ""
    cookies: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)
    headers: dict[str, str] = field(default_factory=dict)

    def _open(self, path: str, data: bytes | None = None, **headers: str) -> Page:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        headers = self.headers | headers
        if self.bearer:
            headers["Authorization"] = f"Bearer {self.bearer}"
        request = urllib.request.Request(urllib.parse.urljoin(self.base, path), data, headers)
        try:
            with opener.open(request, timeout=ANSWER_WITHIN_S) as answer:
                return Page(answer.status, answer.url, answer.read().decode())
        except urllib.error.HTTPError as answer:
            with answer:
                return Page(answer.code, answer.url, answer.read().decode())

    def get(self, path: str) -> Page:
        return self._open(path)

    def fill(self, path: str, *, page: str | None = None, **values: str) -> Page:
        """Open the page with the form (the target itself unless told) and send it filled in."""
        token = self.get(page or path).token
        return self._open(path, urllib.parse.urlencode(values | {"csrf_token": token}).encode())

    def post_json(self, path: str, document: Any) -> Page:
        return self._open(path, json.dumps(document).encode(), **{"Content-Type": "application/json"})

    def sign_in(self, email: str, password: str) -> Page:
        return self.fill("/sign-in", email=email, password=password)
