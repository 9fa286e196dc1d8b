"""Level S2: an event's private key that exists only when k of n named people act.

For n <= 7 no polynomials are needed: for every group of k openers the key is written as the XOR of k
random pads, one for each member. Fewer than k hold nothing but randomness. Each opener's pads make one
share, sealed to that opener's public key; the share's hash is kept in the open, so that a false share is
named before it spoils the result.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import Any

from srm_portal.kernel.canonical import canonical, from_canonical
from srm_portal.kernel.errors import Refused
from srm_portal.offers.domain.sealing import EventKey, Open, Seal

OPENERS_MAX = 7
KEY_BYTES = 32
MANIFEST_FORMAT = "srm-portal/openers/1"
REHEARSAL_TAG = b"srm-portal/rehearsal/1"
SHARE_TAG = b"srm-portal/share/1"
Draw = Callable[[int], bytes]
"""count -> that many random bytes"""


@dataclass(frozen=True, slots=True)
class Opener:
    """A person who may open: opaque id, name as shown, X25519 public key. `escrow` is the one on paper."""

    person: str
    name: str
    public: bytes
    escrow: bool = False


@dataclass(frozen=True, slots=True)
class SealedShare:
    """What the portal keeps of an opener's share: the box only that person opens, and the share's hash."""

    opener: Opener
    box: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """How an event's key can come back: which key, how many, who. Holds no secret."""

    key: EventKey
    threshold: int
    shares: tuple[SealedShare, ...]

    def share_of(self, person: str) -> SealedShare:
        """Refuses `not_an_opener`."""
        for share in self.shares:
            if share.opener.person == person:
                return share
        raise Refused("not_an_opener", person=person)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A test value that an opener must open before the event may be published."""

    person: str
    box: bytes
    digest: str


def check_openers(openers: Iterable[Opener], threshold: int) -> tuple[Opener, ...]:
    """The openers, if they are k of n distinct people with distinct keys.

    Refusals: `openers_out_of_range` (2 <= k <= n <= 7), `same_opener_twice` (names the person).
    """
    listed = tuple(openers)
    if not 2 <= threshold <= len(listed) <= OPENERS_MAX:
        raise Refused("openers_out_of_range", threshold=threshold, count=len(listed), count_max=OPENERS_MAX)
    people: set[str] = set()
    keys: set[bytes] = set()
    for opener in listed:
        if len(opener.public) != KEY_BYTES:
            raise Refused("not_a_public_key", person=opener.person)
        if opener.person in people or opener.public in keys:
            raise Refused("same_opener_twice", person=opener.person)
        people.add(opener.person)
        keys.add(opener.public)
    return listed


def split(secret: bytes, people: list[str], threshold: int, draw: Draw) -> dict[str, dict[str, bytes]]:
    """Each person's pads by group. A group's name is its members' places, "0,2,4".

    Whatever fewer than `threshold` people hold is independent of `secret`.
    """
    pads: dict[str, dict[str, bytes]] = {person: {} for person in people}
    for group in combinations(range(len(people)), threshold):
        drawn = [draw(len(secret)) for _ in group[1:]]
        parts = [*drawn, reduce(_xor, drawn, secret)]
        for member, part in zip(group, parts, strict=True):
            pads[people[member]][_group_name(group)] = part
    return pads


def share_out(
    secret: bytes, key: EventKey, openers: Iterable[Opener], threshold: int, draw: Draw, seal: Seal
) -> Manifest:
    """Split an event's private key among its openers; afterwards the caller forgets `secret`.

    Refusals: those of `check_openers`.
    """
    listed = check_openers(openers, threshold)
    pads = split(secret, [opener.person for opener in listed], threshold, draw)
    shares = []
    for opener in listed:
        share = _share_bytes(key, opener.person, pads[opener.person])
        shares.append(SealedShare(opener, seal(opener.public, share), share_digest(share)))
    return Manifest(key, threshold, tuple(shares))


def accept_share(manifest: Manifest, person: str, share: bytes) -> bytes:
    """An opener's act: the share, if it is the one that was handed to this person.

    Refusals: `not_an_opener`, `false_share`; both name the person.
    """
    if not hmac.compare_digest(share_digest(share), manifest.share_of(person).digest):
        raise Refused("false_share", person=person)
    return share


def gather(manifest: Manifest, acts: Iterable[tuple[str, bytes]], public_of: Callable[[bytes], bytes]) -> bytes:
    """The event's private key from (person, share) acts of at least k distinct openers.

    `public_of`: private key -> public key. Refusals: those of `accept_share`, `same_opener_twice`,
    `too_few_openers`, `event_key_differs` (true shares that do not make this event's key).
    """
    shares: dict[str, bytes] = {}
    for person, share in acts:
        if person in shares:
            raise Refused("same_opener_twice", person=person)
        shares[person] = accept_share(manifest, person, share)
    if len(shares) < manifest.threshold:
        raise Refused("too_few_openers", count=len(shares), threshold=manifest.threshold)
    places = {share.opener.person: place for place, share in enumerate(manifest.shares)}
    present = sorted(shares, key=places.__getitem__)[: manifest.threshold]
    name = _group_name(tuple(places[person] for person in present))
    secret = reduce(_xor, (_pad(shares[person], name) for person in present))
    if public_of(secret) != manifest.key.public:
        raise Refused("event_key_differs")
    return secret


def rehearse(opener: Opener, draw: Draw, seal: Seal) -> Rehearsal:
    """A fresh test value, sealed to the opener; the portal keeps its hash only."""
    value = draw(KEY_BYTES)
    return Rehearsal(opener.person, seal(opener.public, REHEARSAL_TAG + value), _rehearsal_digest(value))


def answer_rehearsal(box: bytes, private: bytes, unseal: Open) -> bytes:
    """What the opener's browser or command sends back. Refuses a box that is no test value."""
    plain = unseal(private, box)
    if not plain.startswith(REHEARSAL_TAG):
        raise Refused("not_a_rehearsal")
    return plain.removeprefix(REHEARSAL_TAG)


def rehearsed(rehearsal: Rehearsal, answer: bytes) -> bool:
    return hmac.compare_digest(_rehearsal_digest(answer), rehearsal.digest)


def missing_rehearsals(openers: Iterable[Opener], done: Iterable[str]) -> tuple[str, ...]:
    """The people who have not opened a test value yet: an event with any of them cannot be published."""
    passed = set(done)
    return tuple(opener.person for opener in openers if opener.person not in passed)


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as it is stored and hashed into the journal."""
    return canonical(
        {
            "format": MANIFEST_FORMAT,
            "event": manifest.key.event,
            "envelope": manifest.key.envelope,
            "public": manifest.key.public.hex(),
            "threshold": manifest.threshold,
            "shares": [
                {
                    "person": share.opener.person,
                    "name": share.opener.name,
                    "public": share.opener.public.hex(),
                    "escrow": share.opener.escrow,
                    "box": share.box.hex(),
                    "digest": share.digest,
                }
                for share in manifest.shares
            ],
        }
    )


def parse_manifest(data: bytes) -> Manifest:
    """Refuses `manifest_damaged`, and openers that `check_openers` refuses."""
    try:
        plain = from_canonical(data)
        shares = tuple(_sealed_share(share) for share in plain["shares"])
        key = EventKey(plain["event"], plain["envelope"], bytes.fromhex(plain["public"]))
        manifest = Manifest(key, plain["threshold"], shares)
        if manifest_bytes(manifest) != data or type(manifest.threshold) is not int:
            raise ValueError("another form")
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Refused("manifest_damaged") from None
    check_openers((share.opener for share in manifest.shares), manifest.threshold)
    return manifest


def share_digest(share: bytes) -> str:
    return hashlib.sha256(SHARE_TAG + share).hexdigest()


def _rehearsal_digest(value: bytes) -> str:
    return hashlib.sha256(REHEARSAL_TAG + value).hexdigest()


def _share_bytes(key: EventKey, person: str, pads: Mapping[str, bytes]) -> bytes:
    plain = {group: pad.hex() for group, pad in pads.items()}
    return canonical({"event": key.event, "envelope": key.envelope, "person": person, "pads": plain})


def _pad(share: bytes, group: str) -> bytes:
    return bytes.fromhex(from_canonical(share)["pads"][group])


def _sealed_share(plain: Mapping[str, Any]) -> SealedShare:
    opener = Opener(plain["person"], plain["name"], bytes.fromhex(plain["public"]), plain["escrow"])
    return SealedShare(opener, bytes.fromhex(plain["box"]), plain["digest"])


def _group_name(group: tuple[int, ...]) -> str:
    return ",".join(map(str, group))


def _xor(left: bytes, right: bytes) -> bytes:
    return (int.from_bytes(left, "big") ^ int.from_bytes(right, "big")).to_bytes(len(left), "big")
