"""Where the portal may send to: public addresses over https, and what the installation's own list allows.

`ipaddress.is_global` alone lets pass private hosts dressed as NAT64, 6to4 or Teredo addresses, and multicast.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

URL_MAX = 500
_NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
_NEVER = tuple(
    ip_network(text)
    for text in ("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4")
)


class BadAddress(Exception):
    """`code`: url_wrong, https_needed, address_internal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Place:
    """An address taken apart. `trusted`: the installation's list names this host and port."""

    secure: bool
    host: str
    port: int
    path: str
    trusted: bool


def is_public(text: str) -> bool:
    """Whether an IP address is one of the open internet."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        inner = _inside(address)
        if inner is not None:
            return is_public(str(inner))
    if isinstance(address, IPv4Address) and any(address in network for network in _NEVER):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inside(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _NAT64) or int(address) >> 32 == 0:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def read(url: str, trusted: Collection[str] = ()) -> Place:
    """The place of a URL. `trusted` names hosts, or host:port, that may be inside the network and without TLS."""
    if len(url) > URL_MAX or not url.isascii() or not url.isprintable() or " " in url:
        raise BadAddress("url_wrong")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadAddress("url_wrong") from None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.password or parts.fragment:
        raise BadAddress("url_wrong")
    secure = parts.scheme == "https"
    port = port or (443 if secure else 80)
    known = host in trusted or f"{host}:{port}" in trusted
    if not secure and not known:
        raise BadAddress("https_needed")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(secure, host, port, path, known)


def judge(place: Place, addresses: Collection[str]) -> str:
    """The address to connect to. Every address the name stands for must be public, so that none can be swapped in."""
    if not addresses:
        raise BadAddress("url_wrong")
    if not place.trusted and not all(is_public(one) for one in addresses):
        raise BadAddress("address_internal")
    return next(iter(addresses))
