"""Sending to addresses that people typed: judged, pinned, over TLS, without redirects, with a limit on time and size."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Collection, Mapping

from srm_portal.integrations.domain import addresses
from srm_portal.integrations.domain.addresses import BadAddress, Place
from srm_portal.integrations.ports import Unreachable

TIMEOUT_S = 5.0
ANSWER_MAX = 16 * 1024


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was judged; the name is only for TLS and the Host header."""

    def __init__(self, place: Place, address: str, timeout_s: float) -> None:
        super().__init__(place.host, place.port, timeout=timeout_s)
        self._place, self._address, self.given_up = place, address, False

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self._place.port), self.timeout)
        if self._place.secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self._place.host)

    def give_up(self) -> None:
        """The time is over: a server that drips its answer is not waited for."""
        self.given_up = True
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def resolve(place: Place) -> list[str]:
    """Every address that the name stands for now."""
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("name_unknown") from None
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Outbound:
    """`trusted` is the installation's list of hosts (or host:port) that may be inside its own network."""

    def __init__(self, trusted: Collection[str] = (), timeout_s: float = TIMEOUT_S) -> None:
        self._trusted, self._timeout_s = frozenset(trusted), timeout_s

    def check(self, url: str) -> None:
        """What can be told from the address alone, an IP address in it included."""
        try:
            place = addresses.read(url, self._trusted)
            try:
                socket.inet_pton(socket.AF_INET6 if ":" in place.host else socket.AF_INET, place.host)
            except OSError:
                return
            addresses.judge(place, [place.host])
        except BadAddress as wrong:
            raise Unreachable(wrong.code) from None

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        return self.send(url, headers, body, ANSWER_MAX)[0]

    def send(self, url: str, headers: Mapping[str, str], body: bytes, answer_max: int) -> tuple[int, bytes]:
        """(status, answer). An answer longer than `answer_max`, or slower than the limit, is Unreachable."""
        try:
            place = addresses.read(url, self._trusted)
            address = addresses.judge(place, resolve(place))
        except BadAddress as wrong:
            raise Unreachable(wrong.code) from None
        connection = _Pinned(place, address, self._timeout_s)
        end = threading.Timer(self._timeout_s, connection.give_up)
        end.start()
        try:
            connection.request("POST", place.path, body, {"User-Agent": "srm-portal", **headers})
            answer = connection.getresponse()
            found = answer.read(answer_max + 1)
        except (OSError, http.client.HTTPException) as wrong:
            raise Unreachable(_code(connection, wrong)) from None
        finally:
            end.cancel()
            connection.close()
        if connection.given_up:
            raise Unreachable("too_slow")
        if len(found) > answer_max:
            raise Unreachable("answer_too_long")
        return answer.status, found


def _code(connection: _Pinned, wrong: Exception) -> str:
    if connection.given_up or isinstance(wrong, TimeoutError):
        return "too_slow"
    return "tls_failed" if isinstance(wrong, ssl.SSLError) else "no_connection"
